import { describe, expect, it } from "vitest";
import { memoryDisk } from "./setup/memorydisk.ts";
import { finish, november, open, pending, putOne, setClock, withdrawn } from "./setup/storekit.ts";

describe("the audit", () => {
  it("has a line for every change, in order, each with the hash over the one before and its own bytes", async () => {
    const { store, disk } = await open();
    const request = pending("ra");
    await store.change(() => ({ put: [request], give: null, by: "T1/U1", rule: "default", shown: "d1" }));
    await putOne(store, withdrawn(request));
    await store.close();
    const text = disk.peek("audit-2026-11.jsonl").toString();
    expect(text).toMatchInlineSnapshot(`
      "{"at":1795230000000,"seq":1,"request":"ra","revision":1,"from":null,"to":"pending","by":"T1/U1","rule":"default","shown":"d1","hash":"3a31f2d7b8e51e2e6f68689892f4225c43923fe6f196b8e7c7ab0cca2e0623bb"}
      {"at":1795230000000,"seq":2,"request":"ra","revision":2,"from":"pending","to":"withdrawn","by":null,"rule":null,"shown":null,"hash":"566ff47b36d5991751a4cc0e0cc607de2d664fcb01c4e1073d917ddaa3c276bd"}
      "
    `);
    expect(disk.reopen({ power: "lost" }).peek("audit-2026-11.jsonl").toString()).toBe(text);
  });

  it("goes on in a new file each month, and the chain with it", async () => {
    const clock = setClock(Date.UTC(2026, 10, 30));
    const { store, disk } = await open(memoryDisk(), { clock });
    await putOne(store, pending("ra"));
    clock.set(Date.UTC(2026, 11, 1));
    await putOne(store, pending("rb"));
    await store.close();
    expect(disk.names().filter((name) => name.startsWith("audit"))).toEqual([
      "audit-2026-11.jsonl",
      "audit-2026-12.jsonl",
    ]);
    expect(disk.peek("audit-2026-12.jsonl").toString()).toMatch(/"seq":2,"request":"rb"/);
    expect((await open(disk.reopen({ power: "lost" }), { clock })).store.hot()).toHaveLength(2);
  });

  it("has the lines of a burst a second after its first one, in one write", async () => {
    const { store, disk, clock } = await open();
    const writes = () => disk.calls.filter(({ op, name }) => op === "append" && name.startsWith("audit")).length;
    for (const id of ["ra", "rb", "rc"]) await putOne(store, pending(id));
    expect(writes()).toBe(0);
    clock.set(november + 1_000);
    for (const id of ["rd", "re"]) await putOne(store, pending(id));
    expect(writes()).toBe(1);
    expect(disk.peek("audit-2026-11.jsonl").toString()).toMatch(/^(?:.*"request":"r[abc]".*\n){3}/);
  });

  it("has them too when their second ends while others are copied for being many", async () => {
    const { store, disk, clock } = await open();
    await finish(store, "ra");
    disk.fault = ({ op, name }) => {
      if (op === "append" && name.startsWith("audit")) clock.set(november + 1_000);
      return null;
    };
    for (let n = 0; n < 600 && !disk.names().includes("audit-2026-11.jsonl"); n += 1)
      await putOne(store, pending(`r${n}`));
    for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
    expect(disk.peek("archive-2026-11.jsonl").toString()).toMatch(/"id":"ra"/);
  });

  it("has them sooner where they are many", async () => {
    const { store, disk } = await open();
    for (let n = 0; n < 400; n += 1) await putOne(store, pending(`r${n}`));
    const { length } = disk.peek("audit-2026-11.jsonl");
    expect(length).toBeGreaterThan(64 * 1024);
    expect(length).toBeLessThan(96 * 1024);
  });

  it("is copied again from the log, neither twice nor with a gap, wherever the copy was cut", async () => {
    const { store, disk } = await open();
    for (const id of ["ra", "rb", "rc"]) await putOne(store, pending(id));
    await store.close();
    const whole = disk.peek("audit-2026-11.jsonl");
    for (let length = 0; length <= whole.length; length += 7) {
      const cut = disk.reopen();
      cut.poke("audit-2026-11.jsonl", length === 0 ? null : whole.subarray(0, length));
      await open(cut);
      expect(cut.peek("audit-2026-11.jsonl").equals(whole)).toBe(true);
    }
  });

  it.each(["\u2028", "\u2029", "\r\n", "\u0000", "\u0085", "\ufeff", "\ud83d", "😀"])(
    "and the archive are read again whatever stands in a reason: %j",
    async (odd) => {
      const { store, disk } = await open();
      const request = pending("ra", { reason: `one${odd}two` });
      await putOne(store, request);
      await putOne(store, withdrawn(request));
      await store.retire("ra");
      const killed = await open(disk.reopen());
      expect((await killed.store.get("ra"))?.reason).toBe(`one${odd}two`);
      await killed.store.close();
      const again = await open(killed.disk.reopen(), { finishedMax: 0 });
      expect((await again.store.get("ra"))?.reason).toBe(`one${odd}two`);
    },
  );

  it("keeps the milliseconds it was given", async () => {
    const { store, disk } = await open(memoryDisk(), { clock: setClock(november + 7) });
    await putOne(store, pending("ra"));
    await store.close();
    expect(disk.peek("audit-2026-11.jsonl").toString()).toContain(`{"at":${november + 7},"seq":1,`);
  });
});
