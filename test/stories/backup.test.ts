import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { approve, ask, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const first = "Make a custom image of this server first";

describe.each(cases)("$title: backup first", (of) => {
  test("the image is made while the server is stopped, then the disk is erased; the last message names it and undoes", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { backup: first });
    expect(card.text).toContain("*Backup* a custom image is made first; if that fails, nothing is erased");
    expect(card.text).toContain(" · *Stop* softly");
    await approve(now);
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    expect(wipes(now, of)).toBe(0);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
    expect(stateOf(now, of)).toBe(of.running);
    const image = imageOf();
    const last = now.erin.thread(root(now)).find(({ text }) => text.includes("is back"));
    if (last === undefined) throw new Error("nothing was said");
    expect(last.text).toContain(`*Backup* \`${image}\``);
    await now.meanwhile(now.erin.press(last, "Undo…"));
    await now.until("the form is filled", () => now.erin.modalText().includes("Which image"));
    expect(String(now.erin.entry("Which image"))).toContain(`before-${now.request().id}`);
  });

  test("an image that fails ends the request with nothing erased and the server running again", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm("image-fails", true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    expect(stateOf(now, of)).toBe(of.running);
    expect(root(now).text).toContain("it is running again");
  });

  test("the image made now is what the server is reinstalled from", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: first, image: "made now" });
    await approve(now);
    await ends(now, "done");
    const server = now
      .cloud(of.account.name)
      .panel()
      .find(({ name }) => name === of.server);
    expect([imageOf(), `before-${now.request().id}`].some((name) => server?.image.includes(name))).toBe(true);
    expect(wipes(now, of)).toBe(1);
  });

  test("what is backed up already is named on the card, and nothing more is made", async () => {
    now = await story({ cases: [of] });
    const card = await ask(now, of, { backup: "It is backed up already", where: "nightly snapshot of 03:00" });
    expect(card.text).toContain("*Backup* there is one already: “nightly snapshot of 03:00”");
    await approve(now);
    await ends(now, "done");
    expect(threadTexts(now).some((text) => text.includes("*Backup*"))).toBe(false);
  });

  test("an image that was deleted before Retry saves nothing, so nothing is erased", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    const { images } = now.cloud(of.account.name).state() as { images: { name: string }[] };
    const made = Object.entries(images).find(([, { name }]) => name === `before-${now.request().id}`);
    if (made === undefined) throw new Error("there is no image");
    if (Array.isArray(images)) images.splice(Number(made[0]), 1);
    else Reflect.deleteProperty(images, made[0]);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await now.until("it failed again", () => root(now).text.includes("can no longer be used"));
    await now.pass(60_000);
    expect(now.request().status).toBe("failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    expect(stateOf(now, of)).toBe(of.running);
  });

  test("a crash while the image is made makes no second one", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: first });
    await approve(now);
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    await now.kill();
    await now.boot();
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
    expect(imageOf()).not.toBe("");
  });
});

describe.each(cases)("$title: without room for an image", (of) => {
  test("the form says so and offers the other ways", async () => {
    now = await story({ cases: [of] });
    now.cloud(of.account.name).arm("image-quota", true);
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    expect(now.erin.modalText()).toContain("No custom image can be made now: The quota of");
    expect(now.erin.options("Backup")).toEqual(["It is backed up already", "Nothing to keep"]);
  });
});

/** The id of the image that the request made. */
function imageOf(): string {
  const request = now.request();
  if (!("attempts" in request)) return "";
  return request.attempts.at(-1)?.steps.find(({ id }) => id === "backup")?.receipt?.facts["image"] ?? "";
}
