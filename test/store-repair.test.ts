import { describe, expect, test } from "vitest";
import type { Request } from "../src/request.ts";
import { runStoreCommand } from "../src/store-command.ts";
import type { Fault, MemoryDisk } from "./setup/memorydisk.ts";
import { finish, next, november, open, pending, putOne, setClock } from "./setup/storekit.ts";

async function run(disk: MemoryDisk, verb: string): Promise<{ code: number; says: string }> {
  const said: string[] = [];
  const out = (line: string) => void said.push(line);
  const code = await runStoreCommand([verb], { disk, clock: setClock(november + 1000), out, sealer: null });
  return { code, says: said.join("\n") };
}

function running(id: string): Request {
  const started = { n: 1, startedAt: november, startedBy: { team: "T1", user: "U2" }, steps: [] };
  return next(pending(id), { status: "running", attempts: [started] });
}

/** `ra` runs, `rb` is pending, `rz` is finished; what happened last stands in the log or, with a small one, in a snapshot. */
async function used(logMaxBytes: number): Promise<MemoryDisk> {
  const first = await open();
  await finish(first.store, "rz");
  await putOne(first.store, pending("ra"));
  await putOne(first.store, running("ra"));
  await first.store.close();
  const second = await open(first.disk.reopen(), { logMaxBytes });
  await putOne(second.store, pending("rb"));
  await putOne(second.store, next(pending("rb")));
  await second.store.close();
  return second.disk.reopen();
}

function newest(disk: MemoryDisk, kind: string): string {
  const names = disk.names().filter((name) => name.startsWith(kind));
  return names.at(-1) ?? "";
}

function changed(name: string, change: (all: Buffer) => Uint8Array) {
  return (disk: MemoryDisk) => disk.poke(name, change(disk.peek(name)));
}

/** What was stored last. */
function unreadable(all: Buffer): Uint8Array {
  const at = all.lastIndexOf('"put":[{');
  return at < 0 ? all.subarray(0, 0) : all.fill("?", at, at + 8);
}

const rubbish = Buffer.from(`${"no line of any chain\n".repeat(40)}nor this`);
const harms: readonly { says: string; harm: (disk: MemoryDisk) => void; lost: boolean }[] = [
  { says: "a log is gone", harm: (disk) => disk.poke(newest(disk, "log"), null), lost: true },
  {
    says: "a change is unreadable",
    harm: (disk) => changed(newest(disk, "log"), unreadable)(disk),
    lost: true,
  },
  { says: "the mark is gone", harm: (disk) => disk.poke("store.json", null), lost: false },
  { says: "the audit is gone", harm: (disk) => disk.poke("audit-2026-11.jsonl", null), lost: false },
  { says: "the archive is cut", harm: changed("archive-2026-11.jsonl", (all) => all.subarray(0, 60)), lost: false },
  { says: "the audit ends early", harm: changed("audit-2026-11.jsonl", (all) => all.subarray(0, 900)), lost: false },
  { says: "the audit is rubbish", harm: changed("audit-2026-11.jsonl", () => rubbish), lost: false },
  { says: "a later month is rubbish", harm: (disk) => disk.poke("audit-2026-12.jsonl", rubbish), lost: false },
];

/** What the audit says happened, but for what a repair did, which each try says anew. */
function audited(disk: MemoryDisk): readonly string[] {
  const lines = disk.peek("audit-2026-11.jsonl").toString().trim().split("\n");
  const told = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return told
    .filter(({ rule }) => rule !== "repair")
    .map(({ request, revision, to }) => `${request} ${revision} ${to}`);
}

/** What stands of the requests once a repair has gone through, and what the audit says of them. */
async function mended(disk: MemoryDisk): Promise<readonly unknown[]> {
  expect((await run(disk, "repair")).code).toBe(0);
  expect((await run(disk, "check")).says).toMatch(/The store is whole\.$/);
  const { store } = await open(disk);
  const found = [
    (await store.get("ra"))?.status,
    (await store.get("rb"))?.status,
    (await store.get("rz"))?.status,
    audited(disk),
  ];
  await putOne(store, pending("rd"));
  await store.close();
  expect((await run(disk.reopen({ power: "lost" }), "check")).says).toMatch(/The store is whole\.$/);
  return found;
}

describe("a repair that ends in the middle is made good by the next one", () => {
  const ends: readonly { says: string; fault: Fault; power: "kept" | "lost" }[] = [
    { says: "killed before", fault: { crash: "before" }, power: "kept" },
    { says: "killed after", fault: { crash: "after" }, power: "kept" },
    { says: "killed within", fault: { crash: "torn" }, power: "kept" },
    { says: "without power before", fault: { crash: "before" }, power: "lost" },
    { says: "without power after", fault: { crash: "after" }, power: "lost" },
  ];
  const rows = [1, 1_000_000].flatMap((logMaxBytes) => harms.map((each) => ({ ...each, logMaxBytes })));
  test.each(rows)("where $says, with logs of $logMaxBytes bytes", async ({ harm, lost, logMaxBytes }) => {
    const whole = await used(logMaxBytes);
    const harmed = () => {
      const disk = whole.reopen();
      harm(disk);
      return disk.reopen();
    };
    const once = harmed();
    const wanted = await mended(once);
    expect(wanted[0] === "running").toBe(!lost);
    const tried = harmed();
    await run(tried, "repair");
    const calls = tried.calls.length;
    for (const { says, fault, power } of ends) {
      for (let n = 1; n <= calls; n += 1) {
        const disk = harmed();
        disk.fault = (call) => (call.n === n ? fault : null);
        await Promise.race([run(disk, "repair"), disk.crashed]);
        expect(
          await mended(disk.reopen({ power })),
          `${says} call ${n}, ${disk.calls.at(-1)?.op} ${disk.calls.at(-1)?.name}`,
        ).toEqual(wanted);
      }
    }
  });
});
