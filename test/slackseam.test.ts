import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Slack, SlackBusy, SlackRefused, SlackUnclear } from "../src/seams.ts";
import { type Api, api, type Said } from "./setup/slackapi.ts";

let kit: Api;
let slack: Slack;

beforeEach(async () => {
  kit = await api();
  slack = await kit.connect();
  kit.calls = [];
});

afterEach(() => kit.close());

const blocks = [{ type: "section", text: { type: "mrkdwn", text: "hello" } }];
const message = { channel: "C1", text: "hello", blocks, request: "r0123456789", key: "card" };
const posted: Said = { body: { ok: true, ts: "1700000000.000100", channel: "C1" } };

describe("what goes out", () => {
  test("a message bears its request and key, and unfurls nothing", async () => {
    kit.says["chat.postMessage"] = [posted];
    expect(await slack.post(message)).toEqual({ ts: "1700000000.000100", channel: "C1" });
    const { metadata, blocks: sent, ...rest } = kit.fieldsOf("chat.postMessage");
    expect(rest).toEqual({ channel: "C1", text: "hello", unfurl_links: "false", unfurl_media: "false" });
    expect(JSON.parse(metadata ?? "")).toEqual({
      event_type: "reinstall_request",
      event_payload: { request: "r0123456789", key: "card" },
    });
    expect(JSON.parse(sent ?? "")).toEqual(blocks);
    expect(kit.calls[0]?.token).toBe("Bearer xoxb-the-token");
  });

  test("a thread reply names its thread and is broadcast only when asked", async () => {
    kit.says["chat.postMessage"] = [posted];
    await slack.post({ ...message, threadTs: "1.2" });
    await slack.post({ ...message, threadTs: "1.2", broadcast: true });
    expect(kit.calls.map(({ fields }) => [fields["thread_ts"], fields["reply_broadcast"]])).toEqual([
      ["1.2", undefined],
      ["1.2", "true"],
    ]);
  });

  test("an edit leaves the metadata as it is", async () => {
    kit.says["chat.update"] = [posted];
    await slack.edit({ channel: "C1", ts: "1.2", text: "hi", blocks });
    expect(Object.keys(kit.fieldsOf("chat.update")).sort()).toEqual(["blocks", "channel", "parse", "text", "ts"]);
  });

  test("an edit lets Slack read no mentions out of plain words, as it would at edits alone", async () => {
    kit.says["chat.update"] = [posted];
    await slack.edit({ channel: "C1", ts: "1.2", text: "@here", blocks });
    expect(kit.fieldsOf("chat.update")).toMatchObject({ text: "@here", parse: "none" });
  });

  test("a whisper goes to one person", async () => {
    kit.says["chat.postEphemeral"] = [{ body: { ok: true } }];
    await slack.whisper({ channel: "C1", user: "U1", text: "no" });
    expect(kit.fieldsOf("chat.postEphemeral")).toEqual({ channel: "C1", user: "U1", text: "no" });
  });

  test("a modal is opened, pushed, and updated with its hash", async () => {
    const view = { type: "modal", callback_id: "form" } as const;
    const shown: Said = { body: { ok: true, view: { id: "V1", hash: "h1" } } };
    kit.says = { ...kit.says, "views.open": [shown], "views.push": [shown], "views.update": [shown] };
    expect(await slack.open("trigger-1", view)).toEqual({ viewId: "V1", hash: "h1" });
    await slack.open("trigger-2", view, "push");
    expect(await slack.update({ viewId: "V1" }, view, "h0")).toEqual({ hash: "h1" });
    await slack.update({ externalId: "e1" }, view);
    expect(kit.calls.map(({ method, fields: { view: _, ...rest } }) => [method, rest])).toEqual([
      ["views.open", { trigger_id: "trigger-1" }],
      ["views.push", { trigger_id: "trigger-2" }],
      ["views.update", { view_id: "V1", hash: "h0" }],
      ["views.update", { external_id: "e1" }],
    ]);
  });
});

describe("what comes of a call that fails", () => {
  const table: readonly { says: string; said: Said | "break"; is: unknown }[] = [
    {
      says: "429 is busy, for as long as Slack says",
      said: { status: 429, headers: { "retry-after": "7" }, body: {} },
      is: new SlackBusy(7_000),
    },
    {
      says: "ratelimited as an error word is busy",
      said: { body: { ok: false, error: "ratelimited" } },
      is: new SlackBusy(5_000),
    },
    {
      says: "an error word is a refusal",
      said: { body: { ok: false, error: "is_archived" } },
      is: new SlackRefused("is_archived"),
    },
    {
      says: "fatal_error may have done some of it",
      said: { body: { ok: false, error: "fatal_error" } },
      is: new SlackUnclear("Slack answered fatal_error"),
    },
    {
      says: "internal_error may have done some of it",
      said: { body: { ok: false, error: "internal_error" } },
      is: new SlackUnclear("Slack answered internal_error"),
    },
    { says: "500 is unclear", said: { status: 500, body: {} }, is: new SlackUnclear("Slack gave no clear answer") },
    { says: "503 is unclear", said: { status: 503, body: {} }, is: new SlackUnclear("Slack gave no clear answer") },
    {
      says: "a redirect is unclear, and not followed",
      said: { status: 307, headers: { location: "/api/elsewhere" }, body: {} },
      is: new SlackUnclear("Slack gave no clear answer"),
    },
    {
      says: "429 without a time is unclear",
      said: { status: 429, body: {} },
      is: new SlackUnclear("Slack gave no clear answer"),
    },
    { says: "a broken connection is unclear", said: "break", is: new SlackUnclear("Slack gave no clear answer") },
    {
      says: "an answer without what was asked is unclear",
      said: { body: { ok: true } },
      is: new SlackUnclear("Slack's answer to chat.postMessage could not be read"),
    },
  ];
  test.each(table)("$says, and it is called once", async ({ said, is }) => {
    kit.says["chat.postMessage"] = [said];
    const failure = await slack.post(message).catch((error: unknown) => error);
    expect(failure).toEqual(is);
    expect((failure as Error).constructor).toBe((is as Error).constructor);
    if (is instanceof SlackBusy) expect(failure).toHaveProperty("retryAfterMs", is.retryAfterMs);
    expect(kit.calls.map((each) => each.method)).toEqual(["chat.postMessage"]);
  });

  test("a modal that gets no answer is given up before its trigger is", async () => {
    kit.says["views.open"] = ["hang"];
    const from = performance.now();
    await expect(slack.open("t", { type: "modal", callback_id: "x" })).rejects.toThrow(SlackUnclear);
    expect(performance.now() - from).toBeLessThan(3_000);
  });

  test("a throttled edit does not hold up a modal", async () => {
    kit.says["chat.update"] = [{ status: 429, headers: { "retry-after": "30" }, body: {} }];
    kit.says["views.open"] = [{ body: { ok: true, view: { id: "V1", hash: "h" } } }];
    const edit = slack.edit({ channel: "C1", ts: "1.2", text: "x", blocks }).catch((error: unknown) => error);
    expect(await slack.open("t", { type: "modal", callback_id: "x" })).toEqual({ viewId: "V1", hash: "h" });
    expect(await edit).toBeInstanceOf(SlackBusy);
  });

  test("a wrong token fails at the start, with Slack's word", async () => {
    kit.says["auth.test"] = [{ body: { ok: false, error: "invalid_auth" } }];
    await expect(kit.connect()).rejects.toThrow("Slack refused: invalid_auth");
  });

  test("neither token nor message is in the log, whatever fails", async () => {
    for (const { said } of table) {
      kit.says["chat.postMessage"] = [said];
      await slack.post({ ...message, text: "canary-text" }).catch(() => {});
    }
    expect(kit.lines.join("")).not.toMatch(/canary-text|xoxb-the-token|hello/);
  });
});
