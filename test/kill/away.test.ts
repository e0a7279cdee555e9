import { afterEach, describe, expect, test } from "vitest";
import { arm, disarm } from "../../playground/slack/api.ts";
import type { Seen } from "../../playground/slack/person.ts";
import type { Trouble } from "../../playground/slack/state.ts";
import type { Request } from "../../src/request.ts";
import { tencentCase as of } from "../setup/cases.ts";
import { ask } from "../setup/deeds.ts";
import { onlyCards, said, shown } from "../setup/shown.ts";
import { channel, type Story, story } from "../setup/story.ts";

const minuteMs = 60_000;
/** What Slack promises to take: about one post a second in a channel with short bursts, and fifty edits a minute. https://docs.slack.dev/apis/web-api/rate-limits */
const limits = { postsInASecond: 3, postsInAMinute: 60, editsInAMinute: 50 };
const servers = ["web-01", "web-02", "web-03", "api-01", "api-02", "worker-01", "worker-02", "db-01"];

let now: Story;
afterEach(() => now.end());

function leave(how: Trouble): void {
  now.shell.arrange((state) => arm(state, "*", how, Number.MAX_SAFE_INTEGER));
  now.shell.apply({ kind: "fault", fault: "socket-drop", armed: true });
}

/** Every request there is. */
function requests(): readonly Request[] {
  const all = [...now.store.latest(50), ...now.store.hot()];
  return [...new Map(all.map((request) => [request.id, request])).values()];
}

/** The most calls of a method that Slack took within any such span; all of them are about one channel. */
function most(method: string, spanMs: number, since: number): number {
  const times = now.shell.traffic.flatMap((passed) =>
    passed.kind === "reply" && passed.name.endsWith(method) && passed.status === 200 && passed.at >= since
      ? [passed.at]
      : [],
  );
  return Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + spanMs).length));
}

function textOf(key: string): string {
  return shown(now.shell).find((one) => one.key === key)?.text ?? "";
}

async function inTheMiddle(): Promise<void> {
  now = await story({ approvalMs: 40 * minuteMs });
  const cards: Seen[] = [];
  for (const server of servers) cards.push(await ask(now, of, { server }));
  // The last one is never decided.
  for (const asked of cards.slice(0, -1)) {
    await now.meanwhile(now.ana.press(asked, "Approve and reinstall"));
    await now.pass(3_000);
  }
}

/** In steps so small that what happens within a second can be told apart. */
async function finely(ms: number): Promise<void> {
  for (const end = now.clock.now() + ms; now.clock.now() < end; ) await now.pass(200);
}

describe("Slack is away for half an hour", () => {
  test.each<[string, Trouble]>([
    ["every call answers 503", { kind: "status", status: 503 }],
    ["every connection breaks", { kind: "cut-before" }],
    ["every call is throttled for a minute", { kind: "throttled", retryAfterS: 60 }],
    ["calls take effect, and no answer comes", { kind: "cut-after" }],
  ])(
    "%s: nothing is lost, all cards are right within a minute of its return, and there is no burst",
    async (_how, trouble) => {
      await inTheMiddle();
      expect(requests().filter(({ status }) => status === "running").length).toBeGreaterThan(3);
      leave(trouble);
      await now.pass(30 * minuteMs);
      expect(requests().filter(({ status }) => status === "done")).toHaveLength(servers.length - 1);
      const back = now.clock.now();
      now.shell.arrange((state) => disarm(state, "*"));
      await finely(minuteMs);
      const all = requests();
      expect(all).toHaveLength(servers.length);
      expect(onlyCards(shown(now.shell))).toEqual(onlyCards(said(all, [of.account])));
      await finely(minuteMs);
      expect(shown(now.shell)).toEqual(said(requests(), [of.account]));
      for (const request of requests().filter(({ status }) => status === "done")) {
        const mine = shown(now.shell).filter((one) => one.request === request.id);
        expect(mine.map(({ key }) => key).sort()).toEqual(["accepted.1", "approved", "card", "done"]);
      }
      expect(most("chat.postMessage", 1_000, back)).toBeLessThanOrEqual(limits.postsInASecond);
      expect(most("chat.postMessage", minuteMs, back)).toBeLessThanOrEqual(limits.postsInAMinute);
      expect(most("chat.update", minuteMs, back)).toBeLessThanOrEqual(limits.editsInAMinute);
      const refused = now.shell.traffic.filter((one) => one.kind === "reply" && one.at > back && one.status === 429);
      expect(refused).toEqual([]);
      expect(now.erin.messages(channel).filter(({ threadTs }) => !threadTs)).toHaveLength(servers.length);
    },
    120_000,
  );

  test("a request whose time ran out meanwhile is closed, and its requester is told when Slack is back", async () => {
    now = await story({ approvalMs: 10 * minuteMs });
    const asked = await ask(now, of);
    leave({ kind: "status", status: 503 });
    await now.pass(30 * minuteMs);
    now.shell.arrange((state) => disarm(state, "*"));
    await now.pass(minuteMs);
    expect(shown(now.shell)).toEqual(said(requests(), [of.account]));
    expect(textOf("card")).toContain("⌛ *Expired");
    expect(textOf("expired")).toContain("<@U0ENGINEER>");
    await now.pass(minuteMs);
    await now.meanwhile(now.ana.press(asked, "Approve and reinstall"));
    expect(now.ana.ephemerals(channel).at(-1)?.text).toContain("expired");
  });
});
