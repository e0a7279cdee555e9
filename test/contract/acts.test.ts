import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Look } from "../../src/clouds/cloud.ts";
import { cases } from "../setup/cases.ts";
import { kinds, minutes, receiptOf, World, whatCame } from "./world.ts";

const over = ({ is }: Look) => is === "done" || is === "failed";
const stop = { kind: "converge", act: "stop", hard: false } as const;
const start = { kind: "converge", act: "start" } as const;

describe.each(cases)("$title keeps the promises of a cloud: reinstalling", (of) => {
  test("accepted, then working, then done with the receipt as proof", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    const receipt = receiptOf(await world.send(act, before));
    expect(receipt?.id).toMatch(/\w{8}/);
    const seen = await world.looks(act, before, receipt, 60 * minutes, over);
    expect(kinds(seen)).toEqual(["working", "done by receipt"]);
    expect((await world.read()).power).toBe(world.cloud.traits.wipeEnds);
    expect(world.panel().reinstalls).toBe(1);
  });

  test("the image, the login and the password ordered are what the server has afterwards", async () => {
    const world = new World(of);
    const before = await world.ready();
    const image = await world.otherImage(before);
    const generated = of.logins.includes("generated") ? { login: { kind: "generated", user: "root" } as const } : {};
    const act = await world.reinstall(before, { image, ...generated });
    const receipt = receiptOf(await world.send(act, before));
    await world.looks(act, before, receipt, 60 * minutes, over);
    const after = await world.read();
    expect(after.image).toEqual({ id: image.id, name: image.name });
    expect(after.identity).not.toEqual(before.identity);
    expect(of.sim.passwords(world.state)[before.ref.id]).toBe(act.secret?.open());
  });

  test("an order is one request, never repeated, and signed with the time that was saved", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.sent.length = 0;
    const signedAt = world.now;
    world.pass(20_000);
    await world.send(act, before, signedAt);
    const [order, ...others] = world.acts();
    expect(others).toEqual([]);
    expect(order?.method).toBe("POST");
    const times = [String(signedAt / 1000), new Date(signedAt).toISOString().replace(/[-:]|\.\d+/g, "")];
    expect(Object.values(order?.headers ?? {}).some((value) => times.includes(value))).toBe(true);
  });

  test("a copy of an order that comes after the cloud's window is turned away by the cloud itself", async () => {
    const world = new World(of);
    const { lateMs } = world.cloud.traits;
    const before = await world.ready();
    const act = await world.reinstall(before);
    await world.looks(act, before, receiptOf(await world.send(act, before)), 60 * minutes, over);
    if (!world.cloud.traits.wipeFrom.includes((await world.read()).power)) await world.ready();
    world.pass((lateMs ?? 0) + minutes);
    const order = world.acts().find(({ url, body, headers, method }) => {
      const path = url.slice(new URL(url).origin.length);
      return of.is("reinstall", { method, path, headers, body });
    });
    if (order === undefined) throw new Error("no order was sent");
    // Where no window is known the bot concludes nothing from time, whatever the simulated cloud does.
    if (lateMs !== null) world.deliver(order);
    world.pass(60 * minutes);
    expect(world.panel().reinstalls).toBe(1);
  });

  test("refused: nothing happened, by the cloud's own word and code, and nothing is to be seen of it", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults.refused);
    const sent = await world.send(act, before);
    expect(sent).toMatchObject({
      answer: { refused: { code: expect.stringMatching(/\w/), requestId: expect.stringMatching(/\w/) } },
    });
    expect("answer" in sent && "refused" in sent.answer && sent.answer.refused.says).toMatch(/^[A-Z].*\.$/);
    expect(kinds(await world.looks(act, before, null, 5 * minutes))).toEqual(["no-trace"]);
    expect(world.panel().reinstalls).toBe(0);
  });

  test.each(["throttled", "unreachable"])("%s: not sent, so the same order may go out later, once", async (how) => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    if (how === "throttled") world.arm(of.faults.throttled);
    else world.unreachable = true;
    expect(whatCame(await world.send(act, before))).toBe("notSent");
    world.unreachable = false;
    world.arm(of.faults.throttled, false);
    world.pass(minutes);
    expect(kinds(await world.looks(act, before, null, 5000))).toEqual(["no-trace"]);
    expect(whatCame(await world.send(act, before))).toBe("accepted");
    world.pass(60 * minutes);
    expect(world.panel().reinstalls).toBe(1);
  });

  test("failed: the refusal says what happened, in the cloud's own code", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults.fails);
    const receipt = receiptOf(await world.send(act, before));
    const seen = await world.looks(act, before, receipt, 60 * minutes, over);
    expect(seen.at(-1)).toMatchObject({ is: "failed", refusal: { code: expect.stringMatching(/\w/) } });
    expect((await world.read()).power).toBe("broken");
  });

  test("an old good state shown after acceptance is never the end", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults.stale);
    const receipt = receiptOf(await world.send(act, before));
    const seen = await world.looks(act, before, receipt, 60 * minutes, over);
    // Past the time for which an old picture is usual, it is a doubt; only the operation's own end is the end.
    expect(kinds(seen.filter(({ is }) => is !== "unclear"))).toEqual(["working", "done by receipt"]);
    expect(seen.length).toBeGreaterThan(12);
    expect(world.panel().reinstalls).toBe(1);
  });
});

describe.each(cases)("$title keeps the promises of a cloud: stop and start", (of) => {
  test("each takes, by the state itself", async () => {
    const world = new World(of);
    await world.settle(stop, await world.read());
    expect((await world.read()).power).toBe("stopped");
    await world.settle(start, await world.read());
    expect((await world.read()).power).toBe("running");
  });

  test("each may be sent again: what is already so is no refusal", async () => {
    const world = new World(of);
    const before = await world.read();
    expect(whatCame(await world.send(start, before))).toBe("accepted");
    await world.settle(stop, before);
    const stopped = await world.read();
    expect(whatCame(await world.send(stop, stopped))).toBe("accepted");
    world.pass(minutes);
    expect((await world.read()).power).toBe("stopped");
  });

  test("a start that is refused says why", async () => {
    const world = new World(of);
    await world.settle(stop, await world.read());
    const before = await world.read();
    world.arm("never" in of.stopping ? "stock" : of.stopping.startRefused);
    const sent = await world.send(start, before);
    const receipt = receiptOf(sent);
    const seen = receipt === null ? [] : await world.looks(start, before, receipt, 5 * minutes, over);
    const refusal = seen.at(-1) ?? ("answer" in sent ? sent.answer : {});
    expect(inspect(refusal, { depth: 5 })).toMatch(/refus/);
    expect((await world.read()).power).toBe("stopped");
  });
});
