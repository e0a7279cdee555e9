import { afterEach, describe, expect, test } from "vitest";
import { cases, jdcloudCase } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, whispered, wipes } from "../setup/deeds.ts";
import { type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe.each(cases)("$title: when an answer is lost", (of) => {
  test("the reinstall took effect: it is not sent again, nobody claims to know, an approver settles", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.lost, true);
    await approve(now);
    await ends(now, "unsure");
    expect(root(now).text).toContain(
      `❓ *I do not know whether \`${of.server}\` was reinstalled.* I will not send it again.`,
    );
    await now.pass(15 * 60_000);
    expect(now.request().status).toBe("unsure");
    expect(wipes(now, of)).toBe(1);
    await now.meanwhile(now.erin.press(root(now), "It was reinstalled"));
    expect(whispered(now.erin)).toContain("whether it ran is for somebody else to say");
    await now.meanwhile(now.ana.press(root(now, now.ana), "It was reinstalled"));
    await ends(now, "done");
    expect(threadTexts(now).at(-1)).toContain("is the word of <@U0APPROVER1>");
    expect(wipes(now, of)).toBe(1);
    expect(stateOf(now, of)).toBe(of.running);
  });

  test("an approver's word that it did not run is checked, and does not count against what the cloud shows", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { image: of.otherImage });
    now.cloud(of.account.name).arm(of.faults.lost, true);
    await approve(now);
    await ends(now, "unsure");
    await now.pass(20 * 60_000);
    await now.meanwhile(now.ana.press(root(now, now.ana), "It was not…"));
    await now.pass(30 * 60_000);
    expect(now.request().status).toBe("unsure");
    expect(root(now).text).toContain("does not fit");
    expect(wipes(now, of)).toBe(1);
  });

  test("the order never arrived: nothing is erased, and Retry sends it for the first time", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.neverArrives, true);
    await approve(now);
    await ends(now, "unsure");
    await now.pass(60_000);
    expect(now.request().status).toBe("unsure");
    if (of.onlyPeopleSettle) {
      await now.pass(60 * 60_000);
      expect(now.request().status).toBe("unsure");
      await now.meanwhile(now.ana.press(root(now, now.ana), "It was not…"));
    }
    await ends(now, "failed");
    const [says, erased] = of.onlyPeopleSettle
      ? ["An approver says that it did not run", "It is not known whether the system disk was erased."]
      : ["never received the order", "Nothing was erased."];
    expect(root(now).text).toContain(says);
    expect(root(now).text).toContain(erased);
    expect(wipes(now, of)).toBe(0);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("a reinstall in the console meanwhile is not taken for ours", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.neverArrives, true);
    await approve(now);
    await ends(now, "unsure");
    now.cloud(of.account.name).console(now.request().order.server.id, "reinstall");
    await now.pass(40 * 60_000);
    expect(now.request().status).toBe("unsure");
  });

  test("a reinstall that never ends becomes unsure after its patience, not failed and not done", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.hangs, true);
    await approve(now);
    await ends(now, "unsure");
    expect(root(now).text).toContain("still works on it");
  });
});

test("where a reinstall can leave no trace, a person's word that it did not run is told as such", async () => {
  const server = "jd-local-01";
  now = await story({ cases: [jdcloudCase] });
  await ask(now, jdcloudCase, { server });
  now.cloud("jd").arm(jdcloudCase.faults.lost, true);
  await approve(now);
  await ends(now, "unsure");
  await now.pass(10 * 60_000);
  expect(wipes(now, jdcloudCase, server)).toBe(1);
  await now.meanwhile(now.ana.press(root(now, now.ana), "It was not…"));
  await ends(now, "failed");
  expect(root(now).text).not.toContain("Nothing was erased.");
  expect(root(now).text).not.toContain("never received");
  expect(root(now).text).toContain("JD Cloud gives no proof either way.");
});

const marked = cases.flatMap((of) =>
  of.marked === undefined ? [] : [{ ...of, account: { ...of.account, ...of.marked } }],
);

describe.each(marked)("$title: when an answer is lost and the order left its mark", (of) => {
  test("the reinstall took effect: the mark proves it, and nobody has to settle", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.lost, true);
    await approve(now);
    await ends(now, "unsure");
    await ends(now, "done");
    expect(now.request()).toMatchObject({ status: "done", proof: "mark" });
    expect(wipes(now, of)).toBe(1);
    expect(stateOf(now, of)).toBe(of.running);
  });

  test("a reinstall in the console meanwhile leaves no mark of ours, so it is not taken for it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.neverArrives, true);
    await approve(now);
    await ends(now, "unsure");
    now.cloud(of.account.name).console(now.request().order.server.id, "reinstall");
    await now.pass(20 * 60_000);
    expect(now.request().status).toBe("unsure");
    expect(wipes(now, of)).toBe(1);
  });
});
