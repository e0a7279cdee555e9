import { describe, expect, test } from "vitest";
import { arm } from "../playground/slack/api.ts";
import { DirectSlack } from "../playground/slack/direct.ts";
import { app, channelIds, groupIds, partnerTeam, team, tokens, userIds } from "../playground/slack/people.ts";
import type { Options } from "../playground/slack/state.ts";

const second = 1_000;
const minute = 60 * second;
const button = { type: "button", action_id: "approve", text: { type: "plain_text", text: "Approve" }, value: "r1.1" };
const card = [{ type: "actions", block_id: "verdict", elements: [button] }];

describe("Slack's door", () => {
  test.each([
    { says: "no token", token: "", error: "not_authed" },
    { says: "a token nobody knows", token: "xoxb-of-somebody-else", error: "invalid_auth" },
    { says: "the app's token where the bot's belongs", token: tokens.app, error: "not_allowed_token_type" },
  ])("refuses $says with $error", ({ token, error }) => {
    expect(world().call("auth.test", {}, token)).toMatchObject({ ok: false, error });
  });

  test("refuses the bot's token where the app's belongs", () => {
    expect(world().call("apps.connections.open", {}, tokens.bot)).toMatchObject({ error: "not_allowed_token_type" });
  });

  test("refuses a method whose scope the manifest does not ask for, and a method that does not exist", () => {
    const slack = world({ scopes: ["chat:write"] });
    expect(slack.call("users.info", { user: userIds.engineer })).toMatchObject({
      error: "missing_scope",
      needed: "users:read",
      provided: "chat:write",
    });
    expect(slack.call("chat.shout", {})).toMatchObject({ error: "unknown_method" });
  });

  test("takes forms with JSON inside, as the official client sends them", () => {
    const slack = world();
    const body = new URLSearchParams({ channel: channelIds.ops, text: "a", blocks: JSON.stringify(card) }).toString();
    const contentType = "application/x-www-form-urlencoded";
    const request = { method: "chat.postMessage", contentType, authorization: `Bearer ${tokens.bot}`, body };
    const [output] = slack.feed({ kind: "api", call: 1, request });
    expect(output).toMatchObject({ reply: { body: { ok: true, message: { blocks: card } } } });
  });

  test("knows whose app it is", () => {
    const known = { team_id: team.id, user_id: app.botUser, bot_id: app.botId };
    expect(world().call("auth.test", {})).toMatchObject({ ok: true, ...known });
  });
});

describe("Slack's patience", () => {
  test("a channel takes a short burst, then about one message a second", () => {
    const slack = world();
    const post = () => slack.reply("chat.postMessage", { channel: channelIds.ops, text: "a" });
    expect(Array.from({ length: 5 }, () => post().status)).toEqual([200, 200, 200, 200, 200]);
    expect(post()).toMatchObject({ status: 429, headers: { "retry-after": "1" }, body: { error: "ratelimited" } });
    slack.wait(second);
    expect([post().status, post().status]).toEqual([200, 429]);
  });

  test("a tier 2 method takes 20 calls a minute, and other methods do not mind", () => {
    const slack = world();
    const list = () => slack.reply("usergroups.users.list", { usergroup: groupIds.approvers }).status;
    expect(Array.from({ length: 21 }, list).filter((status) => status === 200)).toHaveLength(20);
    expect(slack.reply("users.info", { user: userIds.engineer }).status).toBe(200);
    slack.wait(minute);
    expect(list()).toBe(200);
  });

  test.each([
    {
      says: "429",
      how: { kind: "throttled", retryAfterS: 30 },
      reply: { status: 429, headers: { "retry-after": "30" } },
      posted: 0,
    },
    { says: "503", how: { kind: "status", status: 503 }, reply: { status: 503, how: "answer" }, posted: 0 },
    { says: "a cut before it took effect", how: { kind: "cut-before" }, reply: { how: "lost" }, posted: 0 },
    { says: "a cut after it took effect", how: { kind: "cut-after" }, reply: { how: "lost" }, posted: 1 },
    { says: "no answer at all", how: { kind: "hang-after" }, reply: { how: "hang" }, posted: 1 },
  ] as const)("the next call can be made to meet $says, once", ({ how, reply, posted }) => {
    const slack = world();
    slack.state = arm(slack.state, "chat.postMessage", how);
    expect(slack.reply("chat.postMessage", { channel: channelIds.ops, text: "a" })).toMatchObject(reply);
    expect(slack.state.messages[channelIds.ops] ?? []).toHaveLength(posted);
    expect(slack.reply("chat.postMessage", { channel: channelIds.ops, text: "b" }).status).toBe(200);
  });
});

describe("people", () => {
  test.each([
    { says: "a member", user: userIds.engineer, shown: { team_id: team.id, deleted: false, is_restricted: false } },
    { says: "a guest", user: userIds.guest, shown: { team_id: team.id, is_restricted: true } },
    { says: "somebody who left", user: userIds.gone, shown: { deleted: true } },
    { says: "a partner", user: userIds.external, shown: { team_id: partnerTeam.id, is_stranger: true } },
    { says: "a bot", user: app.botUser, shown: { is_bot: true } },
  ])("of all kinds can be told apart: $says", ({ user, shown }) => {
    expect(world().call("users.info", { user })).toMatchObject({ ok: true, user: { id: user, ...shown } });
  });

  test("who are unknown, and groups that are, have their own error words", () => {
    expect(world().call("users.info", { user: "U0NOBODY" })).toMatchObject({ error: "user_not_found" });
    expect(world().call("usergroups.users.list", { usergroup: "S0" })).toMatchObject({ error: "no_such_subteam" });
    expect(world({ paid: false }).call("usergroups.users.list", { usergroup: groupIds.oncall })).toMatchObject({
      error: "plan_upgrade_required",
    });
  });

  test.each([
    { says: "a partner has no commands of ours", user: userIds.external, channel: channelIds.shared },
    { says: "somebody who left cannot sign in", user: userIds.gone, channel: channelIds.ops },
    { says: "a guest is not in this channel", user: userIds.guest, channel: channelIds.random },
  ])("$says", ({ user, channel }) => {
    expect(world().act({ ...command, user, channel })).toMatchObject([{ answer: { ok: false } }]);
  });

  test("of another company may press what they see, and belong to their own team", () => {
    const slack = world();
    const ts = String(slack.call("chat.postMessage", { channel: channelIds.shared, text: "a", blocks: card })["ts"]);
    const { payload } = slack.send({
      do: "press",
      user: userIds.external,
      in: { message: ts, channel: channelIds.shared },
      action: button,
    });
    expect(payload).toMatchObject({ user: { team_id: partnerTeam.id }, team: { id: team.id } });
  });
});

const command = {
  do: "command",
  user: userIds.engineer,
  channel: channelIds.random,
  text: "/reinstall web-01",
} as const;

function world(options: Options = {}): DirectSlack {
  const slack = new DirectSlack(options);
  slack.connect("a");
  return slack;
}
