import { afterEach, describe, expect, test } from "vitest";
import { type CloudCase, cases, tencentCase } from "../setup/cases.ts";
import { choose } from "../setup/deeds.ts";
import { channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

/** As long as the bot keeps its lists of servers without reading them anew. */
const freshMs = 60_000;

const text = () => now.erin.modalText();

/** Types the command and waits until one can choose a server; gives the time of the story that passed until the form was open, and until then. */
async function opened(): Promise<{ openMs: number; usableMs: number }> {
  const began = now.clock.now();
  let openMs = Number.POSITIVE_INFINITY;
  let usableMs = Number.POSITIVE_INFINITY;
  const look = () => {
    if (now.erin.modal() !== null) openMs = Math.min(openMs, now.clock.now() - began);
    if (text().includes("Type a part of its name")) usableMs = Math.min(usableMs, now.clock.now() - began);
  };
  const unwatch = now.space.onChange(look);
  await now.meanwhile(now.erin.command(channel, "/reinstall"));
  await now.until("one can choose a server", () => text().includes("Type a part of its name"));
  unwatch();
  return { openMs, usableMs };
}

/** How long the list kept somebody waiting who typed a name, and how much it offered. */
async function looked(name: string): Promise<{ waitedMs: number; offered: number }> {
  const began = now.clock.now();
  const options = await now.meanwhile(now.erin.suggest("Server", name));
  return { waitedMs: now.clock.now() - began, offered: options.length };
}

function other(of: CloudCase): CloudCase {
  const [one = tencentCase] = cases.filter((each) => each.called !== of.called && each.server !== of.server);
  return one;
}

function hang(of: CloudCase, armed = true): void {
  now.cloud(of.account.name).arm("down-hangs", armed);
}

describe.each(cases)("$title does not answer at all", (of) => {
  const missing = `${of.called} (${of.account.name}) has not answered yet, so its servers are missing below. An id can be typed.`;
  /** While it is asked, and when it was given up. */
  const named = new RegExp(
    `${of.called}( \\(${of.account.name}\\) has not answered for a while: what is listed of it may be old| (does|did) not answer)`,
  );

  test("from the start: the form opens within a second, names it, and offers the others' servers", async () => {
    now = await story({
      cases: [of, other(of)],
      arrange: (begun) => begun.cloud(of.account.name).arm("down-hangs", true),
    });
    const { openMs, usableMs } = await opened();
    expect(openMs).toBeLessThan(1000);
    expect(usableMs).toBeLessThan(1500);
    expect(text()).toContain(missing);
    await now.pass(2000);
    const { waitedMs, offered } = await looked(other(of).server);
    expect(offered).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThan(1000);
    await choose(now, now.erin, "Server", other(of).server);
    await now.until("the other cloud's server is shown", () => text().includes("What is lost"));
    expect(text()).toContain(other(of).called);
  });

  test("after its servers were listed once: they stay, it is named, and nobody waits for it", async () => {
    now = await story({ cases: [of, other(of)] });
    await now.pass(5000);
    hang(of);
    await now.pass(freshMs);
    await opened();
    await now.meanwhile(now.erin.cancel());
    await now.pass(2000);
    const { openMs, usableMs } = await opened();
    expect(openMs).toBeLessThan(1000);
    expect(usableMs).toBeLessThan(1500);
    expect(text()).toMatch(named);
    for (const each of [of, other(of)]) {
      const { waitedMs, offered } = await looked(each.server);
      expect(offered).toBeGreaterThan(0);
      expect(waitedMs).toBeLessThan(1000);
    }
  });

  test("and then answers: it is no longer named, and its servers are offered", async () => {
    now = await story({
      cases: [of, other(of)],
      arrange: (begun) => begun.cloud(of.account.name).arm("down-hangs", true),
    });
    await opened();
    await now.meanwhile(now.erin.cancel());
    hang(of, false);
    await now.pass(2 * freshMs);
    await opened();
    await now.meanwhile(now.erin.cancel());
    await now.pass(5000);
    await opened();
    expect(text()).not.toContain("not answered");
    expect((await looked(of.server)).offered).toBeGreaterThan(0);
  });
});
