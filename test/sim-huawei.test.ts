import { createServer, type Server as HttpServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HuaweiSim, huaweiSim, otcSim } from "../playground/clouds/huawei.ts";
import type { HuaweiState } from "../playground/clouds/huawei-state.ts";
import { simCredentials } from "../playground/clouds/sim.ts";

const load = createRequire(import.meta.url);
const { BasicCredentials } = load("@huaweicloud/huaweicloud-sdk-core");
const { DefaultHttpClient } = load("@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient");
const { HcClient } = load("@huaweicloud/huaweicloud-sdk-core/HcClient");
const { EcsClient } = load("@huaweicloud/huaweicloud-sdk-ecs");

const begin = Date.UTC(2026, 10, 21, 7, 0, 0);
const minute = 60_000;

/** A world whose time the test moves; the SDK signs with the real clock, so the core is told the real time plus `later`. */
class World {
  state: HuaweiState;
  later = 0;
  readonly #http: HttpServer;
  readonly sim: HuaweiSim;
  constructor(sim: HuaweiSim) {
    this.sim = sim;
    this.state = sim.start({ speed: 1, now: Date.now() });
    this.#http = createServer((incoming, outgoing) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        );
        const body = Buffer.concat(parts).toString("utf8");
        const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers, body };
        const now = Date.now() + this.later;
        const [next, reply] = this.sim.handle(this.state, request, now);
        this.state = next;
        if (reply.how === "answer") outgoing.writeHead(reply.status, reply.headers).end(reply.body);
        else incoming.socket.destroy();
      });
    });
  }
  async open(): Promise<void> {
    await new Promise<void>((done) => this.#http.listen(0, "127.0.0.1", done));
  }
  async close(): Promise<void> {
    await new Promise((done) => this.#http.close(done));
  }
  get address(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }
  /** Lets jobs end without leaving the gateway's 15 minutes: everything in progress is moved into the past instead. */
  pass(ms: number): void {
    const jobs = Object.entries(this.state.jobs).map(([id, job]) => [
      id,
      { ...job, beganAt: job.beganAt - ms, runsAt: job.runsAt - ms, endsAt: job.endsAt - ms },
    ]);
    this.state = { ...this.state, jobs: Object.fromEntries(jobs) };
  }
  id(name: string): string {
    const found = Object.values(this.state.servers).find((server) => server.name === name);
    if (!found) throw new Error(`no server ${name}`);
    return found.id;
  }
  image(name: string): string {
    const region = this.sim.site.regions[0]?.name;
    const found = Object.values(this.state.images).find((image) => image.name === name && image.region === region);
    if (!found) throw new Error(`no image ${name}`);
    return found.id;
  }
  arm(fault: string): void {
    this.state = this.sim.arm(this.state, fault, true);
  }
}

/** The official client with its printing loggers silenced: they would print the body of a failed call, password included. */
function sdk(world: World, secret: string = simCredentials.secret) {
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };
  const http = new DefaultHttpClient({ logger: quiet, axiosRequestConfig: { timeout: 5_000, maxRedirects: 0 } }, [
    world.address,
  ]);
  const credential = new BasicCredentials()
    .withAk(simCredentials.id)
    .withSk(secret)
    .withProjectId(world.sim.site.regions[0]?.project);
  return new EcsClient(new HcClient(http, {}).withCredential(credential).withEndpoints([world.address]));
}

const worlds = { huawei: new World(huaweiSim), otc: new World(otcSim) };
beforeAll(async () => {
  await worlds.huawei.open();
  await worlds.otc.open();
});
afterAll(async () => {
  await worlds.huawei.close();
  await worlds.otc.close();
});

async function outcome(call: Promise<{ httpStatusCode?: number; job_id?: string }>): Promise<string> {
  try {
    const answer = await call;
    return answer.job_id ? "accepted" : `${answer.httpStatusCode} without a job`;
  } catch (error) {
    const failure = error as { httpStatusCode?: number; errorCode?: string; message?: string };
    return `${failure.httpStatusCode ?? "no answer"} ${failure.errorCode ?? ""}`.trim();
  }
}

function reinstall(world: World, name: string, body: Record<string, unknown>) {
  return sdk(world).reinstallServerWithCloudInit({ server_id: world.id(name), body: { "os-reinstall": body } });
}
function change(world: World, name: string, body: Record<string, unknown>) {
  return sdk(world).changeServerOsWithCloudInit({ server_id: world.id(name), body: { "os-change": body } });
}
const withKey = { keyname: "oncall-2026", userid: huaweiSim.site.userId, mode: "withStopServer" };
const withOtcKey = { keyname: "oncall-2026", userid: otcSim.site.userId };

describe("the official SDK against the simulated ECS", () => {
  test("a page has 25 servers unless asked otherwise, and offset counts pages", async () => {
    const client = sdk(worlds.huawei);
    const first = await client.listServersDetails({});
    const third = await client.listServersDetails({ limit: 40, offset: 3 });
    const everything = await client.listServersDetails({ limit: 1000 });
    expect(first.servers).toHaveLength(25);
    expect(first.count).toBe(everything.servers.length);
    expect(first.count).toBeGreaterThan(60);
    expect(third.servers.map((server: { id: string }) => server.id)).toEqual(
      everything.servers.slice(80, 120).map((server: { id: string }) => server.id),
    );
  });

  test("a request signed with another key is turned away by the gateway", async () => {
    const call = sdk(worlds.huawei, "another-secret-key").listServersDetails({});
    await expect(call).rejects.toMatchObject({ httpStatusCode: 401, errorCode: "APIGW.0301" });
  });

  test("a request signed more than 15 minutes ago is turned away", async () => {
    const world = new World(huaweiSim);
    await world.open();
    world.later = 16 * minute;
    await expect(sdk(world).listServersDetails({})).rejects.toMatchObject({
      httpStatusCode: 401,
      errorCode: "APIGW.0301",
    });
    world.later = 14 * minute;
    expect((await sdk(world).listServersDetails({})).servers).toHaveLength(25);
    await world.close();
  });

  test("a change of the OS ends running, on a new system disk, with the new image", async () => {
    const world = worlds.huawei;
    const client = sdk(world);
    const id = world.id("web-01");
    const before = (await client.showServer({ server_id: id })).server;
    const imageid = world.image("Ubuntu 24.04 server 64bit");
    const { job_id } = await change(world, "web-01", { ...withKey, imageid });
    expect((await client.showJob({ job_id })).status).toBe("INIT");
    world.pass(5_000);
    expect(await client.showJob({ job_id })).toMatchObject({ status: "RUNNING", end_time: "" });
    const helpers = await client.listServersDetails({ name: "web-01-temporary" });
    expect(helpers.count).toBe(1);
    world.pass(12 * minute);
    expect(await client.showJob({ job_id })).toMatchObject({ status: "SUCCESS", error_code: null, fail_reason: null });
    const after = (await client.showServer({ server_id: id })).server;
    const volume = "os-extended-volumes:volumes_attached";
    expect(after.status).toBe("ACTIVE");
    expect(after.image.id).toBe(imageid);
    expect(after.metadata["metering.image_id"]).toBe(imageid);
    expect(after[volume][0].id).not.toBe(before[volume][0].id);
    expect(after[volume].slice(1)).toEqual(before[volume].slice(1));
    expect(after.addresses).toEqual(before.addresses);
    expect((await client.listServersDetails({ name: "web-01-temporary" })).count).toBe(0);
  });

  test("stop and start are jobs of their own", async () => {
    const world = worlds.otc;
    const servers = [{ id: world.id("node-001") }];
    const stop = await sdk(world).batchStopServers({ body: { "os-stop": { type: "SOFT", servers } } });
    world.pass(minute);
    expect((await sdk(world).showJob({ job_id: stop.job_id })).entities.sub_jobs[0].status).toBe("SUCCESS");
    expect((await sdk(world).showServer({ server_id: servers[0]?.id })).server.status).toBe("SHUTOFF");
    await sdk(world).batchStartServers({ body: { "os-start": { servers } } });
    world.pass(minute);
    expect((await sdk(world).showServer({ server_id: servers[0]?.id })).server.status).toBe("ACTIVE");
  });

  test("key pairs are those of the caller, and there may be none", async () => {
    const names = (await sdk(worlds.huawei).novaListKeypairs({})).keypairs.map(
      (each: { keypair: { name: string } }) => each.keypair.name,
    );
    expect(names).toEqual(["oncall-2026", "deploy"]);
  });

  test("an id that is no server is not found", async () => {
    const answer = sdk(worlds.huawei).showServer({ server_id: "00000000-0000-0000-0000-000000000000" });
    await expect(answer).rejects.toMatchObject({ httpStatusCode: 404, errorCode: "Ecs.0114" });
  });

  test("a job nobody knows is answered in the flat envelope", async () => {
    await expect(sdk(worlds.huawei).showJob({ job_id: "ff80" })).rejects.toMatchObject({ httpStatusCode: 400 });
  });
});

describe("what the simulated ECS refuses", () => {
  const password = "Correct-Horse-7";
  test.each([
    ["a running server, where it must be stopped first", "otc", "web-01", withOtcKey, "400 Ecs.0100"],
    [
      "a running server on OTC even with withStopServer",
      "otc",
      "web-01",
      { ...withOtcKey, mode: "withStopServer" },
      "400 Ecs.0100",
    ],
    [
      "a running server on Huawei without withStopServer",
      "huawei",
      "node-002",
      { adminpass: password },
      "400 Ecs.0100",
    ],
    ["a password on OTC", "otc", "db-01", { adminpass: password }, "400 Ecs.0005"],
    ["a key pair without its user", "huawei", "db-01", { keyname: "oncall-2026" }, "400 Ecs.0005"],
    ["a key pair of somebody else", "huawei", "db-01", { ...withKey, keyname: "someone-elses" }, "400 Ecs.0314"],
    ["password and key pair together", "huawei", "db-01", { ...withKey, adminpass: password }, "400 Ecs.0005"],
    ["neither password nor key pair", "huawei", "db-01", {}, "400 Ecs.0005"],
    ["a weak password", "huawei", "db-01", { adminpass: "weakpassword" }, "400 Ecs.0011"],
    [
      "BYOL for an OS that is not billed",
      "huawei",
      "db-01",
      { ...withKey, metadata: { BYOL: "true" } },
      "400 Ecs.0090",
    ],
    ["no system disk", "otc", "diskless-01", withOtcKey, "400 Ecs.0105"],
    ["an H2 flavour", "huawei", "hpc-01", withKey, "400 Ecs.0005"],
    ["a locked server", "huawei", "locked-01", withKey, "400 Ecs.0605"],
    ["a spot instance", "huawei", "spot-01", withKey, "400 Ecs.0005"],
    ["a private image that is gone", "huawei", "orphan-01", withKey, "400 Ecs.0031"],
    ["a private image that is not active", "huawei", "half-01", withKey, "400 Ecs.0032"],
    ["another operation in progress", "huawei", "busy-01", withKey, "400 Ecs.0100"],
    ["a server still being created", "huawei", "new-01", withKey, "400 Ecs.0100"],
    ["a frozen server", "otc", "frozen-01", withOtcKey, "400 Ecs.0030"],
  ] as const)("%s", async (_, site, name, body, says) => {
    expect(await outcome(reinstall(worlds[site], name, body))).toBe(says);
  });

  test("a flavour that does not fit the image, in the words of the real answer", async () => {
    const imageid = worlds.huawei.image("Big Data Edition 64bit");
    const call = change(worlds.huawei, "db-01", { ...withKey, imageid });
    await expect(call).rejects.toMatchObject({
      errorCode: "Ecs.0005",
      errorMsg: "The flavor does not match the image.",
    });
  });

  test.each(["failed-01", "failed-02"])("but %s, whose last reinstall failed, may be tried again", async (name) => {
    expect(await outcome(reinstall(worlds.otc, name, withOtcKey))).toBe("accepted");
    expect(await outcome(reinstall(worlds.otc, name, withOtcKey))).toBe("501 Ecs.0603");
  });

  test("every server that is there to show something says what", () => {
    const abouts = huaweiSim.panel(worlds.huawei.state, Date.now()).filter((server) => server.about !== "");
    expect(abouts.length).toBeGreaterThan(20);
  });
});

describe("what can be made to go wrong", () => {
  const wiped = (world: World, name: string) => world.state.servers[world.id(name)]?.reinstalls;
  const lookOf = async (world: World, name: string) =>
    (await sdk(world).showServer({ server_id: world.id(name) })).server.status;

  test.each([
    ["refused", "400 Ecs.0044", 0],
    ["throttled", "429 APIGW.0308", 0],
    ["throttled-1503", "429 Common.1503", 0],
    ["throttled-202", "202 without a job", 0],
    ["never-arrives", "no answer", 0],
    ["lost", "no answer", 1],
    ["internal", "500 Common.0001", 1],
  ] as const)("%s is answered with %s and wipes %i times", async (fault, says, wipes) => {
    const world = new World(huaweiSim);
    await world.open();
    world.arm(fault);
    expect(await outcome(reinstall(world, "db-01", withKey))).toBe(says);
    world.pass(30 * minute);
    await lookOf(world, "db-01");
    expect(wiped(world, "db-01")).toBe(wipes);
    expect(world.sim.faults(world.state).filter((each) => each.armed)).toEqual([]);
    await world.close();
  });

  test.each([
    ["fails", { status: "FAIL", error_code: "Ecs.0202" }, "ERROR"],
    ["hangs", { status: "RUNNING" }, "REBUILD"],
  ] as const)("an accepted reinstall that is %s shows it in its job", async (fault, job, status) => {
    const world = new World(otcSim);
    await world.open();
    world.arm(fault);
    const { job_id } = await reinstall(world, "db-01", withOtcKey);
    world.pass(60 * minute);
    expect(await sdk(world).showJob({ job_id })).toMatchObject(job);
    expect(await lookOf(world, "db-01")).toBe(status);
    await world.close();
  });

  test("a job may vanish, and an image without Cloud-Init fails only in the job", async () => {
    const world = new World(huaweiSim);
    await world.open();
    world.arm("job-vanishes");
    const gone = await reinstall(world, "db-01", withKey);
    await expect(sdk(world).showJob({ job_id: gone.job_id })).rejects.toMatchObject({ httpStatusCode: 400 });
    const { job_id } = await reinstall(world, "legacy-01", withKey);
    world.pass(30 * minute);
    expect(await sdk(world).showJob({ job_id })).toMatchObject({ status: "FAIL", error_code: "Ecs.0007" });
    await world.close();
  });

  test("the good state of before may still be shown after acceptance", async () => {
    const world = new World(otcSim);
    await world.open();
    world.arm("stale");
    await reinstall(world, "db-01", withOtcKey);
    expect(await lookOf(world, "db-01")).toBe("SHUTOFF");
    await world.close();
  });

  test("a soft stop may be ignored, a hard one is not; a start may lack stock; the quota may be used up", async () => {
    const world = new World(otcSim);
    await world.open();
    const servers = [{ id: world.id("node-003") }];
    world.arm("stop-ignored");
    await sdk(world).batchStopServers({ body: { "os-stop": { type: "SOFT", servers } } });
    world.pass(10 * minute);
    expect(await lookOf(world, "node-003")).toBe("ACTIVE");
    await sdk(world).batchStopServers({ body: { "os-stop": { type: "HARD", servers } } });
    world.pass(minute);
    expect(await lookOf(world, "node-003")).toBe("SHUTOFF");
    world.arm("stock");
    const start = await sdk(world).batchStartServers({ body: { "os-start": { servers } } });
    world.pass(minute);
    expect(await sdk(world).showJob({ job_id: start.job_id })).toMatchObject({
      status: "FAIL",
      error_code: "Ecs.0319",
    });
    world.arm("quota-zero");
    expect(await outcome(reinstall(world, "node-003", withOtcKey))).toBe("400 Ecs.0021");
    await world.close();
  });

  test("a cloud that is down answers nothing at all", async () => {
    const world = new World(huaweiSim);
    await world.open();
    world.arm("down");
    expect(await outcome(sdk(world).listServersDetails({}))).toBe("no answer");
    await world.close();
  });
});

test("the core is pure: a state handed out stays as it was", () => {
  const state = otcSim.start({ speed: 1, now: begin });
  const copy = structuredClone(state);
  const id = Object.keys(state.servers)[0] ?? "";
  const next = otcSim.console(state, id, "reinstall", begin);
  expect(otcSim.panel(next, begin + 20 * minute).find((server) => server.id === id)?.reinstalls).toBe(1);
  expect(state).toEqual(copy);
});
