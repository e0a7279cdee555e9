import { App, type Logger, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { KnownBlock, ModalView } from "@slack/types";
import { ErrorCode, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { channelIds, groupIds, team, tokens, userIds } from "../playground/slack/people.ts";
import { person } from "../playground/slack/person.ts";
import { SlackShell } from "../playground/slack/shell.ts";
import { type Workspace, workspace } from "../playground/slack/workspace.ts";
import { realClock } from "../src/real.ts";

const plain = (text: string) => ({ type: "plain_text", text }) as const;
const option = (text: string, value: string) => ({ text: plain(text), value });
const servers = ["web-01", "web-02", "db-01"].map((name) => option(name, `ins-${name}`));
/** What the official packages say about connections that are cut on purpose is of no interest here. */
const logger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
const logins = [option("Key pair", "key-pair"), option("Keep the image's login", "keep-image")];

let shell: SlackShell;
let space: Workspace;
let slackApiUrl: string;

beforeEach(async () => {
  shell = new SlackShell({ clock: realClock() });
  space = workspace(shell);
  slackApiUrl = `${(await shell.listen()).url}/api/`;
});
afterEach(() => shell.close());

describe("the official WebClient", () => {
  const client = (more: object = {}) =>
    new WebClient(tokens.bot, { slackApiUrl, logger, retryConfig: { retries: 0 }, ...more });

  test("posts, edits, and finds its message again by the metadata", async () => {
    const metadata = { event_type: "request", event_payload: { request: "r1", key: "card" } };
    const blocks = [{ type: "header", text: plain("Reinstall web-01?") }];
    const { ts = "" } = await client().chat.postMessage({ channel: channelIds.incident, text: "a", blocks, metadata });
    await client().chat.update({ channel: channelIds.incident, ts, text: "done" });
    const { messages } = await client().conversations.history({
      channel: channelIds.incident,
      include_all_metadata: true,
    });
    expect(messages).toMatchObject([{ ts, text: "done", metadata }]);
  });

  test("learns who is who", async () => {
    expect(await client().auth.test()).toMatchObject({ ok: true, team_id: team.id });
    const { users } = await client().usergroups.users.list({ usergroup: groupIds.approvers });
    expect(users).toEqual([userIds.approver, userIds.secondApprover]);
  });

  test("is told what is wrong with its blocks", async () => {
    const blocks = [{ type: "header", text: plain("x".repeat(151)) }];
    const post = client().chat.postMessage({ channel: channelIds.ops, text: "a", blocks });
    await expect(post).rejects.toMatchObject({
      code: ErrorCode.PlatformError,
      data: { error: "invalid_blocks", errors: [expect.stringContaining("/blocks/0/text")] },
    });
  });

  test("is told when to come back", async () => {
    shell.apply({ kind: "fault", fault: "post-busy", armed: true });
    const post = client({ rejectRateLimitedCalls: true }).chat.postMessage({ channel: channelIds.ops, text: "a" });
    await expect(post).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 5 });
    expect(space.state(userIds.engineer).slackFaults.filter((fault) => fault.armed)).toEqual([]);
  });

  test("does not learn what became of a message whose answer was lost", async () => {
    shell.apply({ kind: "fault", fault: "post-lost", armed: true });
    const post = client().chat.postMessage({ channel: channelIds.ops, text: "posted all the same" });
    await expect(post).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(person(space, userIds.engineer).latest("ops").text).toBe("posted all the same");
  });
});

describe("a real Bolt app in Socket Mode", () => {
  let app: App;

  beforeEach(async () => {
    const receiver = new SocketModeReceiver({
      appToken: tokens.app,
      logger,
      clientPingTimeout: 1000,
      installerOptions: { clientOptions: { slackApiUrl } },
    });
    app = new App({
      token: tokens.bot,
      receiver,
      logger,
      deferInitialization: true,
      convoStore: false,
      clientOptions: { slackApiUrl, retryConfig: { retries: 0 } },
    });
    listen(app);
    await app.init();
    await app.start();
  });
  afterEach(() => app.stop());

  test("carries a person from the command through the form to a card that another person approves", async () => {
    const erin = person(space, userIds.engineer);
    const ana = person(space, userIds.approver);
    expect(await erin.command("#incident-4211", "/reinstall web")).toEqual({ ok: true });
    expect(erin.modalText()).toContain("Reinstall a server");
    expect(ana.modal()).toBeNull();

    expect((await erin.suggest("Server", "web")).map((each) => each["value"])).toEqual(["ins-web-01", "ins-web-02"]);
    await erin.type("Reason", "root fs corrupt");
    await erin.choose("Server", "web-01");
    expect(erin.modalText()).toContain("web-01 is running");
    expect(erin.entry("Reason")).toBe("root fs corrupt");
    await erin.choose("Login", "Key pair");

    expect(await erin.submit()).toEqual({ ok: true });
    expect(erin.errors()).toEqual({ Reason: "Name the incident." });
    await erin.type("Reason", "root fs corrupt, INC-4211");
    expect(await erin.submit()).toEqual({ ok: true });
    expect(erin.modal()).toBeNull();

    const card = ana.latest("incident-4211");
    expect(ana.confirmation(card, "Approve")).toMatchObject({ title: "Reinstall web-01?", confirm: "Erase" });
    expect(await ana.press(card, "Approve")).toEqual({ ok: true });
    expect(ana.thread(card).map((reply) => reply.text)).toEqual([`Approved by ${userIds.approver}.`]);
    expect(ana.ephemerals("incident-4211")).toMatchObject([{ text: "Noted." }]);
    expect(erin.ephemerals("incident-4211")).toEqual([]);
    expect(shell.inFlight()).toBe(0);
  });

  test("comes back after its connection was cut, and fails people in between", async () => {
    const erin = person(space, userIds.engineer);
    await space.act({ do: "fault", cloud: "slack", fault: "socket-drop", armed: true });
    const says = '/reinstall failed with the error "dispatch_failed"';
    expect(await erin.command("ops", "/reinstall")).toEqual({ ok: false, says });
    await new Promise<void>((resolve) => {
      const off = space.onChange(() => {
        if (shell.state().sockets.length === 0) return;
        off();
        resolve();
      });
    });
    expect(await erin.command("ops", "/reinstall")).toEqual({ ok: true });
  });

  test("leaves everything it was sent and said in the record of the traffic", async () => {
    await person(space, userIds.engineer).command("ops", "/reinstall canary-text");
    const bodies = space.traffic.filter((each) => each.body.includes("canary-text")).map((each) => each.kind);
    expect(bodies).toContain("envelope");
    expect(space.traffic.map((each) => each.kind)).toEqual(
      expect.arrayContaining(["call", "reply", "envelope", "ack"]),
    );
  });
});

/** A tiny form: server, reason and login; then a card with a button. */
function listen(app: App): void {
  const form = (extra: readonly KnownBlock[]): ModalView => ({
    type: "modal",
    callback_id: "form",
    private_metadata: channelIds.incident,
    title: plain("Reinstall a server"),
    submit: plain("Ask for approval"),
    blocks: [
      {
        type: "input",
        block_id: "server",
        dispatch_action: true,
        label: plain("Server"),
        element: { type: "external_select", action_id: "server", min_query_length: 0 },
      },
      ...extra,
      {
        type: "input",
        block_id: "reason",
        label: plain("Reason"),
        element: { type: "plain_text_input", action_id: "reason" },
      },
      {
        type: "input",
        block_id: "login",
        label: plain("Login"),
        element: { type: "radio_buttons", action_id: "login", options: logins },
      },
    ],
  });
  app.command("/reinstall", async ({ ack, body, client }) => {
    await client.views.open({ trigger_id: body.trigger_id, view: form([]) });
    await ack();
  });
  app.options("server", async ({ ack, options }) => {
    await ack({ options: servers.filter((each) => each.text.text.includes(options.value)) });
  });
  app.action("server", async ({ ack, body, client }) => {
    if (body.type !== "block_actions" || !body.view) return;
    const text = { type: "mrkdwn" as const, text: "web-01 is running" };
    const reading = [{ type: "section" as const, block_id: "reading", text }];
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: form(reading) });
    await ack();
  });
  app.view("form", async ({ ack, view, client }) => {
    const reason = view.state.values["reason"]?.["reason"]?.value ?? "";
    const errors = { reason: "Name the incident." };
    if (!reason.includes("INC-")) return ack({ response_action: "errors", errors });
    const sure = {
      title: plain("Reinstall web-01?"),
      text: plain("Its disk is erased."),
      confirm: plain("Erase"),
      deny: plain("No"),
    };
    const button = {
      type: "button" as const,
      action_id: "approve",
      text: plain("Approve"),
      value: "r1.1",
      confirm: sure,
    };
    const blocks = [{ type: "actions" as const, elements: [button] }];
    await client.chat.postMessage({ channel: view.private_metadata, text: reason, blocks });
    return ack();
  });
  app.action("approve", async ({ ack, body, client, respond }) => {
    if (body.type !== "block_actions" || !body.message || !body.channel) return;
    const text = `Approved by ${body.user.id}.`;
    await client.chat.postMessage({ channel: body.channel.id, thread_ts: body.message["ts"], text });
    await respond({ text: "Noted.", response_type: "ephemeral", replace_original: false });
    await ack();
  });
}
