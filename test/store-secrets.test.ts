import { describe, expect, it } from "vitest";
import { sealer } from "../src/seal.ts";
import { Secret } from "../src/secret.ts";
import { runStoreCommand } from "../src/store-command.ts";
import { type MemoryDisk, memoryDisk } from "./setup/memorydisk.ts";
import { next, november, open, pending, putOne, setClock, withdrawn } from "./setup/storekit.ts";

let count = 0;
function random(n: number): Uint8Array {
  count += 1;
  return Buffer.alloc(n, count);
}
const one = { id: "one", key: Buffer.alloc(32, 1).toString("base64") };
const two = { id: "two", key: Buffer.alloc(32, 2).toString("base64") };
const bound = { request: "ra", server: "s", image: "i", requester: "T1/U1" };
const sealed = sealer({ keys: { current: one, older: [] }, random }).seal(new Secret("canary-password"), bound);
const sealedRequest = pending("ra", { sealed });

function holding(disk: MemoryDisk, text: string): string[] {
  return disk.names().filter((name) => disk.peek(name).includes(text));
}
async function settled(): Promise<void> {
  for (let n = 0; n < 200; n += 1) await null;
}

describe("a password that is no longer needed", () => {
  it("is in no file a few seconds after the change that dropped it, while other requests go on", async () => {
    const { store, disk, clock } = await open();
    await putOne(store, sealedRequest);
    await putOne(store, pending("rb"));
    expect(holding(disk, sealed.wrapped)).not.toEqual([]);
    await putOne(store, withdrawn(sealedRequest));
    clock.set(november + 5_000);
    await settled();
    expect(holding(disk, sealed.wrapped)).toEqual([]);
    expect(holding(disk, sealed.box)).toEqual([]);
    expect((await open(disk.reopen({ power: "lost" }))).store.hot()).toHaveLength(2);
    expect(disk.names().filter((name) => name.startsWith("snapshot"))).toHaveLength(2);
  });

  it("is in no file once the store is closed, when it was dropped just before", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    await putOne(store, withdrawn(sealedRequest));
    await store.close();
    expect(holding(disk, sealed.wrapped)).toEqual([]);
  });

  it("never reaches the archive, and leaves the files with a retired request that still had it", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    const { secret } = sealedRequest;
    await putOne(store, { ...withdrawn(sealedRequest), ...(secret === undefined ? {} : { secret }) });
    await store.retire("ra");
    expect((await store.get("ra"))?.secret).toBeUndefined();
    await store.close();
    expect(holding(disk, sealed.wrapped)).toEqual([]);
    expect(holding(disk, sealed.box)).toEqual([]);
  });

  it("leaves the files at the next start, when the process was killed before the rewriting, or at any call of it", async () => {
    let killed = 0;
    for (let n = 0; ; n += 1) {
      const { store, disk, clock } = await open();
      await putOne(store, sealedRequest);
      await putOne(store, withdrawn(sealedRequest));
      const from = disk.calls.length;
      disk.fault = (call) => (call.n === from + n ? { crash: "after" } : null);
      clock.set(november + 5_000);
      await settled();
      if (disk.calls.length < from + n) break;
      killed += 1;
      const again = await open(disk.reopen({ power: "kept" }));
      expect(holding(again.disk, sealed.wrapped), `killed at call ${n}`).toEqual([]);
      expect(again.store.hot()).toHaveLength(1);
    }
    expect(killed).toBeGreaterThan(10);
  });

  it("stays as long as a record has it, through snapshots and other changes", async () => {
    const { store, disk, clock } = await open(memoryDisk(), { logMaxBytes: 3_000 });
    await putOne(store, sealedRequest);
    for (let n = 0, request = pending("rb"); n < 10; n += 1) {
      await putOne(store, request);
      request = next(request);
    }
    clock.set(november + 60_000);
    await settled();
    const again = await open(disk.reopen({ power: "lost" }));
    expect((await again.store.get("ra"))?.secret?.sealed).toEqual(sealed);
  });
});

describe("npm run store -- rewrap", () => {
  it("puts every password under the current key, and the old wrapping is in no file", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    await putOne(store, pending("rb"));
    await store.close();
    const after = disk.reopen();
    const said: string[] = [];
    const rotated = sealer({ keys: { current: two, older: [one] }, random });
    const tools = { disk: after, clock: setClock(), out: (line: string) => void said.push(line) };
    expect(await runStoreCommand(["rewrap"], { ...tools, sealer: rotated })).toBe(0);
    expect(said.join("\n")).toMatch(/^1 sealed passwords were put under the current key/);
    expect(holding(after, sealed.wrapped)).toEqual([]);
    const again = (await open(after.reopen())).store;
    const kept = (await again.get("ra"))?.secret?.sealed;
    const newOnly = sealer({ keys: { current: two, older: [] }, random });
    expect(kept && newOnly.open(kept, bound).open()).toBe("canary-password");
  });

  it("says so when no key is configured, and when a key is missing", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    await store.close();
    const said: string[] = [];
    const tools = { disk: disk.reopen(), clock: setClock(), out: (line: string) => void said.push(line) };
    expect(await runStoreCommand(["rewrap"], { ...tools, sealer: null })).toBe(1);
    const newOnly = sealer({ keys: { current: two, older: [] }, random });
    expect(await runStoreCommand(["rewrap"], { ...tools, sealer: newOnly })).toBe(1);
    expect(said).toEqual([
      "No sealing key is configured, so there is nothing to put passwords under.",
      'The password was sealed with the key "one", which is not configured. Add it to the older keys.',
    ]);
  });

  it("ends with 1 and says why when the disk is full, so that nobody takes the old key away", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    await store.close();
    const rotated = sealer({ keys: { current: two, older: [one] }, random });
    for (const op of ["append", "replace"]) {
      const full = disk.reopen();
      full.fault = (call) => (call.op === op ? { error: "ENOSPC" } : null);
      const said: string[] = [];
      const tools = { disk: full, clock: setClock(), out: (line: string) => void said.push(line) };
      expect(await runStoreCommand(["rewrap"], { ...tools, sealer: rotated })).toBe(1);
      expect(said).toEqual([expect.stringMatching(/^The store could not save a change: the disk is full/)]);
    }
  });

  it("that is killed anywhere is made good by the next one: the old wrapping is in no file then either", async () => {
    const { store, disk } = await open();
    await putOne(store, sealedRequest);
    await store.close();
    const tools = {
      clock: setClock(),
      out: () => {},
      sealer: sealer({ keys: { current: two, older: [one] }, random }),
    };
    const tried = disk.reopen();
    await runStoreCommand(["rewrap"], { ...tools, disk: tried });
    for (const crash of ["before", "after", "torn"] as const) {
      for (let n = 1; n <= tried.calls.length; n += 1) {
        const whole = memoryDisk();
        for (const name of disk.names()) whole.poke(name, disk.peek(name));
        whole.fault = (call) => (call.n === n ? { crash } : null);
        await Promise.race([runStoreCommand(["rewrap"], { ...tools, disk: whole }), whole.crashed]);
        const after = whole.reopen();
        expect(await runStoreCommand(["rewrap"], { ...tools, disk: after })).toBe(0);
        expect(
          holding(after, sealed.wrapped),
          `${crash} call ${n}, ${whole.calls.at(-1)?.op} ${whole.calls.at(-1)?.name}`,
        ).toEqual([]);
      }
    }
  });
});
