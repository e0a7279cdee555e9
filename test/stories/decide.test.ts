import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { approve, ask, ends, fill, root, threadTexts, whispered, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const minutes = 60_000;

describe.each(cases)("$title: who decides", (of) => {
  test("a denial ends it, with its reason, and nothing is erased", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await now.meanwhile(now.ana.press(root(now, now.ana), "Deny…"));
    await now.until("the reason is asked for", () => now.ana.modalText().includes("Deny the reinstall"));
    await now.meanwhile(now.ana.type("Why", "wrong host, use web-02"));
    await now.meanwhile(now.ana.submit());
    await now.until("it is denied", () => threadTexts(now).length > 0);
    expect(now.ana.modal()).toBeNull();
    expect(threadTexts(now).at(-1)).toContain("<@U0ENGINEER>: <@U0APPROVER1> denied");
    expect(threadTexts(now).at(-1)).toContain("wrong host, use web-02");
    expect(root(now).text).toMatch(/^🚫 \*Denied/);
    expect(wipes(now, of)).toBe(0);
  });

  test("the requester withdraws, and nobody else can", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await now.meanwhile(now.ana.press(root(now, now.ana), "Withdraw"));
    expect(whispered(now.ana)).toContain("Only <@U0ENGINEER>, who asked, can do this.");
    await now.meanwhile(now.erin.press(root(now), "Withdraw"));
    await now.until("it is withdrawn", () => root(now).text.includes("Withdrawn"));
    expect(wipes(now, of)).toBe(0);
  });

  test("the approvers are reminded once half-way, then it expires, the requester is told and can ask again", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await now.pass(31 * minutes);
    expect(threadTexts(now).filter((text) => text.includes("still waits"))).toHaveLength(1);
    await now.until("it expires", () => threadTexts(now).some((text) => text.includes("nobody decided")));
    expect(threadTexts(now)).toHaveLength(2);
    expect(threadTexts(now).at(-1)).toContain("<@U0ENGINEER>: nobody decided");
    const said = now.erin.thread(root(now)).at(-1);
    if (said === undefined) throw new Error("nothing was said");
    await now.meanwhile(now.erin.press(said, "Ask again"));
    await now.until("the form is filled again", () => now.erin.modalText().includes("What is lost"));
    expect(now.erin.modalText()).toContain(of.server);
    expect(wipes(now, of)).toBe(0);
  });

  test("nobody approves their own request, not even an approver", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { by: now.ana });
    await approve(now, now.ana);
    expect(whispered(now.ana)).toBe(
      "You asked for this reinstall, so somebody else must approve it. <!subteam^S0APPROVERS> can.",
    );
    expect(now.request().status).toBe("pending");
  });

  test.each([
    ["an outsider", "oscar", "You are not among those who may decide on this reinstall. <!subteam^S0APPROVERS> can."],
    ["the engineer's guest", "gita", "Guests cannot ask for or approve reinstalls."],
  ] as const)("%s who presses Approve is refused with the reason", async (_who, name, says) => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now, now[name]);
    expect(whispered(now[name])).toBe(says);
    expect(now.request().status).toBe("pending");
    expect(now.erin.ephemerals(channel)).toHaveLength(0);
  });

  test.each([
    ["an outsider", "oscar", "You are not among those who may ask for a reinstall"],
    ["a guest", "gita", "Guests cannot ask for or approve reinstalls."],
  ] as const)("%s who types the command is told why not", async (_who, name, says) => {
    now = await story({ cases: [of] });
    await now.meanwhile(now[name].command(channel, `/reinstall ${of.server}`));
    await now.until("the answer is there", () => now[name].modalText().includes(says));
    expect(now.store.hot()).toHaveLength(0);
  });

  test("who may no longer ask when the form is handed in is told so at its field, where Slack reads no mentions", async () => {
    now = await story({ cases: [of] });
    await fill(now, of);
    now.shell.arrange((state) => ({ ...state, groups: state.groups.map((group) => ({ ...group, users: [] })) }));
    await now.pass(4 * minutes);
    await now.meanwhile(now.erin.submit());
    const why = "You are not among those who may ask for a reinstall.";
    expect(now.erin.errors()).toEqual({ Server: `${why} The rule “default” in the bot's config says who can.` });
    expect(now.store.hot()).toHaveLength(0);
  });

  test("a second press on the same picture is answered with who decided, and nothing happens twice", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const picture = root(now, now.ana);
    await now.meanwhile(now.ana.press(picture, "Approve and reinstall"));
    await now.meanwhile(now.ana.press(picture, "Approve and reinstall"));
    expect(whispered(now.ana)).toContain("Already decided: <@U0APPROVER1> approved at");
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("of two approvers at the same instant one approves and the other is told so", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const presses = [now.ana, now.abel].map((by) => by.press(root(now, by), "Approve and reinstall"));
    await now.meanwhile(Promise.all(presses));
    expect(now.request().approvals).toHaveLength(1);
    const told = [whispered(now.ana), whispered(now.abel)].filter((text) => text.includes("Already decided"));
    expect(told).toHaveLength(1);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("a stale card is refused with an explanation", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const stale = root(now, now.ana);
    await now.meanwhile(now.erin.press(root(now), "Withdraw"));
    await now.meanwhile(now.ana.press(stale, "Approve and reinstall"));
    expect(whispered(now.ana)).toContain("Already over: <@U0ENGINEER> withdrew it");
    expect(wipes(now, of)).toBe(0);
  });

  test("of two forms that were open at once only one makes a request", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { by: now.ana });
    await ask(now, of);
    await now.meanwhile(now.ana.submit());
    expect(Object.values(now.ana.errors()).join()).toContain("already has an open request");
    expect(now.store.hot()).toHaveLength(1);
  });
});
