import { afterEach, describe, expect, test } from "vitest";
import { isOpen } from "../../src/request.ts";
import { cases } from "../setup/cases.ts";
import { approve, ask, choose, ends, root, stateOf, statusIs, threadTexts, whispered, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe.each(cases)("$title: a request that is changed or cancelled", (of) => {
  test("changing it closes it as replaced, opens the form filled, and needs a new approval", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const old = now.request().id;
    const stale = root(now, now.ana);
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    await choose(now, now.erin, "image-choice", "Another image…");
    await choose(now, now.erin, "Which image", of.otherImage);
    if (of.login === "key pair") await now.meanwhile(now.erin.choose("Which key pair", of.keyPair));
    await now.meanwhile(now.erin.type("Why", "the newer system, INC-4211"));
    await now.meanwhile(now.erin.tick("Before you ask"));
    await now.meanwhile(now.erin.submit());
    expect(now.erin.modal()).toBeNull();
    await now.until("the new card is there", () => now.erin.messages(channel).length === 2);
    await now.pass(5000);
    expect((await now.store.get(old))?.status).toBe("replaced");
    expect(now.erin.messages(channel)[0]?.text).toMatch(/^🔁 \*Replaced/);
    expect(root(now).text).toContain("→");
    await now.meanwhile(now.ana.press(stale, "Approve and reinstall"));
    expect(whispered(now.ana)).toContain("changed it; the new request is");
    await approve(now);
    await now.until("it is done", () => now.erin.messages(channel).some(({ text }) => text.includes("is back")));
    expect(wipes(now, of)).toBe(1);
  });

  /** The form behind Change, with all that it asks for. */
  async function openChange(): Promise<void> {
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    if (of.login === "key pair") await now.meanwhile(now.erin.choose("Which key pair", of.keyPair));
    await now.meanwhile(now.erin.type("Why", "another reason, INC-4212"));
    await now.meanwhile(now.erin.tick("Before you ask"));
  }

  test("a change that is handed in after the reinstall was done asks for no second one", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await openChange();
    await approve(now);
    await ends(now, "done");
    await now.meanwhile(now.erin.submit());
    expect(Object.values(now.erin.errors())).toEqual([
      expect.stringMatching(
        /^\S+ was reinstalled meanwhile, as it was asked before\. .*Nothing was asked twice; \/reinstall asks anew\.$/,
      ),
    ]);
    expect(now.store.hot().filter(isOpen)).toEqual([]);
  });

  test("a request that was changed to another server in one window is not changed in a second one as well", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const old = now.request().order.server.id;
    await openChange();
    const forms: string[] = [];
    now.shell.onTraffic(({ kind, body }) => {
      if (kind === "envelope" && body.includes("view_submission")) forms.push(body);
    });
    await now.meanwhile(now.erin.submit());
    await now.pass(5000);
    const [changed] = now.store.hot().filter(isOpen);
    if (changed === undefined || forms[0] === undefined) throw new Error("nothing was changed");
    // The second window: a form of its own, begun from the same card, and about another server.
    const other =
      now
        .cloud(of.account.name)
        .panel()
        .find(({ name }) => name === of.bare)?.id ?? "";
    const second = forms[0].replaceAll(changed.id, "rsecondwind").replaceAll(old, other);
    const answers: unknown[] = [];
    await now.meanwhile(
      now.dispatch(JSON.parse(second).payload, async (answer) => {
        answers.push(answer);
      }),
    );
    expect(JSON.stringify(answers)).toMatch(/already has an open request \(pending, .*Nothing was asked twice/);
    expect(now.store.hot().filter(isOpen)).toEqual([changed]);
  });

  test("the form that changes it still says where the backup is", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: "It is backed up already", where: "nightly snapshot of 03:00" });
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    expect(now.erin.entry("Where is the backup?")).toBe("nightly snapshot of 03:00");
  });

  test("only the requester changes it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await now.meanwhile(now.ana.press(root(now, now.ana), "Change…"));
    expect(whispered(now.ana)).toContain("Only <@U0ENGINEER>");
  });

  test("it is cancelled before the reinstall is sent: nothing is erased, and a stopped server runs again", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    now.cloud(of.account.name).arm(of.faults.throttled, true);
    await approve(now);
    await now.until("it can be cancelled", () => root(now).text.includes("🔄 *Reinstalling"));
    await now.meanwhile(now.erin.press(root(now), "Cancel"));
    await ends(now, "abandoned");
    await now.until("the card says so", () => root(now).text.includes("Cancelled: "));
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    await now.until("the server runs", () => stateOf(now, of) === of.running);
    expect(threadTexts(now).some((text) => text.includes("Cancelled"))).toBe(true);
  });

  test("a second Cancel is told of the first one, not that the reinstall was sent", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: "Make a custom image of this server first" });
    await approve(now);
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    const picture = root(now, now.ana);
    await now.meanwhile(now.erin.press(root(now), "Cancel"));
    await now.meanwhile(now.ana.press(picture, "Cancel"));
    expect(whispered(now.ana)).toBe(
      "<@U0ENGINEER> cancelled it, and nothing is sent any more. The server that the bot stopped is being started again.",
    );
    await ends(now, "abandoned");
  });

  test("cancelled while an image is made of it, the stopped server runs again, however long that takes", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: "Make a custom image of this server first" });
    await approve(now);
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    await now.meanwhile(now.erin.press(root(now), "Cancel"));
    await ends(now, "abandoned");
    expect(root(now).text).toContain("The bot had stopped the server; it is running again.");
    expect(root(now).text).toContain(`A custom image was being made, named \`before-${now.request().id}\``);
    expect(stateOf(now, of)).toBe(of.running);
    expect(wipes(now, of)).toBe(0);
  });

  test("an approver cancels it too, and is told what had been done and what is put back", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: "Make a custom image of this server first" });
    await approve(now);
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    expect(stateOf(now, of)).toContain(of.stopped);
    await now.meanwhile(now.oscar.press(root(now, now.oscar), "Cancel"));
    expect(whispered(now.oscar)).toContain("Only <@U0ENGINEER> or an approver can do this");
    await now.meanwhile(now.ana.press(root(now, now.ana), "Cancel"));
    await ends(now, "abandoned");
    const said = threadTexts(now).at(-1);
    expect(said).toContain(`↩️ *Cancelled: \`${of.server}\` is not reinstalled.* Nothing was erased.`);
    expect(said).toContain("The bot had stopped the server; it is running again.");
    const image = `A custom image was being made, named \`before-${now.request().id}\`; the cloud may still finish it.`;
    expect(said).toContain(image);
    expect(root(now).text).toContain(image);
    expect(root(now).text).toContain("<@U0APPROVER1> cancelled it, so this request is closed");
    expect(stateOf(now, of)).toBe(of.running);
    expect(wipes(now, of)).toBe(0);
  });

  test("once the reinstall is sent it cannot be cancelled, and the answer says when it was sent", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await approve(now);
    await now.until("it can be cancelled", () => root(now).text.includes("🔄 *Reinstalling"));
    const picture = root(now);
    await now.until("the cloud has it", () => threadTexts(now).some((text) => text.includes("accepted")));
    await now.meanwhile(now.erin.press(picture, "Cancel"));
    expect(whispered(now.erin)).toContain("Too late to cancel: the reinstall was sent at");
    await now.until("it is done", statusIs(now, "done"));
    expect(wipes(now, of)).toBe(1);
  });
});

describe.each(cases)("$title: a server that has an open request", (of) => {
  test("the form shows the open one instead of asking for a second", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    await now.meanwhile(now.ana.command(channel, `/reinstall ${of.server}`));
    await now.until("the open one is shown", () => now.ana.modalText().includes("already has an open request"));
    expect(now.ana.modalText()).toContain("waiting for approval");
    expect(now.ana.modalText()).toContain("<@U0ENGINEER>");
    expect(now.ana.modalText()).not.toContain("What is lost");
  });

  test("a failed one is abandoned from the form, which then goes on", async () => {
    now = await story({ cases: [of] });
    await ask(now, of);
    const old = now.request().id;
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    await now.meanwhile(now.ana.command(channel, `/reinstall ${of.server}`));
    await now.until("the failed one is shown", () => now.ana.modalText().includes("already has an open request"));
    await now.meanwhile(now.ana.press("modal", "Abandon it and start anew"));
    await now.until("the form goes on", () => now.ana.modalText().includes("What is lost"));
    expect((await now.store.get(old))?.status).toBe("abandoned");
  });
});
