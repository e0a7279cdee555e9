import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { jdcloudSim } from "../playground/clouds/jdcloud.ts";
import type { JdcloudState } from "../playground/clouds/jdcloud-state.ts";
import { type CloudShell, cloudShell } from "../playground/clouds/shell.ts";
import { type SimRequest, simCredentials } from "../playground/clouds/sim.ts";
import { overheard } from "./setup/overheard.ts";

// The official client is plain JavaScript without typings, and prints every request with its password unless silenced in two places.
const load = createRequire(import.meta.url);
type Reply = {
  requestId: string;
  result?: Record<string, unknown>;
  error?: { code: number; status: string; message: string };
};
type Call = (options: Record<string, unknown>, region: string) => Promise<Reply>;
type Client = Record<string, Call | undefined>;

const region = "cn-north-1";
const start = Date.UTC(2026, 10, 21, 3, 0, 0);
let now = start;
let shell: CloudShell<JdcloudState>;
let address = "";

async function open(speed: number): Promise<void> {
  shell = cloudShell(jdcloudSim, { clock: { now: () => now }, speed });
  address = await shell.listen();
}
beforeEach(async () => {
  now = start;
  await open(1);
});
afterEach(() => shell.close());

function client(credentials: { id: string; secret: string } = simCredentials): Client {
  const silent = () => {};
  load("jdcloud-sdk-js/src/global").config.update({ logger: silent });
  const Vm = load("jdcloud-sdk-js/src/services/vm");
  return new Vm({
    credentials: { accessKeyId: credentials.id, secretAccessKey: credentials.secret },
    regionId: region,
    endpoint: { protocol: "http", host: new URL(address).host },
    logger: silent,
  });
}

/** Rejections of the official client are plain objects; both ways come back as one. */
async function call(action: string, options: Record<string, unknown> = {}, by: Client = client()): Promise<Reply> {
  const run = by[action];
  if (!run) throw new Error(`the official client has no ${action}`);
  try {
    const { requestId, result, error } = await run.call(by, options, region);
    return { requestId, ...(result ? { result } : {}), ...(error ? { error } : {}) };
  } catch (thrown) {
    const { requestId, error } = thrown as Reply;
    return { requestId, ...(error ? { error } : {}) };
  }
}

function idOf(name: string): string {
  const found = shell.panel().find((server) => server.name === name);
  if (!found) throw new Error(`no server ${name}`);
  return found.id;
}

function statusOf(name: string): string | undefined {
  return shell.panel().find((server) => server.name === name)?.state;
}

function wipes(name: string): number | undefined {
  return shell.panel().find((server) => server.name === name)?.reinstalls;
}

const login = { password: "Tr4in-Window!9" };
const refusal = (code: number, status: string, message: string) => ({ code, status, message });

describe("the official client against simulated JD Cloud", () => {
  test("lists servers twenty at a time, and a hundred when it asks for them", async () => {
    const first = await call("describeInstances");
    expect(first.result?.["instances"]).toHaveLength(20);
    const all = await call("describeInstances", { pageNumber: 1, pageSize: 100 });
    expect(all.result?.["totalCount"]).toBeGreaterThanOrEqual(45);
    expect(all.result?.["instances"]).toHaveLength(Number(all.result?.["totalCount"]));
    const tooMany = await call("describeInstances", { pageSize: 101 });
    expect(tooMany.error).toEqual(refusal(400, "OUT_OF_RANGE", "PageSize out of range"));
  });

  test("finds servers by filter and tag, with signs that its URL escapes differently from its signature", async () => {
    const filters = [{ name: "instanceId", values: ["i-eumm12d6", "i-b c*"] }];
    const tags = [{ key: "team", values: ["shop"] }];
    const found = await call("describeInstances", { filters, tags });
    expect(found.result).toMatchObject({
      totalCount: 1,
      instances: [{ instanceName: "jd-web-01", status: "running" }],
    });
    const unknown = await call("describeInstances", { filters: [{ name: "colour", values: ["red"] }] });
    expect(unknown.error?.status).toBe("INVALID_ARGUMENT");
  });

  test("reads one server, its status list, images, constraints, key pairs and quotas", async () => {
    const one = await call("describeInstance", { instanceId: "i-eumm12d6" });
    expect(one.result?.["instance"]).toMatchObject({
      systemDisk: { diskCategory: "cloud" },
      keyNames: ["oncall-2026"],
    });
    const images = await call("describeImages", { imageSource: "public", pageSize: 100 });
    expect(images.result?.["totalCount"]).toBeGreaterThan(20);
    expect((await call("describeImages")).error?.message).toBe("Parameter ImageSource missing");
    const byId = await call("describeImages", { ids: ["img-private0001", "img-shared00001", "img-none"] });
    expect(byId.result?.["totalCount"]).toBe(2);
    const image = await call("describeImage", { imageId: "img-win2022c" });
    expect(image.result?.["image"]).toMatchObject({ osType: "windows", chargeInfo: { serviceCode: "vm_image" } });
    const limits = await call("describeImageConstraints", { imageId: "img-rocky9c" });
    expect(limits.result?.["imageConstraints"]).toMatchObject({
      imageInstanceTypeConstraint: { constraintsType: "excludes", instanceTypes: ["p.n1p40.large"] },
    });
    const keys = await call("describeKeypairs", { filters: [{ name: "keyNames", values: ["oncall-2026"] }] });
    expect(keys.result).toMatchObject({ totalCount: 1, keypairs: [{ keyName: "oncall-2026" }] });
    expect((await call("describeQuotas")).result?.["quotas"]).toContainEqual({
      resourceType: "keypair",
      limit: 20,
      used: 14,
    });
    expect((await call("describeInstanceStatus")).result?.["instanceStatuses"]).toHaveLength(20);
  });

  test("stops, rebuilds and starts a server; the rebuild ends stopped and shows the new image and host name", async () => {
    const instanceId = idOf("jd-web-01");
    expect((await call("stopInstance", { instanceId, chargeOnStopped: "keepCharging" })).error).toBeUndefined();
    expect(statusOf("jd-web-01")).toBe("stopping");
    now += 21_000;
    const accepted = await call("rebuildInstance", {
      instanceId,
      imageId: "img-ubuntu2404c",
      hostname: "web-01",
      ...login,
    });
    expect(accepted).toEqual({ requestId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(statusOf("jd-web-01")).toBe("stopped");
    now += 3_000;
    expect(statusOf("jd-web-01")).toBe("rebuilding");
    const again = await call("rebuildInstance", { instanceId, ...login });
    expect(again.error?.message).toBe("Conflict with underlay task 'rebuilding'");
    now += 180_000;
    const after = await call("describeInstance", { instanceId });
    expect(after.result?.["instance"]).toMatchObject({
      status: "stopped",
      imageId: "img-ubuntu2404c",
      hostname: "web-01",
    });
    await call("startInstance", { instanceId });
    expect(statusOf("jd-web-01")).toBe("starting");
    now += 21_000;
    expect(statusOf("jd-web-01")).toBe("running");
    expect(wipes("jd-web-01")).toBe(1);
    expect(shell.passwords()).toEqual({ [instanceId]: login.password });
  });

  test("reboots a server and makes a private image that becomes ready", async () => {
    const instanceId = idOf("jd-app-01");
    await call("rebootInstance", { instanceId });
    expect(statusOf("jd-app-01")).toBe("rebooting");
    now += 31_000;
    const made = await call("createImage", { instanceId, name: "before-reinstall" });
    const imageId = String(made.result?.["imageId"]);
    expect((await call("describeImage", { imageId })).result?.["image"]).toMatchObject({ status: "pending" });
    now += 121_000;
    expect((await call("describeImage", { imageId })).result?.["image"]).toMatchObject({ status: "ready" });
    const local = await call("createImage", { instanceId: idOf("jd-local-01"), name: "local-running" });
    expect(local.error?.message).toBe("Invalid instance status 'running'");
  });

  test("refuses images beyond the quota", async () => {
    const names = ["jd-app-01", "jd-app-02", "jd-app-03", "jd-app-04", "jd-app-05", "jd-app-07", "jd-app-08"];
    const errors: (string | undefined)[] = [];
    for (const name of names) errors.push((await call("createImage", { instanceId: idOf(name), name })).error?.status);
    expect(errors).toEqual([...Array(6).fill(undefined), "QUOTA_EXCEEDED"]);
  });
});

describe("rebuildInstance refuses, with the words of the documents", () => {
  const stopped = "jd-web-02";
  const rows: readonly [server: string, options: Record<string, unknown>, error: ReturnType<typeof refusal>][] = [
    [stopped, { password: "short" }, refusal(400, "INVALID_ARGUMENT", "Invalid password")],
    [stopped, { password: "myCloudcloud-77" }, refusal(400, "INVALID_ARGUMENT", "Invalid password")],
    [stopped, { password: "Aaz9-qwe-Zz8" }, refusal(400, "INVALID_ARGUMENT", "Invalid password")],
    [stopped, {}, refusal(400, "INVALID_ARGUMENT", "Invalid password")],
    ["jd-web-01", login, refusal(400, "FAILED_PRECONDITION", "Please stop the instance first.")],
    ["jd-resizing", login, refusal(400, "FAILED_PRECONDITION", "Conflict with underlay task 'resizing'")],
    ["jd-error", login, refusal(400, "FAILED_PRECONDITION", "Invalid instance status 'error'")],
    ["jd-pending", login, refusal(400, "FAILED_PRECONDITION", "Invalid instance status 'pending'")],
    ["jd-diskless", login, refusal(404, "NOT_FOUND", "System disk not found")],
    ["jd-detaching", login, refusal(404, "FAILED_PRECONDITION", "Invalid system disk mount state")],
    ["jd-orphan-stopped", login, refusal(404, "NOT_FOUND", "Image 'img-deleted0001' not found.")],
    [
      stopped,
      { ...login, imageId: "img-privpending" },
      refusal(404, "NOT_FOUND", "Image 'img-privpending' not found."),
    ],
    [
      ...(["jd-local-02", { ...login, imageId: "img-ubuntu2204c" }] as const),
      refusal(400, "FAILED_PRECONDITION", "Image constraints. Only support cloud system disk"),
    ],
    [
      ...([stopped, { ...login, imageId: "img-centos79l" }] as const),
      refusal(400, "FAILED_PRECONDITION", "Image constraints. Only support local system disk"),
    ],
    [
      ...([stopped, { ...login, imageId: "img-market-gpu" }] as const),
      refusal(400, "FAILED_PRECONDITION", "Image constraints. Doesn't support instanceType 'g.n2.medium'"),
    ],
    [
      ...([stopped, { ...login, imageId: "img-privcrypt01" }] as const),
      refusal(400, "FAILED_PRECONDITION", "The image is not consistent with the system disk encryption properties."),
    ],
    [
      ...([stopped, { ...login, imageId: "img-ubuntu2204a" }] as const),
      refusal(400, "FAILED_PRECONDITION", "instanceType is not supported when using arm64."),
    ],
    [
      ...([stopped, { ...login, imageId: "img-privbig0001" }] as const),
      refusal(400, "OUT_OF_RANGE", "NewSysDiskSizeGB out of range. Less than the image system disk capacity."),
    ],
    [stopped, { keyNames: ["nobody"] }, refusal(404, "NOT_FOUND", "Keypair 'nobody' not found")],
    [stopped, { ...login, hostname: "-bad--name" }, refusal(400, "INVALID_ARGUMENT", "Invalid hostname")],
  ];

  test.each(rows)("%s with %j", async (server, options, error) => {
    const answer = await call("rebuildInstance", { instanceId: idOf(server), ...options });
    expect(answer.error).toEqual(error);
    expect(wipes(server)).toBe(0);
  });

  test("a server that is not there", async () => {
    const answer = await call("rebuildInstance", { instanceId: "i-nothere", ...login });
    expect(answer.error).toEqual(refusal(404, "NOT_FOUND", "Instance 'i-nothere' not found."));
  });
});

describe("the gateway", () => {
  test("refuses an unknown key, a wrong secret and a call without a signature", async () => {
    const unknown = await call("describeInstances", {}, client({ ...simCredentials, id: "AKother" }));
    expect(unknown.error).toEqual(refusal(401, "ACCESS_ERROR", "access key does not exist[gw]"));
    const wrong = await call("describeInstances", {}, client({ ...simCredentials, secret: "other" }));
    expect(wrong.error).toEqual(refusal(401, "ACCESS_ERROR", "signature does not match[gw]"));
    const bare = await fetch(`${address}/v1/regions/${region}/instances`);
    expect([bare.status, ((await bare.json()) as Reply).error?.message]).toEqual([
      401,
      "lack of header authorization[gw]",
    ]);
  });

  /** A call as the official client signs it, kept instead of answered. */
  async function oneCall(): Promise<SimRequest> {
    let seen: SimRequest | undefined;
    const spy = createServer((request, response) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      seen = { method: request.method ?? "", path: request.url ?? "", headers, body: "" };
      response.end("{}");
    });
    await new Promise<void>((ready) => spy.listen(0, "127.0.0.1", ready));
    const own = client() as unknown as { config: { endpoint: { host: string } }; describeKeypairs: Call };
    own.config.endpoint.host = `127.0.0.1:${(spy.address() as AddressInfo).port}`;
    await own.describeKeypairs({}, region);
    spy.close();
    if (!seen) throw new Error("nothing was sent");
    return seen;
  }

  test("takes a nonce once, and throttles after a thousand calls in a minute", async () => {
    const copy = await oneCall();
    let state = jdcloudSim.start({ speed: 1, now });
    const statuses: number[] = [];
    for (let n = 0; n < 1001; n += 1) {
      const [next, reply] = jdcloudSim.handle(state, copy, now);
      statuses.push(reply.status);
      state = next;
    }
    expect([statuses[0], statuses[1], statuses[999], statuses[1000]]).toEqual([200, 401, 401, 429]);
    expect(jdcloudSim.handle(state, copy, now + 60_000)[1].status).toBe(401);
  });
});

describe("on request", () => {
  async function rebuildWith(fault: string): Promise<Reply> {
    shell.arm(fault, true);
    return call("rebuildInstance", { instanceId: idOf("jd-web-02"), ...login });
  }
  const rows: readonly [fault: string, status: string | undefined, wiped: number, ends: string][] = [
    ["refused", "FAILED_PRECONDITION", 0, "stopped"],
    ["fails", undefined, 1, "error"],
    ["hangs", undefined, 1, "rebuilding"],
    ["stale", undefined, 1, "stopped"],
    ["throttled", "RATE_LIMIT", 0, "stopped"],
    ["call-throttled", "RATE_LIMIT", 0, "stopped"],
    ["lost", undefined, 1, "stopped"],
    ["never-arrives", undefined, 0, "stopped"],
    ["internal", "INTERNAL", 1, "stopped"],
    ["unknown", "UNKNOWN", 0, "stopped"],
    ["error-200", "FAILED_PRECONDITION", 0, "stopped"],
    ["html-503", undefined, 0, "stopped"],
    ["conflict", "FAILED_PRECONDITION", 1, "stopped"],
  ];
  test.each(rows)(
    "a rebuild meets %s: error %s, %i wiped, ends %s; the next one is ordinary",
    async (fault, status, wiped, ends) => {
      const answer = await rebuildWith(fault);
      expect([answer.error?.status, wipes("jd-web-02")]).toEqual([status, wiped]);
      expect(shell.faults().some((one) => one.armed)).toBe(false);
      now += 600_000;
      expect(statusOf("jd-web-02")).toBe(ends);
    },
  );

  test("a stale state shows the server as stopped for 45 seconds after acceptance", async () => {
    await rebuildWith("stale");
    now += 44_000;
    expect(statusOf("jd-web-02")).toBe("stopped");
    now += 2_000;
    expect(statusOf("jd-web-02")).toBe("rebuilding");
  });

  test("a stop is ignored, and a start refused for stock or for charge", async () => {
    shell.arm("stop-ignored", true);
    shell.arm("stock", true);
    expect((await call("stopInstance", { instanceId: idOf("jd-web-01") })).error).toBeUndefined();
    now += 60_000;
    expect(statusOf("jd-web-01")).toBe("running");
    const started = await call("startInstance", { instanceId: idOf("jd-web-02") });
    expect(started.error?.message).toBe("Insufficient resource");
    const arrear = await call("startInstance", { instanceId: idOf("jd-arrear") });
    expect(arrear.error?.message).toBe("Invalid charge state");
  });

  test("an overdue account shows at every server, has nothing started, and lasts until it is paid", async () => {
    const read = () => call("describeInstance", { instanceId: idOf("jd-web-02") });
    const charged = (chargeStatus: string) => ({ result: { instance: { charge: { chargeStatus } } } });
    shell.arm("overdue", true);
    expect(await read()).toMatchObject(charged("overdue"));
    const refused = await call("startInstance", { instanceId: idOf("jd-web-02") });
    expect(refused.error?.message).toBe("Invalid charge state");
    expect((await call("stopInstance", { instanceId: idOf("jd-web-01") })).error).toBeUndefined();
    shell.arm("overdue", false);
    expect(await read()).toMatchObject(charged("normal"));
    expect((await call("startInstance", { instanceId: idOf("jd-web-02") })).error).toBeUndefined();
  });

  test("a stop that names how to charge is refused on a dedicated host, and stopCharging where it does not apply", async () => {
    const stop = async (name: string, chargeOnStopped: string) =>
      (await call("stopInstance", { instanceId: idOf(name), chargeOnStopped })).error?.message;
    expect(await stop("jd-dedicated", "keepCharging")).toBe(
      "keepCharging or stopCharging does not applied to dedicated host",
    );
    expect(await stop("jd-dedicated", "")).toBeUndefined();
    expect(await stop("jd-local-01", "stopCharging")).toBe("stopCharging only applied to cloud system disk");
    expect(await stop("jd-prepaid", "stopCharging")).toBe("stopCharging only applied to postpaid by duration");
  });

  test("the cloud is down for everybody until the switch goes back", async () => {
    shell.arm("down", true);
    expect((await fetch(`${address}/v1/regions/${region}/instances`)).status).toBe(503);
    expect(await call("describeInstances")).toEqual({ requestId: "" });
    shell.arm("down", false);
    expect((await call("describeInstances")).error).toBeUndefined();
  });

  test("somebody else stops, reinstalls, starts and deletes in the console", () => {
    const id = idOf("jd-app-01");
    const step = (what: "stop" | "start" | "reinstall" | "delete") => {
      shell.console(id, what);
      now += 300_000;
      return [statusOf("jd-app-01"), wipes("jd-app-01")];
    };
    expect([step("stop"), step("reinstall"), step("start"), step("delete")]).toEqual([
      ["stopped", 0],
      ["stopped", 1],
      ["running", 1],
      [undefined, undefined],
    ]);
  });
});

test("durations are divided by the speed", async () => {
  await shell.close();
  await open(10);
  await call("rebuildInstance", { instanceId: idOf("jd-web-02"), keyNames: ["oncall-2026"] });
  now += 18_100;
  expect(statusOf("jd-web-02")).toBe("rebuilding");
  now += 200;
  expect(statusOf("jd-web-02")).toBe("stopped");
});

test("there is a server for each refusal and warning", () => {
  const about = shell.panel().map((server) => server.about);
  expect(about).toEqual(
    expect.arrayContaining([
      ...["stopped", "resizing for long", "state error", "its private image was deleted", "local system disk"],
      ...["cloud disk, image only for local disks", "encrypted system disk", "account overdue", "in arrears, stopped"],
      ...[
        "stopping normally gives its CPU away",
        "Windows",
        "no system disk attached",
        "type that some images exclude",
      ],
      "hostile name",
    ]),
  );
});

describe("the official client with a password in hand", () => {
  const password = "Tr4in-Window!9";
  const rebuild = (by: Client) =>
    call("rebuildInstance", { instanceId: idOf("jd-web-02"), imageId: "img-ubuntu2404c", password }, by);

  test("prints nothing: taken, refused, not let in, or without anybody at the other end", async () => {
    const known: (number | undefined)[] = [];
    const heard = await overheard(async () => {
      const [mine, wrong] = [client(), client({ ...simCredentials, secret: "wrong-secret" })];
      for (const by of [mine, mine, wrong]) known.push((await rebuild(by)).error?.code);
      const id = idOf("jd-web-02");
      await shell.close();
      await call("rebuildInstance", { instanceId: id, password }, mine);
    });
    await open(1);
    expect(known).toEqual([undefined, 400, 401]);
    expect(heard).toBe("");
  });

  test("would print it if it were not silenced, and that would be heard", async () => {
    const talking = client();
    const { Config, config } = load("jdcloud-sdk-js/src/global");
    config.update({ logger: new Config().logger });
    expect(await overheard(() => rebuild(talking))).toContain(password);
  });
});
