import { afterEach, describe, expect, test } from "vitest";
import { plainOf } from "../../playground/slack/reading.ts";
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

describe.each(cases)("$title: which image", (of) => {
  async function another(): Promise<void> {
    await now.meanwhile(now.erin.command(channel, `/change-os ${of.server}`));
    await now.until("the form asks which", () => text().includes("Which image"));
    await now.pass(1000);
  }

  test("images are offered by kind, each with its platform, size, date and id", async () => {
    now = await story({ cases: [of] });
    await another();
    const kinds = await now.meanwhile(now.erin.suggestedUnder("Which image", ""));
    const bare = kinds.map((kind) => kind.replace(" (type more to narrow down)", ""));
    expect(bare).toEqual(of.imageKinds);
    for (const option of await now.meanwhile(now.erin.suggest("Which image", ""))) {
      expect(plainOf(option["description"])).toMatch(/^[^·…]+ · \d+ GB · \d{4}-\d\d-\d\d · \S+/);
    }
  });

  test("those that do not fit are left out with their number and the reason, and told by their whole name", async () => {
    now = await story({ cases: [of] });
    await another();
    const { name, says } = of.leftOut;
    const [, total = ""] = /Left out for this server: (\d+) images?/.exec(text()) ?? [];
    const counts = [...text().matchAll(/^• (\d+)(?:, like| more)/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(total));
    expect(text()).toContain(says);
    const offered = await now.meanwhile(now.erin.suggest("Which image", name.slice(0, -1)));
    expect(offered.map((option) => plainOf(option["text"]))).not.toContain(name);
    const [meant] = await now.meanwhile(now.erin.suggest("Which image", name));
    expect(plainOf(meant?.["description"])).toContain("Cannot be used: ");
    await now.pass(2000);
    await choose(now, now.erin, "Which image", name);
    await now.until("the reason is told", () => text().split(says).length > 2);
  });
});

describe.each(cases)("$title: handing the form in", (of) => {
  test("lists no images, as it must be answered within two seconds", async () => {
    now = await story({ cases: [of] });
    const asked: string[] = [];
    now.cloud(of.account.name).onRequest(({ path, headers, body }) => {
      if (listsImages.test(`${path} ${headers["x-tc-action"] ?? ""} ${body}`)) asked.push(`${path} ${body}`);
    });
    await fill(now, of, { image: of.otherImage });
    expect(asked.splice(0)).not.toEqual([]);
    await now.meanwhile(now.erin.submit());
    await now.until("the card is posted", () => now.erin.messages(channel).length > 0);
    expect(asked).toEqual([]);
  });
});

/** As each cloud lists images of one kind; not those of an id, and not one image for the sake of their number. */
const listsImages = /__imagetype=|imageSource=|DescribeImages .*"image-type"(?!.*"Limit":1\b)/;

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
