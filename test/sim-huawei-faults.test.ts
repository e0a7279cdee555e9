import { describe, expect, test } from "vitest";
import { huaweiSim, otcSim } from "../playground/clouds/huawei.ts";
import { outcome, reinstall, sdk, World, withKey, withOtcKey } from "./setup/huawei-sdk.ts";

const minute = 60_000;
const begin = Date.UTC(2026, 10, 21, 7, 0, 0);

describe("what can be made to go wrong", () => {
  const wiped = (world: World, name: string) => world.state.servers[world.id(name)]?.reinstalls;
  const lookOf = async (world: World, name: string) =>
    (await sdk(world).showServer({ server_id: world.id(name) })).server.status;

  test.each([
    ["refused", "400 Ecs.0044", 0],
    ["throttled", "429 APIGW.0308", 0],
    ["throttled-1503", "429 Common.1503", 0],
    ["throttled-202", "202 without a job", 0],
    ["call-throttled", "429 APIGW.0308", 0],
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
