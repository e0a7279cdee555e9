import { describe, expect, it } from "vitest";
import type { Request } from "../src/request.ts";
import type { Store } from "../src/storeport.ts";
import { type MemoryDisk, memoryDisk, type Reopening } from "./setup/memorydisk.ts";
import { next, november, open, pending, putOne, setClock, withdrawn } from "./setup/storekit.ts";

/** A small log, so that the history goes through several snapshots. */
const small = { logMaxBytes: 6_000, shredAfterMs: 0 };
const sealed = { keyId: "1", wrapped: "d3JhcHBlZC1rZXk=", iv: "aXY=", box: "c2VhbGVkLWJveA==" };

/** What was acknowledged: the least that must be there, by id. */
type Acknowledged = Map<string, Request>;

/** Creates, changes, closes and retires requests of three servers, with a secret now and then. */
async function history(store: Store, acknowledged: Acknowledged): Promise<void> {
  for (let n = 0; n < 6; n += 1) {
    const ids = ["a", "b"].map((letter) => `r${letter}${n}`);
    const first = ids.map((id) => pending(id, n % 2 === 0 ? { sealed } : {}));
    await store.change(() => ({ put: first, give: null }));
    for (const request of first) acknowledged.set(request.id, request);
    const [a, b] = first.map((request) => next(request, { reason: "second thoughts" }));
    if (a === undefined || b === undefined) return;
    await Promise.all([putOne(store, a), putOne(store, b)]);
    acknowledged.set(a.id, a).set(b.id, b);
    if (n === 5) continue;
    const closed = withdrawn(a);
    await putOne(store, closed);
    acknowledged.set(a.id, closed);
    await store.retire(a.id);
  }
  await store.close();
}

/** Plays the history with a crash at call `n`; false when it ended before. */
async function crashAt(n: number, crash: "before" | "after" | "torn", disk: MemoryDisk): Promise<Acknowledged | null> {
  const acknowledged: Acknowledged = new Map();
  disk.fault = (call) => (call.n === n ? { crash } : null);
  const ended = open(disk, small).then(({ store }) => history(store, acknowledged));
  const how = await Promise.race([ended.then(() => "ended"), disk.crashed.then(() => "crashed")]);
  return how === "ended" ? null : acknowledged;
}

async function expectKept(disk: MemoryDisk, acknowledged: Acknowledged): Promise<void> {
  const { store } = await open(disk, small);
  for (const request of acknowledged.values()) {
    const found = await store.get(request.id);
    expect(found?.revision, `${request.id} after ${disk.calls.length} calls`).toBeGreaterThanOrEqual(request.revision);
    if (found?.revision === request.revision) expect(found).toEqual(request);
  }
  for (const letter of ["a", "b"])
    for (let n = 0; n < 6; n += 1) {
      const [one, other] = [await store.get(`ra${n}`), await store.get(`rb${n}`)];
      expect(one === null, `both of ${letter}${n} or none`).toBe(other === null);
    }
  await store.close();
}

describe("whenever the process ends", () => {
  const endings: { says: string; crash: "before" | "after" | "torn"; how: Reopening }[] = [
    { says: "killed before a call", crash: "before", how: { power: "kept" } },
    { says: "killed within an append", crash: "torn", how: { power: "kept" } },
    { says: "killed after a call", crash: "after", how: { power: "kept" } },
    { says: "with the power, nothing unsynced left", crash: "after", how: { power: "lost" } },
    {
      says: "with the power, half of what was unsynced left",
      crash: "after",
      how: { power: "lost", keep: (_, n) => n >> 1 },
    },
    {
      says: "with the power, zeros where bytes should be",
      crash: "after",
      how: { power: "lost", keep: (_, n) => n, zeros: true },
    },
  ];
  it.each(endings)("$says: every acknowledged change is there, and none by half", async ({ crash, how }) => {
    let crashes = 0;
    for (let n = 1; ; n += 1) {
      const disk = memoryDisk();
      const acknowledged = await crashAt(n, crash, disk);
      if (acknowledged === null) break;
      crashes += 1;
      await expectKept(disk.reopen(how), acknowledged);
    }
    expect(crashes).toBeGreaterThan(120);
  });

  it("killed again at every call of the start after it, the next start finds all the same", async () => {
    const acknowledged: Acknowledged = new Map();
    const first = memoryDisk();
    first.fault = ({ op, name }) => (op === "replace" && name === "snapshot-4" ? { crash: "before" } : null);
    void open(first, small).then(({ store }) => history(store, acknowledged));
    await first.crashed;
    for (let n = 1; ; n += 1) {
      const second = first.reopen({ power: "lost", keep: (_, unsynced) => unsynced >> 1 });
      second.fault = (call) => (call.n === n ? { crash: "after" } : null);
      const started = await Promise.race([open(second, small).then(() => true), second.crashed.then(() => false)]);
      await expectKept(second.reopen({ power: "lost" }), acknowledged);
      if (started) break;
    }
  });

  it("killed with bytes only in the page cache, the next start makes them durable before anybody is told of them", async () => {
    const disk = memoryDisk();
    disk.fault = ({ op, name, n }) => (op === "sync" && name === "log-1" && n > 5 ? { crash: "before" } : null);
    const { store } = await open(disk);
    void putOne(store, pending("ra"));
    await disk.crashed;
    const second = disk.reopen({ power: "kept" });
    expect((await open(second)).store.hot()).toHaveLength(1);
    expect((await open(second.reopen({ power: "lost" }))).store.hot()).toHaveLength(1);
  });
});

describe("the clock", () => {
  it("set back never takes the audit back: its times stand still, and its numbers go on", async () => {
    const clock = setClock();
    const { store, disk } = await open(memoryDisk(), { clock });
    await putOne(store, pending("ra"));
    clock.set(november - 3_600_000);
    await putOne(store, pending("rb"));
    await store.close();
    clock.set(november - 7_200_000);
    const again = await open(disk.reopen(), { clock });
    await putOne(again.store, pending("rc"));
    clock.set(november + 1000);
    await putOne(again.store, pending("rd"));
    await again.store.close();
    const lines = again.disk.peek("audit-2026-11.jsonl").toString().trim().split("\n");
    const read = lines.map((line): { at: number; seq: number } => JSON.parse(line));
    expect(read.map(({ at, seq }) => [at, seq])).toEqual([
      [november, 1],
      [november, 2],
      [november, 3],
      [november + 1000, 4],
    ]);
  });
});
