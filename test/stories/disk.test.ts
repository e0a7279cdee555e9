import { afterEach, describe, expect, test } from "vitest";
import { type Fields, isFields } from "../../playground/slack/rules.ts";
import type { State } from "../../playground/slack/state.ts";
import { type CloudCase, cases } from "../setup/cases.ts";
import {
  approve,
  ask,
  choose,
  ends,
  fill,
  root,
  sizeLabel,
  statusIs,
  threadTexts,
  whispered,
  wipes,
} from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

const text = () => now.erin.modalText();
const growing = cases.flatMap((of) => (of.growth === undefined ? [] : [{ ...of, growth: of.growth }]));
const fixed = cases.filter(({ growth }) => growth === undefined);

/** The open forms, with number fields that take any number. */
function withoutBounds(state: State): State {
  const free = (block: unknown): unknown => {
    if (!isFields(block) || !isFields(block["element"])) return block;
    const { min_value: _min, max_value: _max, ...element } = block["element"];
    return { ...block, element };
  };
  const views = Object.entries(state.views).map(([id, view]) => {
    const blocks: readonly unknown[] = Array.isArray(view.body["blocks"]) ? view.body["blocks"] : [];
    const body: Fields = { ...view.body, blocks: blocks.map(free) };
    return [id, { ...view, body }] as const;
  });
  return { ...state, views: Object.fromEntries(views) };
}

describe.each(fixed)("$title: the size of the system disk", (of) => {
  test("is not asked for, as the cloud lets nobody choose it", async () => {
    now = await story({ cases: [of] });
    await fill(now, of, { image: of.otherImage });
    expect(text()).toContain("What is lost");
    expect(text()).not.toContain("disk size");
    await now.meanwhile(now.erin.submit());
    await now.until("the card is posted", () => now.erin.messages(channel).length > 0);
    expect(root(now).text).not.toContain("*Disk*");
    expect(now.request().order).not.toHaveProperty("diskGb");
  });
});

describe.each(growing)("$title: a system disk that grows", (of) => {
  const { growth } = of;
  const bigger = growth.presentGb + 70;

  /** Sizes that requests to reinstall named, in order. */
  function sizes(): (number | undefined)[] {
    const sent: (number | undefined)[] = [];
    now.cloud(of.account.name).onRequest((request) => {
      if (of.is("reinstall", request)) sent.push(growth.sent(request.body));
    });
    return sent;
  }

  function disk(server = of.server): string {
    const found = now
      .cloud(of.account.name)
      .panel()
      .find(({ name }) => name === server);
    return found?.systemDisk ?? "";
  }

  test("is on the card with its price, is sent with the order, and is there at the end", async () => {
    now = await story({ cases: [of] });
    const sent = sizes();
    await ask(now, of, { size: `${bigger}` });
    const card = root(now).text;
    expect(card).toContain(`*Disk* ${growth.presentGb} → ${bigger} GB`);
    expect(card).toContain(`*Price* ${bigger} CNY in total, paid in advance, for the server as reinstalled with`);
    expect(card).toContain("charged by the price list of CBS");
    expect(card).not.toContain("The size of the system disk stays");
    const question = now.ana.confirmation(root(now, now.ana), "Approve and reinstall")?.text ?? "";
    expect(question).toContain(`The disk grows to ${bigger} GB.`);
    expect(question.length).toBeLessThanOrEqual(300);
    await now.meanwhile(now.erin.press(root(now), "Details"));
    await now.until("the details are shown", () => text().includes("Request r"));
    expect(text()).toContain(
      `The system disk grows from ${growth.presentGb} to ${bigger} GB, of the same type; it cannot shrink again.`,
    );
    await approve(now);
    await ends(now, "done");
    expect(sent).toEqual([bigger]);
    expect(disk()).toContain(`${bigger} GB`);
    expect(root(now).text).toContain(`(${bigger} GB)`);
    const last = threadTexts(now).find((each) => each.includes("is back"));
    expect(last).toContain(`has ${bigger} GB now, before it had ${growth.presentGb}. If \`df -h /\` shows less`);
    expect(wipes(now, of)).toBe(1);
  });

  test("costs so much an hour where the server is paid as one goes, and on Windows is extended in its own way", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { server: "win-01", login: "generated", size: "150" });
    expect(root(now).text).toContain("*Price* 0.15 CNY per hour for the server as reinstalled with 150 GB.");
    expect(root(now).text).toContain("by its new size from then on");
    await approve(now);
    await ends(now, "done");
    const last = threadTexts(now).find((each) => each.includes("is back"));
    expect(last).toContain("has 150 GB now, before it had 100. If drive C: shows less, open Disk Management");
  });

  test("goes with a password that is typed on the page after it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}`, login: { typed: "Correct-horse-7" } });
    expect(now.request().order).toMatchObject({ diskGb: bigger, login: { kind: "typed" } });
    await approve(now);
    await ends(now, "done");
    expect(disk()).toContain(`${bigger} GB`);
  });

  test("left alone keeps its size: no price is asked, and the order names none", async () => {
    now = await story({ cases: [of] });
    const sent = sizes();
    let prices = 0;
    now.cloud(of.account.name).onRequest((request) => {
      prices += growth.asksPrice(request) ? 1 : 0;
    });
    await ask(now, of);
    expect(root(now).text).not.toContain("*Disk*");
    await approve(now);
    await ends(now, "done");
    expect(sent).toEqual([undefined]);
    expect(prices).toBe(0);
    expect(disk()).toContain(`${growth.presentGb} GB`);
    expect(threadTexts(now).join("\n")).not.toContain("before it had");
  });

  test("is what an image that needs more asks for, at the field", async () => {
    now = await story({ cases: [of] });
    const { image, gb } = growth.needy;
    await fill(now, of, { image });
    expect(text()).toContain(
      `This image needs at least ${gb} GB, and the disk has ${growth.presentGb}: enter ${gb} or more.`,
    );
    await now.meanwhile(now.erin.submit());
    expect(now.erin.errors()).toEqual({ [sizeLabel]: "Please complete this required field." });
    await now.meanwhile(now.erin.type(sizeLabel, String(gb - 1)));
    await now.meanwhile(now.erin.submit());
    expect(now.erin.errors()).toEqual({ [sizeLabel]: `Must be at least ${gb}.` });
    await now.meanwhile(now.erin.type(sizeLabel, String(gb)));
    await now.meanwhile(now.erin.submit());
    await now.until("the card is posted", () => now.erin.messages(channel).length > 0);
    await approve(now);
    await ends(now, "done");
    expect(disk()).toContain(`${gb} GB`);
  });

  test.each([
    ["40", `The disk has ${growth.presentGb} GB and cannot shrink.`],
    ["50", `The disk has ${growth.presentGb} GB already.`],
    ["9999", "GB at most"],
    ["99999999", "Enter a whole number of GB"],
  ])("of %s GB is refused at the field, also where Slack's own client lets it pass", async (entered, says) => {
    now = await story({ cases: [of] });
    await fill(now, of);
    now.shell.arrange(withoutBounds);
    await now.meanwhile(now.erin.type(sizeLabel, entered));
    await now.meanwhile(now.erin.submit());
    expect(now.erin.errors()).toEqual({ [sizeLabel]: expect.stringContaining(says) });
    expect(now.erin.messages(channel)).toEqual([]);
  });

  test.each(["unknown", "throttled", "hangs"] as const)(
    "whose price is not told (%s) is asked for all the same, and the card says so",
    async (how) => {
      now = await story({ cases: [of] });
      await fill(now, of, { size: `${bigger}` });
      now.cloud(of.account.name).arm(growth.faults[how], true);
      const before = now.clock.now();
      expect(await now.meanwhile(now.erin.submit())).toEqual({ ok: true });
      expect(now.clock.now() - before).toBeLessThan(2500);
      expect(now.erin.modal()).toBeNull();
      await now.until("the card is posted", () => now.erin.messages(channel).length > 0);
      expect(root(now).text).toContain(`*Price* The price with ${bigger} GB could not be read: `);
      await approve(now);
      await ends(now, "done");
      expect(disk()).toContain(`${bigger} GB`);
    },
  );

  test("is drawn in the form in time although nobody answers for the price", async () => {
    now = await story({
      cases: [of],
      arrange: (begun) => begun.cloud(of.account.name).arm(growth.faults.hangs, true),
    });
    const before = now.clock.now();
    await now.meanwhile(now.erin.command(channel, `/change-os ${of.server}`));
    await now.until("the form is filled", () => text().includes("What is lost"));
    await choose(now, now.erin, "Which image", growth.needy.image);
    await now.until("the image is judged", () => text().includes("This image needs at least"));
    expect(now.clock.now() - before).toBeLessThan(8000);
  });

  test("that the cloud would not take is refused at the field, before anybody is called", async () => {
    now = await story({ cases: [of] });
    now.cloud(of.account.name).arm(growth.faults.refused, true);
    await fill(now, of, { size: `${bigger}` });
    await now.meanwhile(now.erin.submit());
    const says = `Tencent Cloud does not take ${bigger} GB for this system disk. Ask for another size, or leave it as it is.`;
    expect(now.erin.errors()).toEqual({ [sizeLabel]: says });
    expect(now.erin.messages(channel)).toEqual([]);
  });

  test("that the cloud no longer takes after approval ends the attempt before anything is erased", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}` });
    now.cloud(of.account.name).arm(growth.faults.refused, true);
    await approve(now);
    await ends(now, "failed");
    expect(root(now).text).toContain("Nothing was erased.");
    expect(wipes(now, of)).toBe(0);
  });

  test("keeps its new size at a second try", async () => {
    now = await story({ cases: [of] });
    const sent = sizes();
    await ask(now, of, { size: `${bigger}` });
    now.cloud(of.account.name).arm(of.faults.fails, true);
    await approve(now);
    await ends(now, "failed");
    await now.meanwhile(now.erin.press(root(now), "Retry"));
    await ends(now, "done");
    expect(sent).toEqual([bigger, bigger]);
    expect(disk()).toContain(`${bigger} GB`);
  });

  test("is evidence when the answer was lost, and a person's word still settles it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}` });
    now.cloud(of.account.name).arm(of.faults.lost, true);
    await approve(now);
    await ends(now, "unsure");
    const seen = `System disk size: ${bigger} GB (before it was ${growth.presentGb} GB, and it is the one asked for).`;
    await now.until("the new size is seen", () => root(now).text.includes(seen));
    await now.meanwhile(now.ana.press(root(now, now.ana), "It was reinstalled"));
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("that did not grow is never called verified", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}` });
    now.cloud(of.account.name).arm(growth.faults.stays, true);
    await approve(now);
    await now.until("it is waited for", () => root(now).text.includes(`still shows ${growth.presentGb} GB`));
    await ends(now, "failed");
    expect(root(now).text).toContain(`the system disk shows ${growth.presentGb} GB, not ${bigger}.`);
  });

  test("stays in the form when the request is changed, and may be taken back", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}` });
    await now.meanwhile(now.erin.press(root(now), "Change…"));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(now.erin.entry(sizeLabel)).toBe(`${bigger}`);
    await now.meanwhile(now.erin.type(sizeLabel, ""));
    await now.meanwhile(now.erin.tick("Before you ask"));
    await now.meanwhile(now.erin.submit());
    await now.until("the new card is there", () => now.erin.messages(channel).length === 2);
    expect(root(now).text).toContain("The size of the system disk stays");
    expect(whispered(now.erin)).toBe("");
  });

  test("is left as it is by Undo: the image made before fits on it", async () => {
    now = await story({ cases: [of] });
    await ask(now, of, { size: `${bigger}`, backup: "Make a custom image of this server first", image: of.otherImage });
    await approve(now);
    await now.until("it is done", statusIs(now, "done"), 4 * 60 * 60_000);
    await now.pass(10_000);
    const last = now.erin.thread(root(now)).findLast((each) => each.text.includes("is back"));
    if (last === undefined) throw new Error("there is no last message");
    await now.meanwhile(now.erin.press(last, "Undo…"));
    await now.until("the form is filled", () => text().includes("What is lost"));
    expect(now.erin.entry(sizeLabel)).toBeNull();
    expect(text()).toContain(`It has ${bigger} GB now.`);
    expect(text()).not.toContain("This image needs at least");
  });

  test("stays entered when server or image change, as long as it applies there", async () => {
    now = await story({ cases: [of] });
    await now.meanwhile(now.erin.command(channel, `/reinstall ${of.server}`));
    await now.until("the form is filled", () => text().includes("What is lost"));
    await now.meanwhile(now.erin.type(sizeLabel, `${bigger}`));
    await choose(now, now.erin, "image-choice", "Another image…");
    await choose(now, now.erin, "Which image", of.otherImage);
    expect(now.erin.entry(sizeLabel)).toBe(`${bigger}`);
    await choose(now, now.erin, "Server", of.bare);
    expect(now.erin.entry(sizeLabel)).toBe(`${bigger}`);
    await choose(now, now.erin, "Server", growth.fixed.server);
    expect(text()).toContain(growth.fixed.says);
    expect(text()).not.toContain(sizeLabel);
  });
});

interface Servers {
  servers: Readonly<Record<string, { name: string; systemDisk: { sizeGb: number } | null }>>;
}

/** Somebody does so in the console. */
function grow(of: CloudCase): void {
  now.cloud(of.account.name).arrange((state) => {
    const { servers } = state as Servers;
    const grown = Object.entries(servers).map(([id, server]) =>
      server.name === of.server && server.systemDisk !== null
        ? [id, { ...server, systemDisk: { ...server.systemDisk, sizeGb: 777 } }]
        : [id, server],
    );
    return { ...(state as Servers), servers: Object.fromEntries(grown) };
  });
}

async function refused(of: CloudCase): Promise<void> {
  await ends(now, "failed");
  expect(root(now).text).toMatch(/system disk size: approved `\d+ GB`, now `777 GB`/);
  expect(wipes(now, of)).toBe(0);
}

test.each(cases)("$title: a system disk that grew after its card was shown is not erased", async (of) => {
  now = await story({ cases: [of] });
  await ask(now, of);
  grow(of);
  await approve(now);
  await refused(of);
});

const stopped = cases.flatMap((of) => ("never" in of.stopping ? [] : [{ ...of, stopping: of.stopping }]));
test.each(stopped)("$title: a system disk that grew while its server was being stopped is not erased", async (of) => {
  now = await story({ cases: [of], account: of.stopping.account });
  await ask(now, of);
  let grown = false;
  now.cloud(of.account.name).onRequest((request) => {
    if (!of.is("stop", request) || grown) return;
    grown = true;
    // Once the stop itself has taken effect.
    setImmediate(grow, of);
  });
  await approve(now);
  await refused(of);
  expect(grown).toBe(true);
});
