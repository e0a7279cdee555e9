import { describe, expect, it } from "vitest";
import { runStoreCommand } from "../src/store-command.ts";
import { frame, scan } from "../src/store-frames.ts";
import { type Call, type Fault, type MemoryDisk, memoryDisk } from "./setup/memorydisk.ts";
import { finish, next, open, pending, putOne, setClock, whyNot } from "./setup/storekit.ts";

/** A store that was in use: two snapshots, a log, an audit and an archive; `ra` to `rd` are open. */
async function used(): Promise<MemoryDisk> {
  const { store, disk } = await open(memoryDisk(), { logMaxBytes: 5_000 });
  await putOne(store, pending("ra"));
  await finish(store, "rz");
  await putOne(store, pending("rb"));
  for (let n = 0, request = pending("ra"); n < 4; n += 1) {
    request = next(request);
    await putOne(store, request);
  }
  await store.close();
  const again = await open(disk.reopen());
  for (const id of ["rc", "rd"]) await putOne(again.store, pending(id));
  await again.store.close();
  return again.disk.reopen();
}

function newest(disk: MemoryDisk, kind: "log" | "snapshot"): string {
  const names = disk.names().filter((name) => name.startsWith(kind));
  return names.sort((one, other) => Number(one.split("-")[1]) - Number(other.split("-")[1])).at(-1) ?? "";
}

function flip(disk: MemoryDisk, name: string, bit: number): void {
  const bytes = disk.peek(name);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  disk.poke(name, bytes);
}

describe("what is missing or damaged", () => {
  const cases: { says: string; harm: (disk: MemoryDisk) => void; expected: RegExp }[] = [
    { says: "the mark", harm: (disk) => disk.poke("store.json", null), expected: /store\.json is missing, though/ },
    {
      says: "an empty mark",
      harm: (disk) => disk.poke("store.json", Buffer.alloc(0)),
      expected: /store\.json cannot be read/,
    },
    {
      says: "every snapshot",
      harm: (disk) => {
        for (const name of disk.names()) if (name.startsWith("snapshot")) disk.poke(name, null);
      },
      expected: /There is no snapshot, though this data directory has been in use/,
    },
    {
      says: "the newest log",
      harm: (disk) => disk.poke(newest(disk, "log"), null),
      expected: /log-\d+ is missing/,
    },
    {
      says: "the newest snapshot with its log",
      harm: (disk) => {
        disk.poke(newest(disk, "log"), null);
        disk.poke(newest(disk, "snapshot"), null);
      },
      expected: /log-\d+ is missing/,
    },
    {
      says: "an emptied log",
      harm: (disk) => disk.poke(newest(disk, "log"), Buffer.alloc(0)),
      expected: /has no readable beginning/,
    },
    {
      says: "a log that lost its last changes, which the audit knows",
      harm: (disk) => {
        const bytes = disk.peek(newest(disk, "log"));
        const end = bytes.lastIndexOf("\n", bytes.length - 2);
        disk.poke(newest(disk, "log"), bytes.subarray(0, end + 1));
      },
      expected: /audit-2026-11\.jsonl holds lines that the log does not know/,
    },
    {
      says: "the audit",
      harm: (disk) => disk.poke("audit-2026-11.jsonl", null),
      expected: /audit-2026-11\.jsonl is missing/,
    },
    {
      says: "the archive",
      harm: (disk) => disk.poke("archive-2026-11.jsonl", null),
      expected: /archive-2026-11\.jsonl is missing/,
    },
    {
      says: "an audit cut short",
      harm: (disk) => disk.poke("audit-2026-11.jsonl", disk.peek("audit-2026-11.jsonl").subarray(0, 300)),
      expected: /audit-2026-11\.jsonl is \d+ bytes shorter than it was/,
    },
    {
      says: "an audit in which somebody wrote",
      harm: (disk) => {
        const text = disk.peek("audit-2026-11.jsonl").toString().replace('"to":"withdrawn"', '"to":"abandoned"');
        disk.poke("audit-2026-11.jsonl", Buffer.from(text));
      },
      expected: /audit-2026-11\.jsonl has been changed: its chain of hashes breaks/,
    },
  ];
  it.each(cases)(
    "$says: the store refuses to start, says what to do, and changes nothing",
    async ({ harm, expected }) => {
      const disk = await used();
      harm(disk);
      const before = disk.names().map((name) => disk.peek(name).toString("latin1"));
      const why = await whyNot(disk);
      expect(why).toMatch(expected);
      expect(why).toMatch(/npm run store -- check.*repair/);
      expect(disk.names().map((name) => disk.peek(name).toString("latin1"))).toEqual(before);
    },
  );

  it("any single flipped bit is refused or made good from the generation before, never a silent loss", async () => {
    const disk = await used();
    const whole = (await open(disk)).store.hot();
    const outcomes = { refused: 0, same: 0 };
    for (const name of [newest(disk, "log"), newest(disk, "snapshot"), "audit-2026-11.jsonl", "store.json"])
      for (let bit = 0; bit < disk.peek(name).length * 8; bit += 149) {
        const hit = disk.reopen();
        flip(hit, name, bit);
        try {
          expect((await open(hit)).store.hot(), `${name} bit ${bit}`).toEqual(whole);
          outcomes.same += 1;
        } catch (error) {
          expect(String(error), `${name} bit ${bit}`).toMatch(/StoreRefused/);
          outcomes.refused += 1;
        }
      }
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.same).toBeGreaterThan(50);
  });

  it("a log cut anywhere within its last write is trimmed there, when the write was never acknowledged", async () => {
    const { store, disk } = await open();
    await putOne(store, pending("ra"));
    const acknowledged = disk.peek("log-1").length;
    const audit = disk.peek("audit-2026-11.jsonl");
    await putOne(store, pending("rb"));
    const bytes = disk.peek("log-1");
    for (let length = acknowledged; length < bytes.length; length += 3) {
      const cut = disk.reopen();
      cut.poke("log-1", bytes.subarray(0, length));
      cut.poke("audit-2026-11.jsonl", audit);
      const again = await open(cut);
      expect(again.store.hot().map(({ id }) => id)).toEqual(["ra"]);
      expect(scan(cut.peek("log-1")).tail).toBe("whole");
      await putOne(again.store, pending("rc"));
      expect((await open(cut.reopen({ power: "lost" }))).store.hot()).toHaveLength(2);
    }
  });

  it("the newest snapshot: the one before it and both logs take its place, and a new one is made", async () => {
    const disk = await used();
    const whole = (await open(disk)).store.hot();
    const hit = disk.reopen();
    flip(hit, newest(hit, "snapshot"), 4000);
    const { store, warned } = await open(hit);
    expect(store.hot()).toEqual(whole);
    expect(warned.join()).toMatch(/a snapshot cannot be read/);
    expect((await open(hit.reopen({ power: "lost" }))).warned).toEqual([]);
  });
});

describe("a change that bears the right checksums, yet is none", () => {
  /** Three versions of `ra` in one log, one of them written otherwise. */
  async function with3(version: 1 | 2 | 3, written: (text: string) => string): Promise<MemoryDisk> {
    const { store, disk } = await open();
    for (let n = 0, request = pending("ra"); n < 3; n += 1, request = next(request)) await putOne(store, request);
    await store.close();
    const texts = scan(disk.peek("log-1")).frames.map((text, n) => (n === version ? written(text) : text));
    disk.poke("log-1", Buffer.concat(texts.map((text) => frame([text]))));
    return disk.reopen();
  }
  async function check(disk: MemoryDisk): Promise<string> {
    const said: string[] = [];
    await runStoreCommand(["check"], { disk, clock: setClock(), out: (line) => void said.push(line), sealer: null });
    return said.join("\n");
  }
  const putting = (records: string) => (text: string) => text.replace(/"put":.*$/s, () => `"put":[${records}]}`);

  const cases: { says: string; written: (text: string) => string }[] = [
    { says: "an end that is missing", written: (text) => text.slice(0, -1) },
    { says: "another word for its records", written: (text) => text.replace('"put":[', '"puts":[') },
    { says: "a record that is cut short", written: (text) => `${text.slice(0, -10)}}]}` },
    { says: "a record that is none", written: putting('"ra"') },
    { says: "a record whose id is none", written: putting('{"v":1,"id":7,"revision":3}') },
    { says: "a record with a second id that is none", written: putting('{"v":1,"id":"ra","id":7}') },
    { says: "one record and a half", written: putting('{"v":1,"id":"ra","revision":3},{"v":1,"id"}') },
  ];
  it.each(cases)("$says: refused by the start and by check, which name it", async ({ written }) => {
    const says = "log-1: the change after 2 is not in the shape of one.";
    expect(await whyNot(await with3(3, written))).toMatch(says);
    expect(await check(await with3(3, written))).toMatch(`WRONG: ${says}`);
  });

  it("a version that a later one replaced is looked at by check alone", async () => {
    const written = putting('{"v":1,"id":"ra","revision":}');
    const { store } = await open(await with3(2, written));
    expect(store.hot()).toEqual([next(next(pending("ra")))]);
    expect(await check(await with3(2, written))).toMatch(
      "WRONG: log-1: the change after 1 is not in the shape of one.",
    );
  });

  it("a record under two ids is the one that it says last, as everywhere in JSON", async () => {
    const record = JSON.stringify(next(next(pending("rb")))).replace('"id":"rb"', '"id":"rx","id":"rb"');
    const { store } = await open(await with3(3, putting(record)));
    expect(store.hot().map(({ id }) => id)).toEqual(["ra", "rb"]);
  });
});

describe("records of another version", () => {
  const old = { ...pending("ra"), v: 0, why: "the disk is corrupt" };
  async function withOld(): Promise<MemoryDisk> {
    const { disk } = await open();
    const { frame } = await import("../src/store-frames.ts");
    const { reason: _, ...record } = old;
    const line = frame([JSON.stringify({ n: 1, audit: [], archive: [], put: [record] })]);
    disk.poke("log-1", Buffer.concat([disk.peek("log-1"), line]));
    return disk.reopen();
  }

  it("that are older are brought up to date when read", async () => {
    const disk = await withOld();
    const migrations = {
      0: ({ why, ...record }: Readonly<Record<string, unknown>>) => ({ ...record, v: 1, reason: why }),
    };
    const { store } = await open(disk, { migrations });
    expect(store.hot()).toEqual([pending("ra")]);
  });

  it("that no table row leads on from are refused", async () => {
    expect(await whyNot(await withOld())).toMatch(/request ra has version 0, which this program does not know/);
  });
});

describe("a disk that fails", () => {
  const onAppend = ({ op, name }: Call, fault: Fault) => (op === "append" && name.startsWith("log") ? fault : null);
  const faults: { says: string; fault: (call: Call) => Fault | null; expected: RegExp }[] = [
    {
      says: "full",
      fault: (call) => onAppend(call, { error: "ENOSPC" }),
      expected: /the disk is full\. Free some space/,
    },
    {
      says: "full after part of the bytes",
      fault: (call) => onAppend(call, { short: 100, error: "ENOSPC" }),
      expected: /the disk is full\. Free some space/,
    },
    {
      says: "at the limit of a file's size",
      fault: (call) => onAppend(call, { short: 100, error: "EFBIG" }),
      expected: /a file would grow larger than this process or this disk allows\. Raise the limit \(`ulimit -f`/,
    },
    { says: "read-only", fault: (call) => onAppend(call, { error: "EROFS" }), expected: /mounted read-only/ },
    {
      says: "failing at the sync",
      fault: ({ op, name }) => (op === "sync" && name.startsWith("log") ? { error: "EIO" } : null),
      expected: /input\/output error/,
    },
  ];
  it.each(faults)(
    "$says: the process ends with a sentence, nobody is answered, and the next start is whole",
    async (each) => {
      const { store, disk, died } = await open();
      await putOne(store, pending("ra"));
      disk.fault = each.fault;
      const answers: string[] = [];
      const tell = () => answers.push("answered");
      store.change(() => ({ put: [pending("rb")], give: null })).then(tell, tell);
      store.change((records) => ({ put: [], give: records.get("rb") })).then(tell, tell);
      expect(await died).toMatch(each.expected);
      expect(await died).toMatch(/everything acknowledged is stored; what was just being saved may or may not be/);
      store.change(() => ({ put: [], give: null })).then(tell, tell);
      await new Promise((resolve) => setImmediate(resolve));
      expect(answers).toEqual([]);
      expect(store.hot().map(({ id }) => id)).toEqual(["ra"]);
      const again = (await open(disk.reopen({ power: "kept" }))).store;
      expect(again.hot()[0]).toEqual(pending("ra"));
      await putOne(again, pending("rc"));
    },
  );

  it.each([
    { code: "EACCES", expected: /this user may not use the data directory/ },
    { code: "EROFS", expected: /mounted read-only/ },
    { code: "ENOSPC", expected: /the disk is full/ },
  ])(
    "with $code at the first start refuses to open in plain words, and lets go of the lock",
    async ({ code, expected }) => {
      const disk = memoryDisk();
      disk.fault = ({ op }) => (op === "replace" ? { error: code } : null);
      expect(await whyNot(disk)).toMatch(expected);
      disk.fault = () => null;
      expect(await whyNot(disk)).toBe("it opened");
    },
  );
});
