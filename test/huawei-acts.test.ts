import { describe, expect, test } from "vitest";
import type { Act } from "../src/clouds/cloud.ts";
import { orders, receiptOf, sendReinstall } from "./setup/huawei-orders.ts";
import { HuaweiWorld, minuteMs } from "./setup/huawei-world.ts";

describe.each(["huawei", "otc"] as const)("on %s", (site) => {
  test("a reinstall with the same image runs, ends running and is proved by its job", async () => {
    const world = new HuaweiWorld(site);
    const { before, answer, look } = await sendReinstall(world, "db-01");
    if (answer === "nobody knows") throw new Error("no answer");
    const receipt = receiptOf(answer);
    expect(receipt.facts["job"]).toBe(`/v1/${world.sim.site.regions[0]?.project}/jobs/${receipt.id}`);
    expect(await look()).toMatchObject({ is: "working", says: "the job is INIT" });
    world.pass(minuteMs);
    expect(await look()).toMatchObject({ is: "working", says: "the job is RUNNING" });
    world.pass(10 * minuteMs);
    expect(await look()).toEqual({ is: "done", proof: "receipt" });
    const after = await world.read("db-01");
    expect(after.power).toBe(world.cloud.traits.wipeEnds);
    expect(after.image.id).toBe(before.image.id);
    expect(after.systemDisk?.id).not.toBe(before.systemDisk?.id);
    expect(world.wipes("db-01")).toBe(1);
  });

  test("the operation follows from the image: reinstallos for the same, changeos for another", async () => {
    const world = new HuaweiWorld(site);
    const project = world.sim.site.regions[0]?.project;
    const id = world.idOf("db-01");
    await sendReinstall(world, "db-01");
    world.pass(30 * minuteMs);
    await world.read("db-01");
    world.state = world.sim.console(world.state, id, "stop", world.now);
    world.pass(minuteMs);
    const { act } = await sendReinstall(world, "db-01", { image: "Debian" });
    expect(orders(world).map((each) => new URL(each.url).pathname)).toEqual([
      `/v2/${project}/cloudservers/${id}/reinstallos`,
      `/v2/${project}/cloudservers/${id}/changeos`,
    ]);
    world.pass(30 * minuteMs);
    const wanted = act.kind === "once" ? act.order.image.id : "";
    expect((await world.read("db-01")).image.id).toBe(wanted);
  });

  test("a job that fails is told with its code; the server may then be tried again", async () => {
    const world = new HuaweiWorld(site);
    world.arm("fails");
    const first = await sendReinstall(world, "db-01");
    world.pass(30 * minuteMs);
    expect(await first.look()).toMatchObject({ is: "failed", refusal: { code: "Ecs.0202" } });
    const second = await sendReinstall(world, "db-01");
    world.pass(30 * minuteMs);
    expect(await second.look()).toEqual({ is: "done", proof: "receipt" });
  });

  test("a job that only says that a part of it failed is told with the code of the part", async () => {
    const world = new HuaweiWorld(site);
    const { look } = await sendReinstall(world, "db-01");
    const part = { status: "FAIL", error_code: "Ecs.0021", fail_reason: "Insufficient EVS disk quota." };
    const whole = { status: "FAIL", job_id: "ff80", error_code: "Common.0021", fail_reason: "Subjob fails." };
    const body = JSON.stringify({ ...whole, entities: { sub_jobs_total: 1, sub_jobs: [part] } });
    const exchange = world.exchange.bind(world);
    world.exchange = (request) =>
      request.url.includes("/jobs/") ? { status: 200, headers: {}, body } : exchange(request);
    const seen = await look();
    expect(seen).toMatchObject({ is: "failed", refusal: { code: "Ecs.0021", requestId: "ff80" } });
    expect("refusal" in seen && seen.refusal.says).toContain("The EVS disk quota is used up");
  });

  test("a job that hangs goes on working", async () => {
    const world = new HuaweiWorld(site);
    world.arm("hangs");
    const { look } = await sendReinstall(world, "db-01");
    world.pass(120 * minuteMs);
    expect(await look()).toMatchObject({ is: "working" });
  });

  test("the good state of before proves nothing while the job runs", async () => {
    const world = new HuaweiWorld(site);
    world.arm("stale");
    const { before, look } = await sendReinstall(world, "db-01");
    world.pass(minuteMs);
    expect((await world.read("db-01")).trace).toEqual(before.trace);
    expect(await look()).toMatchObject({ is: "working" });
  });

  test.each(["lost", "internal"])(
    "%s: the order took effect, but without its job it is never called ours",
    async (fault) => {
      const world = new HuaweiWorld(site);
      world.arm(fault);
      const { answer, before, look } = await sendReinstall(world, "db-01");
      expect(answer).toBe("nobody knows");
      expect(await look()).toMatchObject({ is: "working" });
      world.pass(30 * minuteMs);
      const after = await world.read("db-01");
      const seen = await look();
      expect(seen).toMatchObject({ is: "unclear" });
      expect("evidence" in seen && seen.evidence).toContain(
        `system disk: was ${before.systemDisk?.id}, is ${after.systemDisk?.id}`,
      );
      expect(world.wipes("db-01")).toBe(1);
    },
  );

  test("an order that never arrived leaves no trace", async () => {
    const world = new HuaweiWorld(site);
    world.arm("never-arrives");
    const { answer, before, look } = await sendReinstall(world, "db-01");
    expect(answer).toBe("nobody knows");
    world.pass(30 * minuteMs);
    expect(await look()).toEqual({
      is: "no-trace",
      evidence: ["state SHUTOFF", `same system disk ${before.systemDisk?.id}`, `same image ${before.image.id}`],
    });
  });

  test("somebody else's reinstall is not taken for ours", async () => {
    const world = new HuaweiWorld(site);
    world.arm("never-arrives");
    const { look } = await sendReinstall(world, "db-01");
    world.state = world.sim.console(world.state, world.idOf("db-01"), "reinstall", world.now);
    world.pass(30 * minuteMs);
    expect(await look()).toMatchObject({ is: "unclear" });
  });

  test("even the smallest change means that a trace cannot be ruled out", async () => {
    const world = new HuaweiWorld(site);
    world.arm("never-arrives");
    const { look } = await sendReinstall(world, "db-01");
    world.state = world.sim.console(world.state, world.idOf("db-01"), "start", world.now);
    world.pass(5 * minuteMs);
    expect(await look()).toMatchObject({ is: "unclear" });
  });

  test("a job that vanishes after acceptance ends in evidence, not in a verdict", async () => {
    const world = new HuaweiWorld(site);
    world.arm("job-vanishes");
    const { look } = await sendReinstall(world, "db-01");
    expect(await look()).toMatchObject({ is: "working" });
    world.pass(30 * minuteMs);
    const seen = await look();
    expect(seen).toMatchObject({ is: "unclear" });
    expect("evidence" in seen && seen.evidence[0]).toBe(
      "The cloud took the order, but its job can no longer be read (Common.0011).",
    );
  });

  test.each([
    ["refused", "refused", "Ecs.0044"],
    ["throttled", "notSent", "APIGW.0308"],
    ["throttled-1503", "notSent", "Common.1503"],
    ["throttled-202", "notSent", "Common.0024"],
  ])("%s is %s (%s), and nothing happens", async (fault, kind, code) => {
    const world = new HuaweiWorld(site);
    world.arm(fault);
    const { answer } = await sendReinstall(world, "db-01");
    expect(answer).toMatchObject({ [kind]: { code } });
    world.pass(30 * minuteMs);
    await world.read("db-01");
    expect(world.wipes("db-01")).toBe(0);
  });

  test("without a connection nothing is sent", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("db-01");
    const act = world.reinstall(await world.order(server));
    world.offline = true;
    expect(await world.cloud.send(act, server, world.now)).toMatchObject({ notSent: { code: "not-connected" } });
  });

  test("a late copy of an order is turned away by its time of signing", async () => {
    const world = new HuaweiWorld(site);
    const server = await world.read("db-01");
    const act = world.reinstall(await world.order(server));
    const late = world.now - (world.cloud.traits.lateMs ?? 0) - 1_000;
    expect(await world.cloud.send(act, server, late)).toMatchObject({ refused: { code: "APIGW.0301" } });
    expect(await world.cloud.send(act, server, late + 2_000)).toHaveProperty("accepted");
  });

  test("an order goes out once, on a line of its own", async () => {
    const world = new HuaweiWorld(site);
    await sendReinstall(world, "db-01");
    expect(orders(world)).toHaveLength(1);
    expect(orders(world)[0]).toMatchObject({ once: true });
  });

  test("stop and start are done when the server is so, whoever did it", async () => {
    const world = new HuaweiWorld(site);
    const before = await world.read("shop-01");
    const stop: Act = { kind: "converge", act: "stop", hard: false };
    const receipt = receiptOf(await world.cloud.send(stop, before, world.now));
    expect(await world.cloud.look(stop, before, await world.read("shop-01"), receipt)).toMatchObject({ is: "working" });
    world.pass(minuteMs);
    const stopped = await world.read("shop-01");
    expect(await world.cloud.look(stop, before, stopped, receipt)).toEqual({ is: "done", proof: "state" });
    const start: Act = { kind: "converge", act: "start" };
    const first = receiptOf(await world.cloud.send(start, stopped, world.now));
    world.pass(minuteMs);
    const runs = await world.read("shop-01");
    expect(await world.cloud.look(start, stopped, runs, first)).toEqual({ is: "done", proof: "receipt" });
    await world.cloud.send({ ...stop, hard: true }, runs, world.now);
    world.pass(minuteMs);
    world.arm("stock");
    const started = receiptOf(await world.cloud.send(start, stopped, world.now));
    world.pass(minuteMs);
    expect(await world.cloud.look(start, stopped, await world.read("shop-01"), started)).toMatchObject({
      is: "failed",
      refusal: { code: "Ecs.0319", says: "There is no capacity for this flavour just now. Try again later." },
    });
  });

  test("a soft stop that is ignored goes on working; a hard one ends it", async () => {
    const world = new HuaweiWorld(site);
    world.arm("stop-ignored");
    const before = await world.read("shop-01");
    const soft: Act = { kind: "converge", act: "stop", hard: false };
    const receipt = receiptOf(await world.cloud.send(soft, before, world.now));
    world.pass(10 * minuteMs);
    expect(await world.cloud.look(soft, before, await world.read("shop-01"), receipt)).toMatchObject({ is: "working" });
    const hard: Act = { kind: "converge", act: "stop", hard: true };
    const now = await world.read("shop-01");
    const forced = receiptOf(await world.cloud.send(hard, now, world.now));
    world.pass(minuteMs);
    expect(await world.cloud.look(hard, now, await world.read("shop-01"), forced)).toMatchObject({ is: "done" });
  });
});
