import { beforeEach, describe, expect, test } from "vitest";
import { tencentSim } from "../playground/clouds/tencent.ts";
import type { Act } from "../src/clouds/cloud.ts";
import { generate } from "../src/clouds/password.ts";
import { seeded } from "./tencent-samples.ts";
import { minutes, receiptOf, type Simulated, simulated, the, web01 } from "./tencent-simulated.ts";

let world: Simulated;
beforeEach(() => {
  world = simulated();
});

describe("a reinstall", () => {
  test("works from acceptance on, though the old good world.state shows at first, and is done by its receipt", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    expect(
      (await world.cloud.notices(act.order, before)).filter(({ kind }) => kind === "refused" || kind === "wait"),
    ).toEqual([]);
    const receipt = receiptOf(await world.cloud.send(act, before, world.clock.nowMs));
    const seen: string[] = [];
    for (let minute = 0; minute <= 8; minute++) {
      seen.push((await world.cloud.look(act, before, await world.read(web01), receipt)).is);
      world.clock.nowMs += minutes;
    }
    expect(new Set(seen)).toEqual(new Set(["working", "done"]));
    expect(seen[0]).toBe("working");
    const after = await world.read(web01);
    expect(after).toMatchObject({ power: "running", image: { id: act.order.image.id }, loginUser: "ubuntu" });
    expect(after.systemDisk).toEqual(before.systemDisk);
  });

  test("sets the generated password, and nothing but the server holds it", async () => {
    const before = await world.named("win-01");
    const user = world.cloud.choices(before, null).user;
    const rules = the(world.cloud.choices(before, null).password);
    const secret = generate(rules, seeded("windows"));
    const act = await world.reinstall(before, "windows 2022", { kind: "generated", user }, secret);
    const answer = await world.cloud.send(act, before, world.clock.nowMs);
    expect(user).toBe("Administrator");
    expect(JSON.stringify(answer)).not.toContain(secret.open());
    world.clock.nowMs += 8 * minutes;
    await world.read(before.ref.id);
    expect(tencentSim.passwords(world.state)[before.ref.id]).toBe(secret.open());
  });

  test.each(["reset-answer-lost", "reset-answer-500", "reset-answer-internal-error"])(
    "with %s is thrown as unclear, took effect once, and is not adopted without a receipt",
    async (fault) => {
      const before = await world.read(web01);
      const act = await world.reinstall(before);
      world.state = tencentSim.arm(world.state, fault, true);
      await expect(world.cloud.send(act, before, world.clock.nowMs)).rejects.toMatchObject({ name: "Unclear" });
      world.clock.nowMs += 8 * minutes;
      expect(await world.cloud.look(act, before, await world.read(web01), null)).toMatchObject({ is: "unclear" });
      expect(world.state.wipes.filter(({ server }) => server === web01)).toHaveLength(1);
    },
  );

  test("that never arrived leaves no trace", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    world.state = tencentSim.arm(world.state, "reset-never-arrives", true);
    await expect(world.cloud.send(act, before, world.clock.nowMs)).rejects.toMatchObject({ name: "Unclear" });
    world.clock.nowMs += 8 * minutes;
    expect(await world.cloud.look(act, before, await world.read(web01), null)).toMatchObject({ is: "no-trace" });
    expect(world.state.wipes).toEqual([]);
  });

  test("that is throttled was not sent; one that is sold out is refused in plain words", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    world.state = tencentSim.arm(world.state, "reset-throttled", true);
    expect(await world.cloud.send(act, before, world.clock.nowMs)).toMatchObject({
      notSent: { code: "RequestLimitExceeded" },
    });
    world.state = tencentSim.arm(tencentSim.arm(world.state, "reset-throttled", false), "reset-refused", true);
    expect(await world.cloud.send(act, before, world.clock.nowMs)).toMatchObject({
      refused: { says: expect.stringMatching(/no disk of this type left/) },
    });
  });

  test("that fails after acceptance has failed, and the server may be reinstalled again", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    world.state = tencentSim.arm(world.state, "reset-fails", true);
    const receipt = receiptOf(await world.cloud.send(act, before, world.clock.nowMs));
    world.clock.nowMs += 8 * minutes;
    const now = await world.read(web01);
    expect(await world.cloud.look(act, before, now, receipt)).toMatchObject({
      is: "failed",
      refusal: { requestId: receipt?.id },
    });
    expect(now.power).toBe("broken");
    expect(receiptOf(await world.cloud.send(await world.reinstall(now), now, world.clock.nowMs))).not.toBeNull();
  });

  test("sent twice while the first is under way is not taken for refused", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    await world.cloud.send(act, before, world.clock.nowMs);
    await expect(world.cloud.send(act, before, world.clock.nowMs)).rejects.toMatchObject({ name: "Unclear" });
    expect(world.state.wipes).toHaveLength(1);
  });

  test("signed more than 5 minutes ago is turned away by the cloud itself", async () => {
    const before = await world.read(web01);
    const late = await world.cloud.send(await world.reinstall(before), before, world.clock.nowMs - 6 * minutes);
    expect(late).toMatchObject({ refused: { code: "AuthFailure.SignatureExpire" } });
  });

  test("in the console, by somebody else, is never taken for ours", async () => {
    const before = await world.read(web01);
    const act = await world.reinstall(before);
    const receipt = receiptOf(await world.cloud.send(act, before, world.clock.nowMs));
    world.clock.nowMs += 10 * minutes;
    await world.read(web01);
    world.state = tencentSim.console(world.state, web01, "reinstall", world.clock.nowMs);
    world.clock.nowMs += 10 * minutes;
    expect(await world.cloud.look(act, before, await world.read(web01), receipt)).toMatchObject({ is: "unclear" });
  });
});

describe("stop and start", () => {
  test("end in the world.state asked for, and asking again is success", async () => {
    const stop: Act = { kind: "converge", act: "stop", hard: false };
    const start: Act = { kind: "converge", act: "start" };
    for (const [act, power] of [
      [stop, "stopped"],
      [start, "running"],
    ] as const) {
      const before = await world.read(web01);
      const receipt = receiptOf(await world.cloud.send(act, before, world.clock.nowMs));
      expect(await world.cloud.look(act, before, await world.read(web01), receipt)).toEqual({ is: "working" });
      expect(await world.cloud.send(act, before, world.clock.nowMs)).toMatchObject({ notSent: {} });
      world.clock.nowMs += 2 * minutes;
      expect(await world.read(web01)).toMatchObject({ power });
      expect(await world.cloud.look(act, before, await world.read(web01), receipt)).toEqual({
        is: "done",
        proof: "receipt",
      });
      expect(await world.cloud.send(act, before, world.clock.nowMs)).toMatchObject({ accepted: {} });
    }
  });
});
