import { afterEach, describe, expect, test } from "vitest";
import { cases } from "../setup/cases.ts";
import { ask, choose, fill, root } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const text = () => now.erin.modalText();

describe.each(cases)("$title: an image from elsewhere", (of) => {
  test.each(of.fromElsewhere)("carries its warning in the form and on the card: $image", async ({ image, says }) => {
    now = await story({ cases: [of] });
    await fill(now, of, { image });
    expect(text()).toContain(says);
    await now.meanwhile(now.erin.dismiss());
    expect((await ask(now, of, { image })).text).toContain(says);
  });

  test("an image of the cloud's own carries none", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { image: of.otherImage });
    expect(text()).not.toMatch(/shared by another account|from the marketplace/);
  });
});

describe.each(cases)("$title: the image in use", (of) => {
  test("is shown by its name and id, also when the cloud has it no more", async () => {
    now = await story({ cases: [of] });
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.orphan}`));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(text()).toMatch(/\*Image\* \S.* · `\S+` \(no longer exists\)/);
    expect(text()).toMatch(/Choose another/);
    if (!text().includes("Which image")) await choose(now, now.erin, "image-choice", "Another image…");
    await choose(now, now.erin, "Which image", of.otherImage);
    expect(text()).toMatch(/\*Image\* \S.* · `\S+`/);
    await now.meanwhile(now.erin.dismiss());
    await ask(now, of, { server: of.orphan, image: of.otherImage });
    expect(root(now).text).toMatch(/\*Image\* \S.* → /);
  });

  test("is not said to be gone while it is there", async () => {
    now = await story({ cases: [of] });
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(text()).not.toContain("(no longer exists)");
  });
});
