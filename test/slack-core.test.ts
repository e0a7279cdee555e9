import { describe, expect, test } from "vitest";
import type { Deed } from "../playground/slack/deeds.ts";
import { DirectSlack } from "../playground/slack/direct.ts";
import { app, channelIds, commands, team, userIds } from "../playground/slack/people.ts";
import { isFields } from "../playground/slack/rules.ts";
import type { Options } from "../playground/slack/state.ts";

const second = 1_000;
const minute = 60 * second;
const form = { type: "modal", callback_id: "form", title: { type: "plain_text", text: "Form" }, blocks: [] };
const button = { type: "button", action_id: "approve", text: { type: "plain_text", text: "Approve" }, value: "r1.1" };
const card = [{ type: "actions", block_id: "verdict", elements: [button] }];

describe("a trigger", () => {
  test("lives three seconds", () => {
    const [inTime, late] = [commanded(), commanded()];
    inTime.slack.wait(3 * second - 1);
    late.slack.wait(3 * second + 1);
    expect(inTime.slack.call("views.open", { trigger_id: inTime.trigger, view: form })).toMatchObject({ ok: true });
    expect(late.slack.call("views.open", { trigger_id: late.trigger, view: form })).toMatchObject({
      error: "expired_trigger_id",
    });
  });

  test("works once", () => {
    const { slack, trigger } = commanded();
    slack.call("views.open", { trigger_id: trigger, view: form });
    expect(slack.call("views.open", { trigger_id: trigger, view: form })).toMatchObject({
      error: "exchanged_trigger_id",
    });
  });

  test("of nobody is refused, and a bad view does not use one up", () => {
    const { slack, trigger } = commanded();
    expect(slack.call("views.open", { trigger_id: "nonsense", view: form })).toMatchObject({
      error: "invalid_trigger_id",
    });
    const bad = { ...form, title: { type: "plain_text", text: "x".repeat(25) } };
    expect(slack.call("views.open", { trigger_id: trigger, view: bad })).toMatchObject({ error: "invalid_arguments" });
    expect(slack.call("views.open", { trigger_id: trigger, view: form })).toMatchObject({ ok: true });
  });

  test("from outside a modal cannot push one", () => {
    const { slack, trigger } = commanded();
    expect(slack.call("views.push", { trigger_id: trigger, view: form })).toMatchObject({
      error: "invalid_trigger_id",
    });
  });
});

describe("a response_url", () => {
  test("takes five posts", () => {
    const { slack, hook } = commanded();
    const post = () => slack.respond(hook, { text: "a" });
    expect(Array.from({ length: 6 }, post)).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.state.messages[channelIds.random]).toHaveLength(5);
  });

  test("lives half an hour", () => {
    const { slack, hook } = commanded();
    slack.wait(30 * minute);
    expect(slack.respond(hook, { text: "a" })).toBe(200);
    slack.wait(1);
    expect(slack.respond(hook, { text: "a" })).toBe(404);
  });

  test("speaks to the person alone unless told otherwise, and can replace what it said", () => {
    const { slack, hook } = commanded();
    slack.respond(hook, { text: "alone" });
    slack.respond(hook, { text: "changed", replace_original: true });
    slack.respond(hook, { text: "all", response_type: "in_channel" });
    expect(slack.state.messages[channelIds.random]).toMatchObject([
      { to: userIds.engineer, text: "changed" },
      { text: "all" },
    ]);
  });
});

describe("an envelope", () => {
  test("goes to one of the connections", () => {
    const slack = world();
    for (const socket of ["b", "c"]) slack.connect(socket);
    const outputs = slack.act(command);
    expect(outputs.filter((output) => output.to === "socket")).toHaveLength(1);
  });

  test("an eleventh connection is one too many, and an address opens one", () => {
    const slack = world();
    for (let n = 2; n <= 10; n++) slack.connect(`s${n}`);
    slack.wait(minute);
    expect(slack.connect("s11")).toMatchObject([
      { frame: { type: "disconnect", reason: "too_many_websockets" } },
      { to: "hang-up" },
    ]);
    expect(slack.feed({ kind: "connect", socket: "again", ticket: "ticket-1" })).toMatchObject([{ to: "hang-up" }]);
  });

  test.each([
    { says: "command", deed: () => command, late: '/reinstall failed with the error "operation_timeout"' },
    { says: "press", deed: onCard, late: "This app did not respond in time" },
    { says: "form", deed: formSent, late: "We had some trouble connecting. Try again?" },
  ])("of a $says that nobody acknowledges within three seconds says so to the person", ({ deed, late }) => {
    const slack = world();
    const { envelope } = slack.send(deed(slack));
    slack.wait(3 * second - 1);
    expect(slack.feed({ kind: "time" })).toEqual([]);
    slack.wait(1);
    expect(slack.feed({ kind: "time" })).toMatchObject([{ to: "person", answer: { ok: false, says: late } }]);
    expect(slack.feed({ kind: "ack", envelope })).toEqual([]);
  });

  test("has nowhere to go without a connection, and the command fails at once", () => {
    const slack = world();
    slack.feed({ kind: "fault", fault: "socket-drop", armed: true });
    const says = '/reinstall failed with the error "dispatch_failed"';
    expect(slack.act(command)).toMatchObject([{ answer: { ok: false, says } }]);
  });

  test("goes elsewhere when Slack asks for a new connection", () => {
    const slack = world();
    const outputs = slack.feed({ kind: "disconnect", reason: "refresh_requested" });
    expect(outputs).toMatchObject([
      { to: "socket", socket: "a", frame: { type: "disconnect", reason: "refresh_requested" } },
      { to: "hang-up", socket: "a", how: "close" },
    ]);
    expect(slack.connect("b")).toMatchObject([{ to: "socket", socket: "b", frame: { type: "hello" } }]);
    expect(slack.act(command)).toMatchObject([{ to: "socket", socket: "b" }]);
  });

  test("of a command may be acknowledged with a message to the person alone", () => {
    const slack = world();
    const { envelope } = slack.send(command);
    expect(slack.feed({ kind: "ack", envelope, payload: { text: "Which server?" } })).toMatchObject([
      { answer: { ok: true } },
    ]);
    expect(slack.state.messages[channelIds.random]).toMatchObject([{ to: userIds.engineer, text: "Which server?" }]);
  });

  test("carries what was typed as it was typed, or escaped when the manifest says so", () => {
    const typed = "web-01 for @ana in #security-cases and #ops, see https://example.com/a";
    const deed = { ...command, text: `/reinstall ${typed}` };
    expect(world().send(deed).payload).toMatchObject({ command: "/reinstall", text: typed, channel_name: "random" });
    const escaping = world({ commands: commands.map((each) => ({ ...each, escape: true })) });
    expect(escaping.send(deed).payload["text"]).toBe(
      `web-01 for <@${userIds.approver}> in <#${channelIds.hidden}|> and <#${channelIds.ops}|ops>, see <https://example.com/a>`,
    );
  });

  test("of a press carries the person, the place, the message, the state and the one action", () => {
    const slack = world();
    const { type, payload } = slack.send(onCard(slack));
    expect(type).toBe("interactive");
    expect(payload).toMatchObject({
      type: "block_actions",
      api_app_id: app.id,
      team: { id: team.id },
      user: { id: userIds.approver, team_id: team.id },
      channel: { id: channelIds.ops, name: "ops" },
      container: { type: "message", channel_id: channelIds.ops, is_ephemeral: false },
      message: { blocks: card, metadata: { event_payload: { request: "r1" } } },
      state: { values: {} },
      actions: [{ ...button, block_id: "verdict", action_ts: expect.stringMatching(/^\d+\.\d{6}$/) }],
      trigger_id: expect.any(String),
      response_url: expect.stringMatching(/^http:\/\/slack\.test\/hooks\/actions\//),
    });
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

/** The engineer typed the command: the trigger and response_url of it. */
function commanded(slack = world()): { slack: DirectSlack; trigger: string; hook: string } {
  const { envelope, payload } = slack.send(command);
  slack.feed({ kind: "ack", envelope });
  return { slack, trigger: String(payload["trigger_id"]), hook: String(payload["response_url"]) };
}

function onCard(slack: DirectSlack): Deed {
  const metadata = { event_type: "request", event_payload: { request: "r1" } };
  const ts = String(
    slack.call("chat.postMessage", { channel: channelIds.ops, text: "a", blocks: card, metadata })["ts"],
  );
  const action = { ...button, block_id: "verdict" };
  return { do: "press", user: userIds.approver, in: { message: ts, channel: channelIds.ops }, action };
}

function formSent(slack: DirectSlack): Deed {
  const { trigger } = commanded(slack);
  const view = slack.call("views.open", { trigger_id: trigger, view: form })["view"];
  return { do: "submit", user: userIds.engineer, view: isFields(view) ? String(view["id"]) : "", values: {} };
}
