import { describe, expect, test } from "vitest";
import type { Act, Login, Look, Receipt } from "../src/clouds/cloud.ts";
import { tencent } from "../src/clouds/tencent.ts";
import { goneServer } from "../src/clouds/tencent-wire.ts";
import {
  account,
  network,
  orderFor,
  reading,
  refuse,
  seeded,
  silentLog,
  startMs,
  testClock,
} from "./tencent-samples.ts";

/** What DescribeInstances says when a look asks for the reason of a failure. */
let instance: object | null = null;
const { exchange, seen } = network(() => (instance === null ? refuse("InternalError") : { InstanceSet: [instance] }));
const cloud = tencent(account, { clock: testClock(), random: seeded("look"), exchange, log: silentLog });

const past = {
  LatestOperation: "StopInstances",
  LatestOperationState: "SUCCESS",
  LatestOperationRequestId: "req-before",
};
const before = reading(past);
const order = orderFor(before);
const reset: Act = { kind: "once", act: "reinstall", id: "r1/1/reinstall", order };
const receipt: Receipt = { id: "req-ours", facts: {} };
const later = (fields: object, afterMs = 5 * 60_000) =>
  reading({ ...past, ...fields }, "ap-guangzhou", startMs + afterMs);
const latest = (state: string, request: string, more: object = {}) =>
  later({ LatestOperation: "ResetInstance", LatestOperationState: state, LatestOperationRequestId: request, ...more });
const newImage = { ImageId: order.image.id, OsName: "Ubuntu Server 22.04 LTS 64bit" };

describe("a reinstall with its receipt", () => {
  const table: readonly { says: string; now: ReturnType<typeof later>; is: Look["is"] }[] = [
    { says: "our request is under way", now: latest("OPERATING", "req-ours"), is: "working" },
    { says: "our request succeeded", now: latest("SUCCESS", "req-ours", newImage), is: "done" },
    { says: "our request failed", now: latest("FAILED", "req-ours"), is: "failed" },
    { says: "our request, in a state nobody knows", now: latest("RESTING", "req-ours"), is: "unclear" },
    { says: "nothing shows yet, 5 s after", now: later({}, 5_000), is: "working" },
    { says: "nothing shows 5 min after", now: later({}), is: "unclear" },
    {
      says: "a stranger's reinstall with the image we wanted",
      now: latest("SUCCESS", "req-theirs", newImage),
      is: "unclear",
    },
    { says: "a stranger's reinstall under way", now: latest("OPERATING", "req-theirs"), is: "unclear" },
    { says: "the server is gone", now: goneServer(before.ref, startMs), is: "unclear" },
  ];
  test.each(table)("$says: $is", async ({ now, is }) => {
    expect((await cloud.look(reset, before, now, receipt)).is).toBe(is);
  });

  test("is done by the proof of its receipt", async () => {
    const look = await cloud.look(reset, before, latest("SUCCESS", "req-ours"), receipt);
    expect(look).toEqual({ is: "done", proof: "receipt" });
  });

  test("that failed says why in the cloud's words, and what to do", async () => {
    instance = { LatestOperationRequestId: "req-ours", LatestOperationErrorMsg: "disk\nerror" };
    expect(await cloud.look(reset, before, latest("FAILED", "req-ours"), receipt)).toEqual({
      is: "failed",
      refusal: {
        code: "LatestOperationState.FAILED",
        requestId: "req-ours",
        says: "The reinstall was accepted and then failed. Tencent Cloud says: “disk error”. Until it is reinstalled, the server takes no other order.",
      },
    });
  });

  test.each([
    {
      says: "another operation has taken its place",
      asked: { LatestOperationRequestId: "req-theirs", LatestOperationErrorMsg: "not ours" },
      why: "Tencent Cloud does not say why.",
    },
    {
      says: "nothing was said",
      asked: { LatestOperationRequestId: "req-ours" },
      why: "Tencent Cloud does not say why.",
    },
    {
      says: "the cloud cannot be asked just then",
      asked: null,
      why: "Why could not be read just now; the console shows it.",
    },
  ])("that failed is told as failed where $says", async ({ asked, why }) => {
    instance = asked;
    const look = await cloud.look(reset, before, latest("FAILED", "req-ours"), receipt);
    expect(look).toMatchObject({ is: "failed", refusal: { says: expect.stringContaining(why) } });
  });

  test.each<Login>([{ kind: "typed", user: "root" }, { kind: "generated", user: "root" }, { kind: "provider" }])(
    "with a password ($kind) that failed never asks for the cloud's words: they may repeat it",
    async (login) => {
      const now = latest("FAILED", "req-ours", { LatestOperationErrorMsg: "bad password Canary-4711" });
      expect(JSON.stringify(now)).not.toContain("Canary");
      const calls = seen.length;
      const look = await cloud.look({ ...reset, order: { ...order, login } }, before, now, receipt);
      expect(seen).toHaveLength(calls);
      expect(look).toMatchObject({
        is: "failed",
        refusal: {
          code: "LatestOperationState.FAILED",
          requestId: "req-ours",
          says: expect.stringContaining("its console shows them at the server"),
        },
      });
    },
  );

  test("whose trace a stranger has overwritten says what is seen, and that the image is the one asked for", async () => {
    const look = await cloud.look(reset, before, latest("SUCCESS", "req-theirs", newImage), receipt);
    expect("evidence" in look ? look.evidence : []).toMatchInlineSnapshot(`
      [
        "Another operation has since taken the place of this one in what Tencent Cloud shows.",
        "State: RUNNING.",
        "Latest operation: ResetInstance SUCCESS, request req-theirs; before it was StopInstances SUCCESS, request req-before.",
        "Image: img-487zeit5 (before it was img-8toqc6s3, and it is the one asked for).",
        "System disk: disk-czsodtl1 (as before).",
      ]
    `);
  });
});

describe("a reinstall without a receipt", () => {
  test("leaves no trace when everything is as before, however long after", async () => {
    const look = await cloud.look(reset, before, later({}, 3_600_000), null);
    expect(look.is).toBe("no-trace");
    expect("evidence" in look ? look.evidence : []).toMatchInlineSnapshot(`
      [
        "State: RUNNING.",
        "Latest operation: StopInstances SUCCESS, request req-before, as before.",
        "Image: img-8toqc6s3 (as before).",
        "System disk: disk-czsodtl1 (as before).",
      ]
    `);
  });

  test("of a disk that was to grow and did not says so; one that grew is named beside what was asked for", async () => {
    const growing: Act = { ...reset, order: { ...order, diskGb: 100 } };
    const sizes = async (now: ReturnType<typeof later>) => {
      const look = await cloud.look(growing, before, now, null);
      return [look.is, ...("evidence" in look ? look.evidence.filter((line) => line.includes("size")) : [])];
    };
    const disk = (DiskSize: number) =>
      later({ SystemDisk: { DiskType: "CLOUD_SSD", DiskId: "disk-czsodtl1", DiskSize } });
    expect(await sizes(disk(50))).toEqual(["no-trace", "System disk size: 50 GB (as before)."]);
    expect(await sizes(disk(100))).toEqual([
      "unclear",
      "System disk size: 100 GB (before it was 50 GB, and it is the one asked for).",
    ]);
    expect(await sizes(disk(60))).toEqual(["unclear", "System disk size: 60 GB (before it was 50 GB)."]);
  });

  test.each([
    { says: "a bigger system disk", now: later({ SystemDisk: { DiskId: "disk-czsodtl1", DiskSize: 51 } }) },
    { says: "a reinstall under way", now: latest("OPERATING", "req-some") },
    { says: "a reinstall that succeeded with the image we wanted", now: latest("SUCCESS", "req-some", newImage) },
    { says: "another image", now: later(newImage) },
    { says: "another system disk", now: later({ SystemDisk: { DiskId: "disk-new00000", DiskSize: 50 } }) },
    { says: "another state", now: later({ InstanceState: "STOPPED" }) },
  ])("$says is never taken for ours", async ({ now }) => {
    expect((await cloud.look(reset, before, now, null)).is).toBe("unclear");
  });
});

describe("stop and start", () => {
  const stop: Act = { kind: "converge", act: "stop", hard: false };
  const start: Act = { kind: "converge", act: "start" };
  const failed = {
    LatestOperation: "StopInstances",
    LatestOperationState: "FAILED",
    LatestOperationRequestId: "req-ours",
  };
  test.each([
    {
      says: "a stop is done when the server is stopped",
      act: stop,
      now: later({ InstanceState: "STOPPED" }),
      is: "done",
    },
    { says: "a stop works while it runs", act: stop, now: later({}), is: "working" },
    { says: "a stop works while it is stopping", act: stop, now: later({ InstanceState: "STOPPING" }), is: "working" },
    { says: "a stop of ours that failed has failed", act: stop, now: later(failed), is: "failed" },
    {
      says: "a stranger's failed stop is not ours",
      act: stop,
      now: later({ ...failed, LatestOperationRequestId: "x" }),
      is: "working",
    },
    { says: "a start is done when the server runs", act: start, now: later({}), is: "done" },
    { says: "a start works while it is stopped", act: start, now: later({ InstanceState: "STOPPED" }), is: "working" },
  ])("$says", async ({ act, now, is }) => {
    expect((await cloud.look(act, before, now, receipt)).is).toBe(is);
  });
});
