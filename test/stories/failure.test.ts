import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, whispered, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe.each(cases)("$title: when it fails", (of) => {
  test("a failed reinstall is retried by button, and ends done", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain(`❌ *The reinstall of \`${of.server}\` failed.* Take the system disk as erased.`);
    await now.meanwhile(now.oscar.press(root(now, now.oscar), "Retry"));
    expect(whispered(now.oscar)).toContain("Only <@U0ENGINEER> or an approver can do this");
    if (of.mendedBy !== undefined) now.cloud(of.account.name).console(now.request().order.server.id, of.mendedBy);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(threadTexts(now)).toContain("<@U0ENGINEER> pressed Retry: attempt 2.");
  });

  test("the reply that calls people is short, yet says what failed, of the disk, of the server, and who can act", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    const reply = now.erin.thread(root(now)).at(-1);
    const [head = "", why = "", stands = "", who = "", ...more] = (reply?.text ?? "").split("\n");
    expect(head).toBe(`❌ *The reinstall of \`${of.server}\` failed.* Take the system disk as erased.`);
    expect(root(now).text).toContain(why.replace(/…$/, ""));
    expect(stands).toMatch(
      stoppedFirst(now)
        ? /^⚠️ The bot had stopped the server and does not start it again; its state is `[\w .()-]+`\.$/
        : /^The server was `[\w .()-]+` at <!date/,
    );
    expect(who).toMatch(
      /^<@U0ENGINEER> <@U0APPROVER1> Requester or approver: Retry until <!date.*>, Change or Abandon\.$/,
    );
    expect(more).toEqual([]);
    const request = now.request();
    const receipt =
      "attempts" in request ? request.attempts[0]?.steps.find(({ id }) => id === "reinstall")?.receipt : null;
    expect(root(now).text).toContain(receipt?.id);
    expect(reply?.text).not.toContain(receipt?.id);
    if (reply === undefined) throw new Error("nothing was said");
    if (of.mendedBy !== undefined) now.cloud(of.account.name).console(request.order.server.id, of.mendedBy);
    await now.meanwhile(now.erin.press(reply, "Retry"));
    await ends(now, "done");
  });

  test("after the second failure there is no Retry, but a text to paste into a support ticket", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    if (of.mendedBy !== undefined) now.cloud(of.account.name).console(now.request().order.server.id, of.mendedBy);
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await now.meanwhile(now.ana.press(root(now, now.ana), "Retry"));
    await now.until(
      "it failed again",
      () => now.request().status === "failed" && root(now).text.includes("second failure"),
    );
    const request = now.request();
    if (request.status !== "failed") throw new Error("it has not failed");
    expect(() => now.erin.press(root(now), "Retry")).toThrow();
    for (const attempt of request.attempts) {
      const receipt = attempt.steps.find(({ id }) => id === "reinstall")?.receipt?.id ?? "none";
      expect(root(now).text).toContain(receipt);
    }
    expect(root(now).text).toContain(request.order.server.id);
    expect(threadTexts(now).at(-1)).toContain("It was the second failure: no more Retry. The card has a text for");
    expect(threadTexts(now).at(-1)).not.toContain(request.order.server.id);
    await now.meanwhile(now.erin.press(root(now), "Abandon"));
    await ends(now, "abandoned");
  });

  test("a refused reinstall erases nothing and says so", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    await now.until("a server that the bot stopped runs again", () => stateOf(now, of) === of.running);
  });

  test("a throttled order is sent later in the same attempt", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.throttled, true);
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
    expect(threadTexts(now).filter((text) => text.includes("Attempt"))).toEqual([]);
  });

  test("an old good state shown after acceptance is not taken for the end", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.stale, true);
    await approve(now);
    await now.until("the cloud has it", () => threadTexts(now).some((text) => text.includes("accepted")));
    await now.pass(60_000);
    expect(now.request().status).not.toBe("done");
    expect(threadTexts(now).some((text) => text.includes("is back"))).toBe(false);
  });

  test("nobody presses Retry: after an hour it is closed, and the server may be asked for again", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    await ends(now, "abandoned");
    expect(root(now).text).toContain("Nobody pressed Retry in time");
    await ask(now, of);
    expect(now.store.hot().filter(({ status }) => status === "pending")).toHaveLength(1);
  });

  test("a server that somebody else reinstalls between asking and approving is not touched", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { image: of.otherImage });
    const id = now.request().order.server.id;
    await now.pass(20_000);
    now.cloud(of.account.name).console(id, "delete");
    await now.pass(60_000);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("no longer has a server with this id");
    expect(root(now).text).toContain("Nothing was erased.");
  });
});

function stoppedFirst(now: Story): boolean {
  const request = now.request();
  const steps = "attempts" in request ? (request.attempts[0]?.steps ?? []) : [];
  return steps.some(({ id, before }) => id === "stop" && before?.power === "running");
}
