import { describe, expect, test } from "vitest";
import type { Image, Look, Receipt, Server } from "../src/clouds/cloud.ts";
import { jdcloud } from "../src/clouds/jdcloud.ts";
import { markOf } from "../src/clouds/jdcloud-mark.ts";
import { Instance, serverFrom } from "../src/clouds/jdcloud-wire.ts";
import { Secret } from "../src/secret.ts";
import { jdcloudWorld, minutes, orderFor, rebuild, startedAt, withPassword } from "./setup/jdcloud-world.ts";

const { cloud } = jdcloudWorld();
const ref = { cloud: "jdcloud", site: "cn", account: "prod", region: "cn-north-1", id: "i-1" };

function reading(at: number, change: Readonly<Record<string, unknown>> = {}): Server {
  const cloudDisk = { diskId: "vol-1", diskSizeGB: 40, diskType: "ssd.gp1", createTime: "2026-06-01 01:58:00" };
  const systemDisk = { diskCategory: "cloud", cloudDisk, status: "attached" };
  const own = { instanceId: "i-1", instanceName: "web-01", hostname: "web-01", status: "stopped", imageId: "img-old" };
  return serverFrom(Instance.parse({ ...own, osType: "linux", systemDisk, ...change }), ref, at, undefined);
}

const before = reading(startedAt);
const same = rebuild(orderFor(before, withPassword));
const image: Image = {
  id: "img-new",
  name: "New",
  kind: "public",
  os: { family: "linux", name: "New" },
  minDiskGb: 40,
  createdAt: "",
  facts: {},
};
const other = rebuild(orderFor(before, withPassword, image));
const mark = markOf(same.id, before, "linux");
const plain: Receipt = { id: "req-1", facts: { sentAt: String(startedAt) } };
const seen: Receipt = { ...plain, facts: { ...plain.facts, seen: "rebuilding" } };
const early = startedAt + 30_000;
const late = startedAt + 5 * minutes;

describe("what a reading says of a rebuild", () => {
  type Row = readonly [says: string, act: typeof same, now: Server, receipt: Receipt | null, is: string];
  const rows: readonly Row[] = [
    ["stopped right after acceptance is the old state", same, reading(early), plain, "working"],
    [
      "so it is though the image is shown as the new one",
      other,
      reading(early, { imageId: "img-new" }),
      plain,
      "working",
    ],
    ["and though our mark is shown already", same, reading(early, { hostname: mark }), plain, "working"],
    ["rebuilding is work", same, reading(late, { status: "rebuilding" }), plain, "working"],
    ["rebuilding is work also without a receipt", same, reading(late, { status: "rebuilding" }), null, "working"],
    ["stopped again after rebuilding was seen is done", same, reading(late), seen, "done by receipt"],
    ["even at once", same, reading(early), seen, "done by receipt"],
    [
      "somebody started it since: done all the same",
      same,
      reading(late, { status: "running" }),
      seen,
      "done by receipt",
    ],
    [
      "the image asked for in place of the other is done",
      other,
      reading(late, { imageId: "img-new" }),
      plain,
      "done by receipt",
    ],
    ["a new system disk is done", same, reading(late, { systemDisk: newDisk() }), plain, "done by receipt"],
    ["accepted, never seen rebuilding, nothing changed: unclear", same, reading(late), plain, "unclear"],
    ["rebuilt, but not with the image asked for: unclear", other, reading(late), seen, "unclear"],
    [
      "the image asked for, but no receipt: it may be a stranger's",
      other,
      reading(late, { imageId: "img-new" }),
      null,
      "unclear",
    ],
    ["nothing changed and no receipt: no trace", same, reading(late), null, "no-trace"],
    ["our mark proves it without a receipt", same, reading(late, { hostname: mark }), null, "done by mark"],
    [
      "our mark on another image does not",
      other,
      reading(late, { hostname: markOf(other.id, before, "linux") }),
      null,
      "unclear",
    ],
    ["another mark does not", same, reading(late, { hostname: "web-01-riabcdef" }), null, "no-trace"],
    ["state error after acceptance has failed", same, reading(late, { status: "error" }), plain, "failed"],
    ["state error without a receipt is unclear", same, reading(late, { status: "error" }), null, "unclear"],
    ["a state nobody knows is waited for", same, reading(late, { status: "hibernated" }), seen, "working"],
    ["a state left out is waited for", same, reading(late, { status: "" }), plain, "working"],
    ["another operation is waited for", same, reading(late, { status: "resizing" }), plain, "working"],
    ["a server that is gone is unclear", same, reading(late, { status: "terminated" }), seen, "unclear"],
  ];
  test.each(rows)("%s", async (_says, act, now, receipt, is) => {
    expect(worded(await cloud.look(act, before, now, receipt))).toBe(is);
  });

  test("that it was seen rebuilding is to be remembered, once", async () => {
    const rebuilding = reading(late, { status: "rebuilding" });
    expect(await cloud.look(same, before, rebuilding, plain)).toEqual({
      is: "working",
      says: "rebuilding",
      facts: { seen: "rebuilding" },
    });
    expect(await cloud.look(same, before, rebuilding, seen)).toEqual({ is: "working", says: "rebuilding" });
  });

  test("the evidence says what is known, what is not, and why", async () => {
    expect(await cloud.look(same, before, reading(late), plain)).toEqual({
      is: "unclear",
      evidence: [
        "The server is in state stopped.",
        "JD Cloud accepted the order (request req-1).",
        "Image and system disk are shown as before.",
        "It was not seen rebuilding.",
        "A rebuild with the same image need not leave anything else to be seen.",
        "JD Cloud keeps no record of operations that I could ask.",
      ],
    });
    expect(await cloud.look(other, before, reading(late, { imageId: "img-third" }), null)).toEqual({
      is: "unclear",
      evidence: [
        "The server is in state stopped.",
        "JD Cloud did not confirm the order.",
        "Image: img-old before, img-third now.",
        "Asked for was image img-new.",
        "JD Cloud keeps no record of operations that I could ask.",
      ],
    });
  });
});

describe("what a reading says of a stop and a start", () => {
  const stop = { kind: "converge", act: "stop", hard: false } as const;
  const start = { kind: "converge", act: "start" } as const;
  test.each([
    ["stopped after a stop", stop, "stopped", "done by state"],
    ["stopping after a stop", stop, "stopping", "working"],
    ["running after a stop", stop, "running", "no-trace"],
    ["running after a start", start, "running", "done by state"],
    ["starting after a start", start, "starting", "working"],
    ["stopped after a start", start, "stopped", "no-trace"],
    ["terminated after a start", start, "terminated", "unclear"],
  ] as const)("%s", async (_says, act, status, is) => {
    expect(worded(await cloud.look(act, before, reading(late, { status }), null))).toBe(is);
  });
});

describe("the mark", () => {
  const named = (name: string) => ({ ...before, name, facts: { hostname: "" } });
  test.each([
    ["an ordinary name", "web-01", "linux", /^web-01-ri[a-z2-7]{6}$/],
    [
      "a name with signs that host names may not have",
      "<!channel> a.b_c--d",
      "linux",
      /^channel-a-b-c-d-ri[a-z2-7]{6}$/,
    ],
    ["a name with no letter at all", "测试", "linux", /^vm-ri[a-z2-7]{6}$/],
    ["a long name", "a".repeat(90), "linux", /^a{55}-ri[a-z2-7]{6}$/],
    ["on Windows, 15 characters in all", "accounting-2022", "windows", /^accoun-ri[a-z2-7]{6}$/],
    ["on Windows, no hyphen before the mark", "abcde-fgh", "windows", /^abcde-ri[a-z2-7]{6}$/],
    ["an older mark gives way", "web-01-riabcdef", "linux", /^web-01-ri(?!abcdef)[a-z2-7]{6}$/],
  ] as const)("%s", (_says, name, family, shape) => {
    expect(markOf("r1/1/reinstall", named(name), family)).toMatch(shape);
    expect(markOf("r1/1/reinstall", named(name), family).length).toBeLessThanOrEqual(family === "linux" ? 64 : 15);
  });

  test("is the same for the same act and another for another", () => {
    const marks = ["r1/1/reinstall", "r1/1/reinstall", "r1/2/reinstall"].map((id) => markOf(id, before, "linux"));
    expect([marks[0] === marks[1], marks[0] === marks[2]]).toEqual([true, false]);
  });
});

test("what JD Cloud is like, as data", () => {
  const tools = {
    clock: { now: () => 0, mono: () => 0, after: async () => {} },
    random: (n: number) => new Uint8Array(n),
  };
  const log = { info() {}, warn() {}, error() {} };
  const exchange = async () => ({ status: 500, headers: {}, body: "" });
  const account = { name: "a", cloud: "jdcloud", site: "cn", regions: [], id: "i", secret: new Secret("s") } as const;
  const { traits, looksLikeId } = jdcloud(account, { ...tools, exchange, log });
  expect(traits).toMatchObject({
    ...{ title: "JD Cloud", wipeFrom: ["stopped"], stopFrom: ["running"], wipeEnds: "stopped", hardStop: false },
    ...{ lateMs: null, lagMs: 60_000 },
  });
  expect(["i-eumm12d6", " i-eumm12d6 ", "ins-r8hr2upy", "web-01", "i-"].map(looksLikeId)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

function worded(look: Look): string {
  return look.is === "done" ? `done by ${look.proof}` : look.is;
}

function newDisk(): object {
  const cloudDisk = { diskId: "vol-2", diskSizeGB: 40, diskType: "ssd.gp1", createTime: "2026-11-21 03:01:00" };
  return { diskCategory: "cloud", cloudDisk, status: "attached" };
}
