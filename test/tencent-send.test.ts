import { describe, expect, test } from "vitest";
import type { Act } from "../src/clouds/cloud.ts";
import { Unclear } from "../src/clouds/tencent-call.ts";
import { type Exchange, NotSent } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { cloudOn, network, orderFor, reading, refuse, startMs } from "./tencent-samples.ts";

describe("where calls go", () => {
  const none = () => ({ TotalCount: 0, InstanceSet: [] });
  test.each([
    { site: "mainland", region: "ap-guangzhou", url: "https://cvm.ap-guangzhou.tencentcloudapi.com/" },
    { site: "mainland", region: "ap-shanghai-fsi", url: "https://cvm.ap-shanghai-fsi.tencentcloudapi.com/" },
    { site: "international", region: "ap-singapore", url: "https://cvm.intl.tencentcloudapi.com/" },
  ])("$site, $region: $url", async ({ site, region, url }) => {
    const { exchange, seen } = network(none);
    await cloudOn(exchange, { site, regions: [region] }).servers();
    expect(seen[0]?.request).toMatchObject({ url, method: "POST", once: false, timeoutMs: 10_000 });
    expect(seen[0]?.request.headers).toMatchObject({
      "x-tc-region": region,
      "x-tc-language": "en-US",
      "x-tc-version": "2017-03-12",
    });
  });

  test("an endpoint of the config takes the place of them all", async () => {
    const { exchange, seen } = network(none);
    await cloudOn(exchange, { endpoint: "http://127.0.0.1:8123" }).servers();
    expect(new Set(seen.map(({ request }) => request.url))).toEqual(new Set(["http://127.0.0.1:8123/"]));
    expect(seen[0]?.request.headers["host"]).toBe("127.0.0.1:8123");
  });
});

describe("acts", () => {
  const server = reading();
  const at = startMs - 90_000;
  const taken = () => network(() => ({ RequestId: "req-ours" }));
  const reset = (login?: Parameters<typeof orderFor>[2], secret?: Secret) =>
    ({
      kind: "once",
      act: "reinstall",
      id: "r1/1/reinstall",
      order: orderFor(server, {}, login),
      ...(secret === undefined ? {} : { secret }),
    }) satisfies Act;

  const sized = (diskGb: number) => ({ ...reset(), order: { ...orderFor(server), diskGb } }) satisfies Act;

  test("no size is sent where the disk has it already, as at a second try", async () => {
    const { exchange, seen } = taken();
    await cloudOn(exchange).send(sized(50), server, at);
    expect(seen[0]?.params).not.toHaveProperty("SystemDisk");
  });

  test.each([
    {
      says: "a soft stop keeps the server's resources",
      act: { kind: "converge", act: "stop", hard: false },
      action: "StopInstances",
      params: { InstanceIds: ["ins-xlsyru2j"], StopType: "SOFT", StoppedMode: "KEEP_CHARGING" },
    },
    {
      says: "a hard stop",
      act: { kind: "converge", act: "stop", hard: true },
      action: "StopInstances",
      params: { InstanceIds: ["ins-xlsyru2j"], StopType: "HARD", StoppedMode: "KEEP_CHARGING" },
    },
    {
      says: "a start",
      act: { kind: "converge", act: "start" },
      action: "StartInstances",
      params: { InstanceIds: ["ins-xlsyru2j"] },
    },
    {
      says: "a reinstall with a key pair",
      act: reset(),
      action: "ResetInstance",
      params: { InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5", LoginSettings: { KeyIds: ["skey-b4vakk62"] } },
    },
    {
      says: "a reinstall with a password",
      act: reset({ kind: "typed", user: "root" }, new Secret("Canary-4711")),
      action: "ResetInstance",
      params: { InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5", LoginSettings: { Password: "Canary-4711" } },
    },
    {
      says: "a reinstall with a bigger system disk",
      act: sized(60),
      action: "ResetInstance",
      params: { InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5", SystemDisk: { DiskSize: 60 } },
    },
    {
      says: "a reinstall that keeps the image's login",
      act: reset({ kind: "keep-image" }),
      action: "ResetInstance",
      params: { InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5", LoginSettings: { KeepImageLogin: "TRUE" } },
    },
    {
      says: "a reinstall with the cloud's own password",
      act: reset({ kind: "provider" }),
      action: "ResetInstance",
      params: { InstanceId: "ins-xlsyru2j", ImageId: "img-487zeit5" },
    },
  ] satisfies readonly { says: string; act: Act; action: string; params: object }[])(
    "$says is sent once, signed with the time it was given",
    async ({ act, action, params }) => {
      const { exchange, seen } = taken();
      expect(await cloudOn(exchange).send(act, server, at)).toEqual({ accepted: { id: "req-ours", facts: {} } });
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({ action, params, region: "ap-guangzhou" });
      expect(seen[0]?.request).toMatchObject({ once: true, timeoutMs: 20_000 });
      expect(seen[0]?.request.headers["x-tc-timestamp"]).toBe(String(at / 1000));
    },
  );

  test("a password that is no longer there is refused before anything is sent", async () => {
    const { exchange, seen } = taken();
    expect(await cloudOn(exchange).send(reset({ kind: "generated", user: "root" }), server, at)).toMatchObject({
      refused: { code: "no-password" },
    });
    expect(seen).toEqual([]);
  });

  test("what never left may be sent later; whatever else goes wrong is thrown, and nothing is sent twice", async () => {
    const never: Exchange = async () => Promise.reject(new NotSent("refused"));
    expect(await cloudOn(never).send(reset(), server, at)).toMatchObject({ notSent: { code: "not-connected" } });
    const failures: readonly Exchange[] = [
      async () => Promise.reject(new Error("socket hang up")),
      async () => ({ status: 500, headers: {}, body: "" }),
      async () => ({ status: 429, headers: {}, body: JSON.stringify({ Response: { RequestId: "x" } }) }),
      async () => ({ status: 200, headers: {}, body: "" }),
      async () => ({ status: 200, headers: {}, body: JSON.stringify({ Response: {} }) }),
      async () => ({
        status: 200,
        headers: {},
        body: JSON.stringify({ Response: { RequestId: "x", ...refuse("InternalError") } }),
      }),
    ];
    for (const failure of failures) {
      let sent = 0;
      const counting: Exchange = (request) => {
        sent += 1;
        return failure(request);
      };
      await expect(cloudOn(counting).send(reset(), server, at)).rejects.toBeInstanceOf(Unclear);
      expect(sent).toBe(1);
    }
  });
});

test("with stopFirst a running server is stopped first, and taken only when stopped or broken", () => {
  const { exchange } = network(() => ({}));
  expect(cloudOn(exchange).traits).toMatchObject({
    wipeFrom: ["running", "stopped", "broken"],
    stopFrom: [],
    wipeEnds: "running",
    lateMs: 300_000,
  });
  expect(cloudOn(exchange, { stopFirst: true }).traits).toMatchObject({
    wipeFrom: ["stopped", "broken"],
    stopFrom: ["running"],
    wipeEnds: "running",
  });
});
