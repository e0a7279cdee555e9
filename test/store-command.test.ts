import { describe, expect, it } from "vitest";
import type { Request } from "../src/request.ts";
import { runStoreCommand } from "../src/store-command.ts";
import { type MemoryDisk, memoryDisk } from "./setup/memorydisk.ts";
import { finish, next, november, open, pending, putOne, setClock, whyNot } from "./setup/storekit.ts";

async function run(disk: MemoryDisk, ...args: string[]): Promise<{ code: number; says: string }> {
  const said: string[] = [];
  const out = (line: string) => void said.push(line);
  const code = await runStoreCommand(args, { disk, clock: setClock(november + 1000), out, sealer: null });
  return { code, says: said.join("\n") };
}

function running(id: string): Request {
  const started = { n: 1, startedAt: november, startedBy: { team: "T1", user: "U2" }, steps: [] };
  return next(pending(id), { status: "running", attempts: [started] });
}

/** `ra` runs, `rb` is pending, `rz` is finished; all in log-1. */
async function used(): Promise<MemoryDisk> {
  const { store, disk } = await open();
  await finish(store, "rz");
  await putOne(store, pending("ra"));
  await putOne(store, running("ra"));
  await putOne(store, pending("rb"));
  await putOne(store, next(pending("rb")));
  await store.close();
  return disk.reopen();
}

function hit(disk: MemoryDisk, text: string): void {
  const bytes = disk.peek("log-1");
  const at = bytes.lastIndexOf(text);
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  disk.poke("log-1", bytes);
}

function newestLog(disk: MemoryDisk): string {
  return (
    disk
      .names()
      .filter((name) => name.startsWith("log"))
      .at(-1) ?? ""
  );
}

describe("npm run store -- check", () => {
  it("says what a whole store holds", async () => {
    expect(await run(await used(), "check")).toMatchInlineSnapshot(`
      {
        "code": 0,
        "says": "7 changes, 2 open requests, 0 closed ones not yet put away.
      audit: 6 lines, the chain of hashes holds.
      archive: 1 lines, the chain of hashes holds.
      The store is whole.",
      }
    `);
  });

  it("says that a new directory is new", async () => {
    expect(await run(memoryDisk(), "check")).toMatchInlineSnapshot(`
      {
        "code": 0,
        "says": "There is no store here yet: the data directory is new.",
      }
    `);
  });

  it("names damage, changes nothing and ends with 1", async () => {
    const disk = await used();
    hit(disk, '"put":[{"v":1,"id":"ra"');
    const before = disk.peek("log-1");
    const { code, says } = await run(disk, "check");
    expect(code).toBe(1);
    expect(says).toMatch(/WRONG: log-1 is damaged at byte \d+, where 2 good changes follow the damaged bytes\./);
    expect(disk.peek("log-1").equals(before)).toBe(true);
  });

  it("goes through the whole chain, beyond what a start looks at", async () => {
    const { store, disk } = await open(memoryDisk(), { logMaxBytes: 10_000 });
    let request = pending("ra");
    for (let n = 0; n < 900; n += 1) {
      await putOne(store, request);
      request = next(request);
    }
    await store.close();
    const after = disk.reopen();
    const text = after.peek("audit-2026-11.jsonl").toString().replace('"revision":3,', '"revision":4,');
    after.poke("audit-2026-11.jsonl", Buffer.from(text));
    expect(await whyNot(after)).toBe("it opened");
    const { code, says } = await run(after.reopen(), "check");
    expect(code).toBe(1);
    expect(says).toMatch(/WRONG: audit-2026-11\.jsonl line 3 does not carry the hash that follows/);
  });

  it("is refused while the bot runs", async () => {
    const { disk } = await open();
    const { code, says } = await run(disk, "check");
    expect(code).toBe(1);
    expect(says).toMatch(/Another process already works.*must not run during `check`/);
  });
});

describe("npm run store -- repair", () => {
  it("changes nothing in a whole store", async () => {
    const disk = await used();
    expect(await run(disk, "repair")).toEqual({ code: 0, says: "The store is whole; nothing was changed." });
  });

  it("keeps what stands before the damage, and lets nothing act on what may be out of date", async () => {
    const disk = await used();
    hit(disk, '"put":[{"v":1,"id":"rb"');
    const damaged = disk.peek("log-1");
    const { code, says } = await run(disk, "repair");
    expect(code).toBe(0);
    expect(says).toMatchInlineSnapshot(`
      "audit-2026-11.jsonl holds lines that the log does not know: a log file was removed or exchanged.
      log-1 is damaged at byte 7724, where a change had been stored whole and is now unreadable.
      log-1 is kept as it was in damaged-log-1.
      Every change after number 6 is lost.
      Lost changes are known for: rb.
      ra is now unsure: nobody can say what became of it after revision 2.
      rb is now expired: nobody can say what became of it after revision 1.
      The store is repaired. Start the bot, and delete the damaged-… files once nobody needs them: they may hold sealed passwords."
    `);
    expect(disk.peek("damaged-log-1").equals(damaged)).toBe(true);
    expect((await run(disk, "check")).says).toMatch(/The store is whole\.$/);
    const { store } = await open(disk);
    expect((await store.get("ra"))?.status).toBe("unsure");
    expect((await store.get("rz"))?.status).toBe("withdrawn");
    await putOne(store, pending("rc"));
    await store.close();
    expect((await run(disk.reopen(), "check")).says).toMatch(/The store is whole\.$/);
  });

  const others: { says: string; harm: (disk: MemoryDisk) => void; lost: boolean }[] = [
    { says: "without its log", harm: (disk) => disk.poke(newestLog(disk), null), lost: true },
    { says: "without its mark", harm: (disk) => disk.poke("store.json", null), lost: false },
    { says: "without its audit", harm: (disk) => disk.poke("audit-2026-11.jsonl", null), lost: false },
    { says: "without its archive", harm: (disk) => disk.poke("archive-2026-11.jsonl", null), lost: false },
    ...["audit", "archive"].flatMap((kind) => {
      const name = `${kind}-2026-11.jsonl`;
      const become = (bytes: (whole: Buffer) => Uint8Array) => (disk: MemoryDisk) =>
        disk.poke(name, bytes(disk.peek(name)));
      const rubbish = Buffer.from(`${"no line of any chain\n".repeat(40)}nor this`);
      return [
        { says: `with rubbish in place of its ${kind}`, harm: become(() => rubbish), lost: false },
        { says: `with its ${kind} cut within the first line`, harm: become((all) => all.subarray(0, 60)), lost: false },
        { says: `with its ${kind} emptied`, harm: become(() => Buffer.alloc(0)), lost: false },
        {
          says: `with rubbish as the ${kind} of a later month`,
          harm: (disk: MemoryDisk) => disk.poke(`${kind}-2026-12.jsonl`, rubbish),
          lost: false,
        },
      ];
    }),
    {
      says: "with an audit that somebody wrote in",
      harm: (disk) => {
        const text = disk.peek("audit-2026-11.jsonl").toString().replace('"to":"running"', '"to":"denied"');
        disk.poke("audit-2026-11.jsonl", Buffer.from(text));
      },
      lost: false,
    },
  ];
  it.each(others)("goes on from a store $says", async ({ harm, lost }) => {
    const first = await open((await used()).reopen(), { logMaxBytes: 1 });
    await putOne(first.store, pending("rc"));
    await first.store.close();
    const harmed = first.disk.reopen();
    harm(harmed);
    expect(await whyNot(harmed)).not.toBe("it opened");
    const disk = harmed.reopen();
    expect((await run(disk, "repair")).code).toBe(0);
    const { store } = await open(disk);
    expect((await store.get("ra"))?.status).toBe(lost ? "unsure" : "running");
    expect((await store.get("rc"))?.status).toBe(lost ? "expired" : "pending");
    await putOne(store, pending("rd"));
    await store.close();
    expect(await whyNot(disk.reopen({ power: "lost" }))).toBe("it opened");
  });

  it("does not pretend to repair a store of which no snapshot can be read", async () => {
    const disk = await used();
    disk.poke("snapshot-1", Buffer.from("?"));
    expect(await run(disk, "repair")).toMatchInlineSnapshot(`
      {
        "code": 1,
        "says": "No snapshot can be read, though this data directory has been in use. That is more than \`repair\` can mend, and nothing was changed. Put back a backup of the whole data directory. If there is none, move the directory away, keep it (the audit trail is in it), and start the bot: it begins with an empty store. Every open request is then lost. The bot no longer watches what it ordered, and a server may still be in the middle of its reinstall: before anybody asks for a server anew, look at it in the cloud's console.",
      }
    `);
  });

  const beyond: { says: string; harm: (disk: MemoryDisk) => void; what: RegExp }[] = [
    {
      says: "without its snapshot",
      harm: (disk) => disk.poke("snapshot-1", null),
      what: /^There is no snapshot, though this data directory has been in use\./,
    },
    {
      says: "without its mark and its snapshot",
      harm: (disk) => {
        for (const name of ["store.json", "snapshot-1"]) disk.poke(name, null);
      },
      what: /^store\.json is missing, though there is audit-2026-11\.jsonl: this is not a new data directory\./,
    },
    {
      says: "with an empty mark and no snapshot",
      harm: (disk) => {
        disk.poke("store.json", Buffer.alloc(0));
        disk.poke("snapshot-1", null);
      },
      what: /^store\.json cannot be read, or was written by a newer version of the bot\./,
    },
  ];
  it.each(beyond)("$says: says what else to do and what that loses, and changes nothing", async ({ harm, what }) => {
    const disk = await used();
    harm(disk);
    const before = disk.names().map((name) => [name, disk.peek(name)]);
    const { code, says } = await run(disk, "repair");
    expect(code).toBe(1);
    expect(says).toMatch(what);
    expect(says).toContain("Put back a backup of the whole data directory.");
    expect(says).toMatch(/move the directory away.*Every open request is then lost/);
    expect(says).not.toContain("npm run store");
    expect(disk.names().map((name) => [name, disk.peek(name)])).toEqual(before);
  });
});

describe("npm run store -- show", () => {
  it("lists what is hot, and shows one request without its password", async () => {
    const sealed = { keyId: "1", wrapped: "AAAA", iv: "AAAA", box: "AAAA" };
    const { store, disk } = await open(await used());
    await putOne(store, pending("rs", { sealed }));
    expect((await run(disk, "show")).says).toMatchInlineSnapshot(`
      "ra  running  revision 2  tencent/main/ap-guangzhou/ins-ra
      rb  pending  revision 2  tencent/main/ap-guangzhou/ins-rb
      rs  pending  revision 1  tencent/main/ap-guangzhou/ins-rs"
    `);
    expect((await run(disk, "show", "rs")).says).toContain('"secret": "[sealed]"');
    expect((await run(disk, "show", "rz")).says).toContain('"status": "withdrawn"');
    expect(await run(disk, "show", "rx")).toEqual({ code: 1, says: "There is no request rx here." });
  });
});

describe("killed before the lines of the audit and the archive were copied out", () => {
  async function killed(torn = false): Promise<MemoryDisk> {
    const { store, disk, clock } = await open();
    await finish(store, "rz");
    if (torn) {
      disk.fault = ({ op, name }) => (op === "append" && name.startsWith("audit") ? { crash: "torn" } : null);
      clock.set(november + 1000);
      await disk.crashed;
    }
    return disk.reopen();
  }

  it("a request that was just put away is shown", async () => {
    const { code, says } = await run(await killed(), "show", "rz");
    expect(code).toBe(0);
    expect(says).toContain('"status": "withdrawn"');
  });

  it.each([false, true])("the store is whole, also when the copy was cut short: %j", async (torn) => {
    const disk = await killed(torn);
    const before = disk.names().map((name) => [name, disk.peek(name)]);
    const { code, says } = await run(disk, "check");
    expect(says).toContain("audit: 2 lines, the chain of hashes holds.");
    expect(says).toContain("archive: 1 lines, the chain of hashes holds.");
    expect(says).toContain("The store is whole.");
    expect(code).toBe(0);
    expect(disk.names().map((name) => [name, disk.peek(name)])).toEqual(before);
  });

  it("a stranger's line in place of the copy is named", async () => {
    const disk = await killed();
    disk.poke("audit-2026-11.jsonl", Buffer.from("stranger\n"));
    const { code, says } = await run(disk, "check");
    expect(says).toContain("audit-2026-11.jsonl does not end as the log says; the next start writes its end again.");
    expect(code).toBe(0);
    expect(await whyNot(disk)).toBe("it opened");
  });

  it("a repair makes the log durable before the lines that it copies out of it", async () => {
    const first = memoryDisk();
    first.fault = ({ op, name, n }) => (op === "sync" && name === "log-1" && n > 5 ? { crash: "before" } : null);
    const { store } = await open(first);
    void putOne(store, pending("ra"));
    await first.crashed;
    const disk = first.reopen();
    expect((await run(disk, "repair")).code).toBe(0);
    expect(await whyNot(disk.reopen({ power: "lost" }))).toBe("it opened");
  });
});

describe("npm run store", () => {
  it("says what it can do when it is asked for nothing it knows", async () => {
    const { code, says } = await run(memoryDisk(), "fix");
    expect(code).toBe(2);
    expect(says).toMatch(/-- check.*\n.*-- repair/);
  });

  it.each([
    ["check", "foo"],
    ["repair", "--force"],
    ["show", "ra", "rb"],
    ["rewrap", "now"],
  ])("does not pass over a word that it does not know: %s %s", async (...args) => {
    const disk = await used();
    const before = disk.calls.length;
    const { code, says } = await run(disk, ...args.filter((word) => word !== undefined));
    expect(code).toBe(2);
    expect(says).toMatch(/-- check.*\n.*-- repair/);
    expect(disk.calls.length).toBe(before);
  });
});
