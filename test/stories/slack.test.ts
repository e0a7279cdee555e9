import { afterEach, describe, expect, test } from "vitest";
import { arm } from "../../playground/slack/api.ts";
import { directId } from "../../playground/slack/people.ts";
import type { Trouble } from "../../playground/slack/state.ts";
import { tencentCase as of } from "../setup/cases.ts";
import { approve, ask, ends, fill, root, wipes } from "../setup/deeds.ts";
import { botUser, channel, type Story, story } from "../setup/story.ts";

let now: Story;
afterEach(() => now.end());

function trouble(method: string, how: Trouble, times = 1): void {
  now.shell.arrange((state) => arm(state, method, how, times));
}

/** The messages of a whole happy request, as anybody in the channel reads them in the end. */
function shown(): readonly string[] {
  const all = [...now.erin.messages(channel).filter(({ threadTs }) => !threadTs), ...now.erin.thread(root(now))];
  return all.map(({ text }) => text.split("\n")[0]?.replaceAll(/`[0-9a-f-]{36}`/g, "`id`") ?? "");
}

const whole = [
  "✅ *`web-01` was reinstalled.* CentOS 7.9 64bit · RUNNING",
  "Approved by <@U0APPROVER1>.",
  "Tencent Cloud accepted the reinstall (request `id`).",
  "✅ *`web-01` is back:* CentOS 7.9 64bit, RUNNING. It took",
];

describe("when Slack is in trouble, the right messages stand there in the end, each once", () => {
  test.each<[string, string, Trouble, number]>([
    ["posting is throttled", "chat.postMessage", { kind: "throttled", retryAfterS: 30 }, 3],
    ["editing is throttled", "chat.update", { kind: "throttled", retryAfterS: 30 }, 3],
    ["posting answers 503", "chat.postMessage", { kind: "status", status: 503 }, 3],
    ["editing answers 500", "chat.update", { kind: "status", status: 500 }, 3],
    ["a message is posted and the answer is lost", "chat.postMessage", { kind: "cut-after" }, 4],
    ["a message is lost before it is posted", "chat.postMessage", { kind: "cut-before" }, 4],
    ["an edit's answer is lost", "chat.update", { kind: "cut-after" }, 3],
  ])("%s", async (_what, method, how, times) => {
    now = await story();
    await ask(now, of);
    trouble(method, how, times);
    await approve(now);
    await ends(now, "done");
    await now.pass(5 * 60_000);
    expect(shown().map((line, at) => line.slice(0, whole[at]?.length))).toEqual(whole);
    expect(wipes(now, of)).toBe(1);
  });

  test("the card itself: its answer is lost, and it is found by its metadata instead of being posted twice", async () => {
    now = await story();
    trouble("chat.postMessage", { kind: "cut-after" });
    await ask(now, of);
    await now.pass(60_000);
    expect(now.erin.messages(channel)).toHaveLength(1);
    expect(now.request().posts.find(({ key }) => key === "card")?.ts).toBe(root(now).ts);
  });

  test("what an edit of the card shows is stored with the next change, so that a restart knows it", async () => {
    now = await story();
    await ask(now, of);
    const stored = () => now.request().posts.find(({ key }) => key === "card")?.digest;
    const asked = stored();
    await approve(now);
    await ends(now, "done");
    expect(stored()).not.toBe(asked);
  });

  test("user groups cannot be read: nobody may approve just now, and the person is told to try again", async () => {
    now = await story();
    await ask(now, of);
    await now.pass(15 * 60_000);
    trouble("usergroups.users.list", { kind: "status", status: 503 }, 4);
    await approve(now);
    expect(now.ana.ephemerals(channel).at(-1)?.text).toContain("Try again in a moment");
    expect(now.request().status).toBe("pending");
    await now.pass(60_000);
    now.shell.arrange((state) => ({ ...state, armed: [] }));
    await approve(now);
    await ends(now, "done");
    expect(wipes(now, of)).toBe(1);
  });

  test("the bot is thrown out of the channel before it can post: the requester is told directly", async () => {
    now = await story();
    await fill(now, of);
    const without = (members: readonly string[]) => members.filter((id) => id !== botUser);
    now.shell.arrange((state) => ({
      ...state,
      channels: state.channels.map((each) =>
        each.name === channel ? { ...each, members: without(each.members) } : each,
      ),
    }));
    await now.meanwhile(now.erin.submit());
    const direct = directId(now.erin.user);
    await now.until("the requester is told", () => now.erin.messages(direct).length > 0);
    expect(now.erin.messages(channel)).toHaveLength(0);
    expect(now.erin.latest(direct).text).toContain("could not be posted");
    expect(now.erin.latest(direct).text).toContain("Type `/invite @Reinstall` in that channel");
  });
});
