import { describe, expect, test } from "vitest";
import type { HttpResponse } from "../../src/seams.ts";
import { cases } from "../setup/cases.ts";
import { kinds, minutes, receiptOf, World, whatCame } from "./world.ts";

const unclear: readonly (readonly [what: string, answer: HttpResponse])[] = [
  ["an error of the service's own", { status: 500, headers: {}, body: "Internal Server Error" }],
  ["a page of a proxy", { status: 503, headers: {}, body: "<html>503</html>" }],
  ["a success that says nothing", { status: 200, headers: {}, body: "" }],
  ["a success of another shape", { status: 200, headers: {}, body: '{"ok":true}' }],
  ["a redirect", { status: 302, headers: { location: "https://example.com" }, body: "" }],
];

describe.each(cases)("$title keeps the promises of a cloud: when nobody knows", (of) => {
  test.each(unclear)("%s is thrown, neither accepted nor refused", async (_what, answer) => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.spoil = (request, deliver) => {
      deliver();
      return request.once ? answer : deliver();
    };
    expect(whatCame(await world.send(act, before))).toBe("thrown");
  });

  test.each(["lost", "neverArrives"] as const)("an answer that is cut off (%s) is thrown", async (fault) => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults[fault]);
    expect(whatCame(await world.send(act, before))).toBe("thrown");
    world.pass(60 * minutes);
    expect(world.panel().reinstalls).toBe(fault === "lost" ? 1 : 0);
  });

  test("without a receipt a reinstall that ran is seen, and never called ours", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before, { image: await world.otherImage(before) });
    world.arm(of.faults.lost);
    await world.send(act, before);
    const seen = await world.looks(act, before, null, 40 * minutes);
    expect(kinds(seen).filter((kind) => kind.startsWith("done") || kind === "failed")).toEqual([]);
    expect(seen.at(-1)).toMatchObject({
      is: "unclear",
      evidence: expect.arrayContaining([expect.stringMatching(/\w/)]),
    });
  });

  test("a stranger's reinstall in the console is never adopted as ours", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults.neverArrives);
    await world.send(act, before);
    world.console("reinstall");
    const seen = await world.looks(act, before, null, 40 * minutes);
    expect(world.panel().reinstalls).toBe(1);
    expect(kinds(seen).filter((kind) => kind.startsWith("done") || kind === "failed")).toEqual([]);
  });

  test("an order that never arrived leaves no trace", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    world.arm(of.faults.neverArrives);
    await world.send(act, before);
    const seen = await world.looks(act, before, null, 30 * minutes);
    expect(kinds(seen)).toEqual(["no-trace"]);
    expect(seen[0]).toMatchObject({ evidence: expect.arrayContaining([expect.stringMatching(/\w/)]) });
  });

  test("a server that was deleted before anybody looked is neither done nor without a trace", async () => {
    const world = new World(of);
    const before = await world.ready();
    const act = await world.reinstall(before);
    const receipt = receiptOf(await world.send(act, before));
    world.pass(60 * minutes);
    world.console("delete");
    const seen = await world.looks(act, before, receipt, 30 * minutes);
    expect(kinds(seen).filter((kind) => kind.startsWith("done") || kind === "no-trace")).toEqual([]);
  });
});
