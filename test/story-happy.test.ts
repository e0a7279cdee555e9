import { afterEach, describe, expect, test } from "vitest";
import { channel, type Story, story } from "./setup/story.ts";

let now: Story;
afterEach(() => now.end());

describe("from /reinstall to done", () => {
  test("with a key pair, on the same image", async () => {
    now = await story();
    const { erin, ana } = now;
    await now.meanwhile(erin.command(channel, "/reinstall web-01"));
    await now.until("the form is filled", () => erin.modalText().includes("What is lost"));
    console.log(erin.modalText());
    await now.meanwhile(erin.choose("Which key pair", "oncall-2026"));
    await now.meanwhile(erin.type("Why", "root fs corrupt, INC-4211"));
    await now.meanwhile(erin.tick("Before you ask"));
    const answer = await now.meanwhile(erin.submit());
    expect(answer).toEqual({ ok: true });
    await now.until("the card is there", () => erin.messages(channel).length > 0);
    console.log(erin.latest(channel).text);
    await now.meanwhile(ana.press(ana.latest(channel), "Approve and reinstall"));
    await now.until("done", () => now.picture().includes("is back"));
    console.log(now.picture());
    console.log(now.cloud("prod").panel().find((s) => s.name === "web-01"));
  });
});
