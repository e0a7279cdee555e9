import { afterEach, describe, expect, test } from "vitest";
import { channelIds } from "../../playground/slack/people.ts";
import { cases } from "../setup/cases.ts";
import { approve, ends, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe.each(cases)("$title: asked from elsewhere", (of) => {
  async function choose(): Promise<void> {
    const { erin } = now;
    await now.until("the form is there", () => erin.modalText().includes("Server"));
    await now.meanwhile(erin.choose("server", of.server));
    await now.until("the form is filled", () => erin.modalText().includes("What is lost"));
    await now.meanwhile(erin.choose("Backup", "Nothing to keep"));
    if (of.login === "key pair") await now.meanwhile(erin.choose("Which key pair", of.keyPair));
    await now.meanwhile(erin.type("Why", "INC-4211"));
    await now.meanwhile(erin.tick("Before you ask"));
  }

  test("the shortcut asks for the channel, and explains /invite where the bot is not in it", async () => {
    now = await story({ cases: [of] });
    const { erin } = now;
    await now.meanwhile(erin.shortcut("Reinstall a server"));
    await choose();
    await now.meanwhile(erin.choose("channel", channelIds.random));
    await now.meanwhile(erin.submit());
    expect(erin.errors()["Channel"]).toContain("Type /invite @Reinstall in it, then try again.");
    await now.meanwhile(erin.choose("channel", channelIds.incident));
    await now.meanwhile(erin.submit());
    await now.until("the card is there", () => erin.messages(channel).length === 1);
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("whoever invites the bot where it was missing is heard at once", async () => {
    now = await story({ cases: [of] });
    const { erin } = now;
    await now.meanwhile(erin.command(channelIds.random, `/reinstall ${of.server}`));
    await now.until("it is explained", () => erin.modalText().includes("Type /invite @Reinstall in it"));
    await now.meanwhile(erin.dismiss());
    await now.meanwhile(erin.command(channelIds.random, "/invite @Reinstall"));
    await now.meanwhile(erin.command(channelIds.random, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => erin.modalText().includes("What is lost"));
  });

  test("from a message's menu the card stands in that thread and is shown in the channel too", async () => {
    now = await story({ cases: [of] });
    const { erin, ana } = now;
    await now.meanwhile(erin.say(channel, "web is down, INC-4211"));
    const incident = erin.latest(channel);
    await now.meanwhile(erin.shortcut("Reinstall a server here", incident));
    await choose();
    await now.meanwhile(erin.submit());
    await now.until("the card is there", () => erin.thread(incident).length === 1);
    const card = ana.thread(incident)[0];
    if (card === undefined) throw new Error("there is no card");
    expect(card.broadcast).toBe(true);
    await now.meanwhile(ana.press(card, "Approve and reinstall"));
    await ends(now, "done");
    expect(erin.thread(incident).map(({ text }) => text.split("\n")[0])).toContain("Approved by <@U0APPROVER1>.");
    expect(wipes(now, of)).toBe(1);
  });
});

test("in a direct conversation the command is refused with the reason", async () => {
  now = await story();
  await now.meanwhile(now.erin.command(`D${now.erin.user.slice(1)}`, "/reinstall web-01"));
  await now.until("the answer is there", () => now.erin.modalText().includes("A request needs a channel"));
  expect(now.store.hot()).toHaveLength(0);
});
