import { afterEach, describe, expect, test } from "vitest";
import type { Seen } from "../../playground/slack/person.ts";
import { alter } from "../setup/altered.ts";
import { type CloudCase, cases } from "../setup/cases.ts";
import { approve, ask, choose, ends, root, stateOf, threadTexts, wipes } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** An image takes long, and nothing here is about when it is looked at. */
const pollMs = 120_000;

const first = "Make a custom image of this server first";

describe.each(cases)("$title: backup first", (of) => {
  test("the image is made while the server is stopped, then the disk is erased; the last message names it and undoes", async () => {
    now = await story({ cases: [of], pollMs });
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
    await undone(last);
    expect(wipes(now, of)).toBe(2);
  });

  test("an image that fails ends the request with nothing erased and the server running again", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm("image-fails", true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    expect(stateOf(now, of)).toBe(of.running);
    expect(root(now).text).toContain("it is running again");
  });

  test("a reinstall that fails after it names the image, and what is abandoned then is undone from it", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    const old = now.request();
    const named = `*Backup* \`${imageOf()}\` (\`before-${old.id}\`): the server as it was before.`;
    expect(root(now).text).toContain(`✅ Custom image \`${imageOf()}\` made`);
    expect(root(now).text).toContain(`${named} Change may choose it as the image.`);
    expect(threadTexts(now).at(-1)).toContain(named);
    await now.meanwhile(now.erin.press(root(now), "Abandon"));
    await ends(now, "abandoned");
    expect(root(now).text).toContain(`${named} Undo asks to reinstall from it.`);
    if (of.mendedBy !== undefined) now.cloud(of.account.name).console(old.order.server.id, of.mendedBy);
    const before = wipes(now, of);
    await undone(root(now));
    expect(wipes(now, of)).toBe(before + 1);
  });

  test("while nobody knows whether the disk was erased, the image is named for whoever settles it", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm(of.faults.lost, true);
    await approve(now);
    await ends(now, "unsure");
    const named = `*Backup* \`${imageOf()}\` (\`before-${now.request().id}\`): the server as it was before.`;
    expect(root(now).text).toContain(named);
    expect(threadTexts(now).at(-1)).toContain(named);
  });

  test("an image that was made is named also when nothing was erased, and there is nothing to undo", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(root(now).text).toContain(`(\`before-${now.request().id}\`): the server as it was before.`);
    await now.meanwhile(now.erin.press(root(now), "Abandon"));
    await ends(now, "abandoned");
    expect(() => now.erin.press(root(now), "Undo…")).toThrow();
  });

  test("the image made now is what the server is reinstalled from", async () => {
    now = await story({ cases: [of], pollMs });
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
    now = await story({ cases: [of], pollMs });
    const card = await ask(now, of, { backup: "It is backed up already", where: "nightly snapshot of 03:00" });
    expect(card.text).toContain("*Backup* there is one already: “nightly snapshot of 03:00”");
    await approve(now);
    await ends(now, "done");
    expect(threadTexts(now).some((text) => text.includes("*Backup*"))).toBe(false);
  });

  test("an image that failed keeps its name, and Retry makes one under a name of its own", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    const { id } = now.request();
    now.cloud(of.account.name).arm("image-fails", true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain(`If the console shows a failed image before-${id}, delete it there`);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(backup()).toMatchObject({ name: `before-${id}-2` });
    expect(wipes(now, of)).toBe(1);
  });

  test("what was written between the first try and Retry is in a new image; the last message names both", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    const { id } = now.request();
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    const old = backup();
    expect(stateOf(now, of)).toBe(of.running);
    expect(JSON.stringify(root(now))).toContain("A new custom image is made first.");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect([old["name"], backup()["name"]]).toEqual([`before-${id}`, `before-${id}-2`]);
    expect(backup()["image"]).not.toBe(old["image"]);
    expect(madeImages()).toEqual([`before-${id}`, `before-${id}-2`]);
    const last = threadTexts(now).find((text) => text.includes("is back"));
    expect(last).toContain(`*Backup* \`${backup()["image"]}\` (\`before-${id}-2\`): the server as it was before.`);
    expect(last).toContain(`The first try made one too: \`${old["image"]}\` (\`before-${id}\`).`);
    expect(wipes(now, of)).toBe(1);
  });

  test("the image made at Retry is what the server is then reinstalled from, even where the first one was deleted", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first, image: "made now" });
    const { id } = now.request();
    now.cloud(of.account.name).arm(of.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    forgetImage(of, `before-${id}`);
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    const server = now
      .cloud(of.account.name)
      .panel()
      .find(({ name }) => name === of.server);
    expect([imageOf(), `before-${id}-2`].some((name) => server?.image.includes(name))).toBe(true);
    expect(wipes(now, of)).toBe(1);
  });

  test("an image of a server whose reinstall the cloud took is the only one worth having: Retry makes no other", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    const { id } = now.request();
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    expect(JSON.stringify(root(now))).not.toContain("A new custom image");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await now.pass(30 * 60_000);
    expect(now.request()).toMatchObject({ attempts: { length: 2 } });
    expect(madeImages()).toEqual([`before-${id}`]);
  });

  test("an image that is deleted before the disk is erased saves nothing, so nothing is erased", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    now.cloud(of.account.name).arm(of.faults.throttled, true);
    await approve(now);
    const waits = () => stepOfNow("reinstall")?.heldSince !== undefined;
    await now.until("the reinstall waits", waits);
    forgetImage(of, `before-${now.request().id}`);
    await now.until("it failed", () => root(now).text.includes("can no longer be used"));
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
    expect(stateOf(now, of)).toBe(of.running);
  });

  test("a crash while the image of a Retry is made makes no third one", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    const { id } = now.request();
    now.cloud(of.account.name).arm("image-fails", true);
    await approve(now);
    await ends(now, "failed");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await now.until("the image is being made", () => root(now).text.includes("Making a custom image"));
    await now.kill();
    await now.boot();
    await ends(now, "done");
    expect(madeImages().filter((name) => name !== `before-${id}`)).toEqual([`before-${id}-2`]);
    expect(wipes(now, of)).toBe(1);
  });

  test("Undo says when the image is gone", async () => {
    now = await story({ cases: [of], pollMs });
    await ask(now, of, { backup: first });
    await approve(now);
    await ends(now, "done");
    const last = now.erin.thread(root(now)).find(({ text }) => text.includes("is back"));
    if (last === undefined) throw new Error("nothing was said");
    const id = imageOf();
    forgetImage(of, `before-${now.request().id}`);
    await now.meanwhile(now.erin.press(last, "Undo…"));
    await now.until("the form is filled", () => now.erin.modalText().includes("Which image"));
    expect(now.erin.modalText()).toMatch(new RegExp(`has no image ${id} in \\S+ any more. Choose another one.`));
  });

  test("a list that does not show the image yet makes no second one, though the clock is set forward meanwhile", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { backup: first });
    await approve(now);
    const made = () => Object.values(simulated(of)).filter(({ name }) => name === `before-${now.request().id}`);
    await now.until("the image is being made", () => stepOfNow("backup")?.state === "waiting");
    const shown = now.cloud(of.account.name).state();
    forgetImage(of, `before-${now.request().id}`);
    now.clock.jump(10 * 60_000);
    await now.pass(35_000);
    expect(made()).toEqual([]);
    now.cloud(of.account.name).arrange(() => shown);
    await ends(now, "done");
    expect(made()).toHaveLength(1);
    expect(wipes(now, of)).toBe(1);
  });

  test("a crash while the image is made makes no second one", async () => {
    now = await story({ cases: [of], pollMs });
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
    now = await story({ cases: [of], pollMs });
    now.cloud(of.account.name).arm("image-quota", true);
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => now.erin.modalText().includes("What is lost"));
    expect(now.erin.modalText()).toContain("No custom image can be made now: The quota of");
    expect(now.erin.options("Backup")).toEqual(["It is backed up already", "Nothing to keep"]);
  });
});

/** The step of the latest attempt. */
function stepOfNow(step: string) {
  const request = now.request();
  return "attempts" in request ? request.attempts.at(-1)?.steps.find(({ id }) => id === step) : undefined;
}

/** What the latest attempt knows of the image it made. */
function backup(): Readonly<Record<string, string>> {
  return stepOfNow("backup")?.receipt?.facts ?? {};
}

/** Presses Undo, hands the form in as it comes, and sees the server run from the image that the request made. */
async function undone(told: Seen): Promise<void> {
  const { erin } = now;
  const { id } = now.request();
  await now.meanwhile(erin.press(told, "Undo…"));
  await now.until("the form is filled", () => erin.modalText().includes("Which image"));
  expect(String(erin.entry("Which image"))).toContain(`before-${id}`);
  await now.pass(1000);
  await choose(now, erin, "Backup", "Nothing to keep");
  await now.meanwhile(erin.tick("Before you ask"));
  await now.meanwhile(erin.submit());
  expect(erin.modal()).toBeNull();
  await now.until("the new card is there", () => now.request().id !== id);
  await now.pass(5000);
  expect(root(now).text).toContain(`→ before-${id}`);
  await approve(now);
  await ends(now, "done");
}

/** The id of the image that the request made. */
function imageOf(): string {
  const id = backup()["image"];
  if (id === undefined) throw new Error("no image was made");
  return id;
}

function simulated(of: CloudCase): { name: string }[] | Record<string, { name: string }> {
  return (now.cloud(of.account.name).state() as { images: { name: string }[] }).images;
}

/** The names of all images that the request had made, in the cloud itself. */
function madeImages(): readonly string[] {
  const { id } = now.request();
  const of = cases.find(({ account }) => account.name === now.request().order.server.account) ?? cases[0];
  const names = Object.values(of === undefined ? [] : simulated(of)).map(({ name }) => name);
  return names.filter((name) => name.startsWith(`before-${id}`)).sort();
}

/** Somebody deletes it in the console. */
function forgetImage(of: CloudCase, name: string): void {
  expect(Object.values(simulated(of)).some((image) => image.name === name)).toBe(true);
  alter(now, of.account.name, "images", (image) => (image["name"] === name ? null : image));
}
