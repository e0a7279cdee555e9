import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { huaweiSim, otcSim } from "../playground/clouds/huawei.ts";
import { change, outcome, reinstall, sdk, talkingSdk, World, withKey, withOtcKey } from "./setup/huawei-sdk.ts";
import { overheard } from "./setup/overheard.ts";

const minute = 60_000;
const worlds = { huawei: new World(huaweiSim), otc: new World(otcSim) };
beforeAll(async () => {
  await worlds.huawei.open();
  await worlds.otc.open();
});
afterAll(async () => {
  await worlds.huawei.close();
  await worlds.otc.close();
});

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
    const id = world.id("shop-01");
    const before = (await client.showServer({ server_id: id })).server;
    const imageid = world.image("Ubuntu 24.04 server 64bit");
    const { job_id } = await change(world, "shop-01", { ...withKey, imageid });
    expect((await client.showJob({ job_id })).status).toBe("INIT");
    world.pass(5_000);
    expect(await client.showJob({ job_id })).toMatchObject({ status: "RUNNING", end_time: "" });
    const temporary = await client.listServersDetails({ name: "shop-01-temporary" });
    expect(temporary.count).toBe(1);
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
    expect((await client.listServersDetails({ name: "shop-01-temporary" })).count).toBe(0);
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
    ["a running server, where it must be stopped first", "otc", "shop-01", withOtcKey, "400 Ecs.0100"],
    [
      "a running server on OTC even with withStopServer",
      "otc",
      "shop-01",
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

describe("the official SDK with a password in hand", () => {
  const adminpass = "Correct-Horse-7";
  const wish = (world: World) => ({
    server_id: world.id("db-01"),
    body: { "os-reinstall": { adminpass, mode: "withStopServer" } },
  });

  test("prints nothing: taken, refused, not let in, or without anybody at the other end", async () => {
    const world = new World(huaweiSim);
    await world.open();
    const known: string[] = [];
    const heard = await overheard(async () => {
      const [mine, wrong] = [sdk(world), sdk(world, "wrong-secret")];
      for (const by of [mine, mine, wrong]) known.push(await outcome(by.reinstallServerWithCloudInit(wish(world))));
      await world.close();
      known.push(await outcome(mine.reinstallServerWithCloudInit(wish(world))));
    });
    expect(known.map((each) => each.split(" ")[0])).toEqual(["accepted", "501", "401", "no"]);
    expect(heard).toBe("");
  });

  test("would print it if it were not silenced, and that would be heard", async () => {
    const world = new World(huaweiSim);
    await world.open();
    const wrong = talkingSdk(world, "wrong-secret");
    const heard = await overheard(() => outcome(wrong.reinstallServerWithCloudInit(wish(world))));
    await world.close();
    expect(heard).toContain(adminpass);
  });
});
