import { cvm } from "tencentcloud-sdk-nodejs-cvm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudShell, cloudShell } from "../playground/clouds/shell.ts";
import { type CloudSim, type SimReply, simCredentials } from "../playground/clouds/sim.ts";
import { type TencentState, tencentSim } from "../playground/clouds/tencent.ts";
import { overheard } from "./setup/overheard.ts";

describe("the shell", () => {
  /** A core that counts, and answers as the path says. */
  const counter = {
    cloud: "counter",
    title: "Counter",
    start: () => 0,
    handle: (count, request) => {
      const how = request.path.slice(1) as SimReply["how"];
      if (request.body === "break") throw new Error("a mistake");
      return [count + 1, { status: 201, headers: { "x-count": String(count + 1) }, body: request.body, how }];
    },
    panel: () => [],
    faults: () => [],
    arm: (count, _, armed) => (armed ? count : 0),
    console: (count) => count,
    passwords: () => ({}),
  } satisfies CloudSim<number>;

  let shell: CloudShell<number>;
  let url: string;
  beforeEach(async () => {
    shell = cloudShell(counter, { clock: { now: () => 0 }, speed: 1 });
    url = await shell.listen();
  });
  afterEach(() => shell.close());
  const post = (path: string, body = "", signal?: AbortSignal) =>
    fetch(`${url}${path}`, { method: "POST", body, ...(signal ? { signal } : {}) });

  test("answers with what the core said, on this machine only", async () => {
    const answer = await post("/answer", "hello");
    expect([answer.status, answer.headers.get("x-count"), await answer.text()]).toEqual([201, "1", "hello"]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("cuts the connection for a lost answer, and the effect stays", async () => {
    await expect(post("/lost")).rejects.toThrow("fetch failed");
    expect(shell.state()).toBe(1);
  });

  test("never answers a call that hangs, and counts it no more", async () => {
    const giveUp = new AbortController();
    const taken = new Promise<void>((resolve) => shell.onRequest(() => resolve()));
    const hanging = post("/hang", "", giveUp.signal);
    await taken;
    await post("/answer");
    expect([shell.state(), shell.inFlight()]).toEqual([2, 0]);
    giveUp.abort();
    await expect(hanging).rejects.toThrow("aborted");
  });

  test("runs a hook after the effect and before the answer", async () => {
    const order: string[] = [];
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      shell.onRequest(async (request, reply) => {
        order.push(`hook saw ${request.body}, ${reply.status}, effect ${shell.state()}, ${shell.inFlight()} in flight`);
        resolve();
        await held;
        order.push("hook ends");
      });
    });
    const answered = post("/answer", "order").then(() => order.push("answer"));
    await reached;
    letGo();
    await answered;
    expect(order).toEqual(["hook saw order, 201, effect 1, 1 in flight", "hook ends", "answer"]);
  });

  test("tells of every change, until nobody listens", async () => {
    let changes = 0;
    const stop = shell.onChange(() => {
      changes += 1;
    });
    await post("/answer");
    shell.console("x", "stop");
    expect(changes).toBe(1);
    shell.arm("x", false);
    expect(changes).toBe(2);
    stop();
    await post("/answer");
    expect(changes).toBe(2);
  });

  test("says aloud when the core itself is broken", async () => {
    const answer = await post("/answer", "break");
    expect([answer.status, await answer.text()]).toEqual([500, "The simulation itself broke: Error: a mistake"]);
  });
});

describe("the vendor's own SDK against the simulated Tencent Cloud", () => {
  let now = Date.now();
  let shell: CloudShell<TencentState>;
  let client: InstanceType<typeof cvm.v20170312.Client>;
  const web01 = "ins-r8hr2upy";

  const clientFor = (secretKey: string, url: string, reqMethod: "POST" | "GET" = "POST") =>
    new cvm.v20170312.Client({
      credential: { secretId: simCredentials.id, secretKey },
      region: "ap-guangzhou",
      profile: { httpProfile: { endpoint: url.replace("http://", ""), protocol: "http://", reqMethod, reqTimeout: 5 } },
    });

  let url: string;
  beforeEach(async () => {
    now = Date.now();
    shell = cloudShell(tencentSim, { clock: { now: () => now }, speed: 60 });
    url = await shell.listen();
    client = clientFor(simCredentials.secret, url);
  });
  afterEach(() => shell.close());

  test("reads every server page by page", async () => {
    const ids = new Set<string>();
    for (let offset = 0; ; offset += 100) {
      const page = await client.DescribeInstances({ Offset: offset, Limit: 100 });
      for (const each of page.InstanceSet ?? []) ids.add(each.InstanceId ?? "");
      if (offset + 100 >= (page.TotalCount ?? 0)) break;
    }
    expect(ids.size).toBeGreaterThanOrEqual(130);
    expect((await client.DescribeInstances({})).InstanceSet).toHaveLength(20);
  });

  test("reads images and key pairs, by GET too", async () => {
    const byGet = clientFor(simCredentials.secret, url, "GET");
    const images = await byGet.DescribeImages({ Filters: [{ Name: "platform", Values: ["Windows"] }], Limit: 100 });
    expect(images.ImageSet?.every((image) => image.OsName?.startsWith("Windows"))).toBe(true);
    const pairs = await client.DescribeKeyPairs({});
    expect(pairs.KeyPairSet?.map((pair) => pair.KeyName)).toEqual(["oncall-2026", "oncall-2025", "deploy_bot"]);
  });

  test("is told a price, as a sum for a prepaid server and by the hour for another, by GET too", async () => {
    const SystemDisk = { DiskSize: 100 };
    const prepaid = await client.InquiryPriceResetInstance({ InstanceId: web01, SystemDisk });
    expect(prepaid.Price?.InstancePrice).toEqual({ OriginalPrice: 100, DiscountPrice: 100, Discount: 100 });
    const api = shell.panel().find((server) => server.name === "win-01")?.id ?? "";
    const hourly = await clientFor(simCredentials.secret, url, "GET").InquiryPriceResetInstance({
      InstanceId: api,
      SystemDisk,
    });
    expect(hourly.Price?.InstancePrice).toMatchObject({ UnitPrice: 0.1, ChargeUnit: "HOUR" });
  });

  test("stops, reinstalls, and finds its own request id when it is done", async () => {
    await client.StopInstances({ InstanceIds: [web01], StopType: "SOFT_FIRST" });
    now += 1_000;
    const LoginSettings = { Password: "Correct-horse-7" };
    const { RequestId } = await client.ResetInstance({ InstanceId: web01, LoginSettings });
    now += 7_000;
    const { InstanceSet } = await client.DescribeInstances({ InstanceIds: [web01] });
    expect(InstanceSet?.[0]).toMatchObject({
      InstanceState: "RUNNING",
      LatestOperation: "ResetInstance",
      LatestOperationState: "SUCCESS",
      LatestOperationRequestId: RequestId,
    });
    expect(shell.passwords()).toEqual({ [web01]: "Correct-horse-7" });
    expect(shell.panel().find((server) => server.id === web01)).toMatchObject({ reinstalls: 1, state: "RUNNING" });
  });

  test("prints nothing, though it holds a password: taken, refused, not let in, or without anybody at the other end", async () => {
    const order = { InstanceId: web01, LoginSettings: { Password: "Correct-horse-7" } };
    const known: unknown[] = [];
    const heard = await overheard(async () => {
      const wrong = clientFor("wrong-secret", url);
      for (const by of [client, client, wrong]) {
        known.push(
          await by.ResetInstance(order).then(
            () => "taken",
            (error: { code: string }) => error.code.split(".")[0],
          ),
        );
      }
      await shell.close();
      known.push(await client.ResetInstance(order).catch(() => "nobody"));
    });
    expect(known).toEqual(["taken", "OperationDenied", "AuthFailure", "nobody"]);
    expect(heard).toBe("");
  });

  test.each<[says: string, send: () => Promise<unknown>, code: string]>([
    [
      "a weak password",
      () => client.ResetInstance({ InstanceId: web01, LoginSettings: { Password: "weak" } }),
      "InvalidParameterValue.InvalidPassword",
    ],
    [
      "an unknown server",
      () => client.DescribeInstances({ InstanceIds: ["ins-00000000"] }),
      "InvalidInstanceId.NotFound",
    ],
    [
      "a price for a smaller disk",
      () => client.InquiryPriceResetInstance({ InstanceId: web01, SystemDisk: { DiskSize: 40 } }),
      "InvalidParameterValue",
    ],
    [
      "a running server started",
      () => client.StartInstances({ InstanceIds: [web01] }),
      "UnsupportedOperation.InstanceStateRunning",
    ],
    ["a wrong secret", () => clientFor("wrong", url).DescribeInstances({}), "AuthFailure.SignatureFailure"],
  ])("meets %s as the cloud's own error", async (_, send, code) => {
    await expect(send()).rejects.toMatchObject({ code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test("meets a lost answer as a broken connection, after the wipe", async () => {
    shell.arm("reset-answer-lost", true);
    await expect(client.ResetInstance({ InstanceId: web01 })).rejects.toMatchObject({
      message: expect.stringContaining("socket hang up"),
    });
    expect(shell.state().wipes).toMatchObject([{ server: web01, by: "api" }]);
  });
});
