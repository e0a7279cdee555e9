import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const password = "Story-Passw0rt!27";
/** The usual one of config.yml. */
const usualPollMs = 5000;

describe.each(cases)("$title: from /reinstall to done", (of) => {
  test.each(of.logins)("the server is reinstalled once, with the login chosen: %s", async (login) => {
    now = await story({ cases: [of], pollMs: usualPollMs });
    await ask(now, of, { login: login === "typed" ? { typed: password } : login });
    expect(now.request().status).toBe("pending");
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
    expect(stateOf(now, of)).toBe(of.running);
    const last = threadTexts(now).find((text) => text.includes("is back"));
    expect(last).toContain(`✅ *\`${of.server}\` is back:*`);
    expect(last).toContain("<@U0ENGINEER> <@U0APPROVER1>");
    expect(last).toContain("ssh-keygen -R");
    expect(last?.includes("*Password forgotten?*")).toBe(login !== "key pair");
    expect(root(now).text).toContain(`✅ *\`${of.server}\` was reinstalled.*`);
  });

  test("another image is what the server runs afterwards", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { command: "/change-os", image: of.otherImage });
    expect(card.text).toContain("→");
    await approve(now);
    await ends(now, "done");
    const server = now
      .cloud(of.account.name)
      .panel()
      .find(({ name }) => name === of.server);
    expect(server?.image).toContain(of.otherImage);
    expect(wipes(now, of)).toBe(1);
  });

  test("the thread says the decision, the acceptance and the end, and only the end is in the channel too", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    await ends(now, "done");
    const replies = now.erin.thread(root(now)).filter(({ text }) => !text.includes("was generated"));
    expect(replies.map(({ text }) => text.split("\n")[0])).toEqual([
      "Approved by <@U0APPROVER1>.",
      expect.stringContaining(`${of.called} accepted the reinstall (request`),
      expect.stringContaining("is back"),
    ]);
    expect(replies.map(({ broadcast }) => broadcast ?? false)).toEqual([false, false, true]);
    expect(now.erin.messages(channel).filter(({ ephemeral }) => !ephemeral)).toHaveLength(2);
  });
});
