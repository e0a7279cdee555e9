import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLog } from "../src/log.ts";
import { realClock } from "../src/real.ts";
import { type Clock, type Slack, SlackBusy, SlackRefused, SlackUnclear } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";
import { slackSeam } from "../src/slack.ts";

interface Said {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: unknown;
}
type Call = { method: string; fields: Readonly<Record<string, string>>; token: string };

const me = { ok: true, team_id: "T1", user_id: "UBOT", bot_id: "BBOT" };
let calls: Call[];
/** What Slack says next, by method; the last of a list stays. */
let says: Record<string, (Said | "hang" | "break")[]>;
let lines: string[];
let nowMs: number;
let server: Server;
let slack: Slack;

beforeEach(async () => {
  calls = [];
  lines = [];
  nowMs = 0;
  says = { "auth.test": [{ body: me }] };
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      const method = (request.url ?? "").replace("/api/", "");
      const fields = Object.fromEntries(new URLSearchParams(text));
      calls.push({ method, fields, token: request.headers.authorization ?? "" });
      const queue = says[method] ?? [];
      const said = (queue.length > 1 ? queue.shift() : queue[0]) ?? { body: { ok: false, error: "unknown_method" } };
      if (said === "hang") return;
      if (said === "break") return request.socket.destroy();
      const headers = { "content-type": "application/json", ...said.headers };
      response.writeHead(said.status ?? 200, headers).end(JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  slack = await connect();
  calls = [];
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function connect(): Promise<Slack> {
  const clock: Clock = { ...realClock(), mono: () => nowMs };
  const log = openLog({ clock, level: "info", write: (line) => void lines.push(line) });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return slackSeam({ token: new Secret("xoxb-the-token"), apiUrl, clock, log });
}

function fieldsOf(method: string): Readonly<Record<string, string>> {
  const call = calls.find((each) => each.method === method);
  if (call === undefined) throw new Error(`${method} was not called`);
  return call.fields;
}

const blocks = [{ type: "section", text: { type: "mrkdwn", text: "hello" } }];
const message = { channel: "C1", text: "hello", blocks, request: "r0123456789", key: "card" };
const posted: Said = { body: { ok: true, ts: "1700000000.000100", channel: "C1" } };

describe("what goes out", () => {
  test("a message bears its request and key, and unfurls nothing", async () => {
    says["chat.postMessage"] = [posted];
    expect(await slack.post(message)).toEqual({ ts: "1700000000.000100", channel: "C1" });
    const { metadata, blocks: sent, ...rest } = fieldsOf("chat.postMessage");
    expect(rest).toEqual({ channel: "C1", text: "hello", unfurl_links: "false", unfurl_media: "false" });
    expect(JSON.parse(metadata ?? "")).toEqual({
      event_type: "reinstall_request",
      event_payload: { request: "r0123456789", key: "card" },
    });
    expect(JSON.parse(sent ?? "")).toEqual(blocks);
    expect(calls[0]?.token).toBe("Bearer xoxb-the-token");
  });

  test("a thread reply names its thread and is broadcast only when asked", async () => {
    says["chat.postMessage"] = [posted];
    await slack.post({ ...message, threadTs: "1.2" });
    await slack.post({ ...message, threadTs: "1.2", broadcast: true });
    expect(calls.map(({ fields }) => [fields["thread_ts"], fields["reply_broadcast"]])).toEqual([
      ["1.2", undefined],
      ["1.2", "true"],
    ]);
  });

  test("an edit leaves the metadata as it is", async () => {
    says["chat.update"] = [posted];
    await slack.edit({ channel: "C1", ts: "1.2", text: "hi", blocks });
    expect(Object.keys(fieldsOf("chat.update")).sort()).toEqual(["blocks", "channel", "text", "ts"]);
  });

  test("a whisper goes to one person", async () => {
    says["chat.postEphemeral"] = [{ body: { ok: true } }];
    await slack.whisper({ channel: "C1", user: "U1", text: "no" });
    expect(fieldsOf("chat.postEphemeral")).toEqual({ channel: "C1", user: "U1", text: "no" });
  });

  test("a modal is opened, pushed, and updated with its hash", async () => {
    const view = { type: "modal", callback_id: "form" } as const;
    const shown: Said = { body: { ok: true, view: { id: "V1", hash: "h1" } } };
    says = { ...says, "views.open": [shown], "views.push": [shown], "views.update": [shown] };
    expect(await slack.open("trigger-1", view)).toEqual({ viewId: "V1", hash: "h1" });
    await slack.open("trigger-2", view, "push");
    expect(await slack.update({ viewId: "V1" }, view, "h0")).toEqual({ hash: "h1" });
    await slack.update({ externalId: "e1" }, view);
    expect(calls.map(({ method, fields: { view: _, ...rest } }) => [method, rest])).toEqual([
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
    says["chat.postMessage"] = [said];
    const failure = await slack.post(message).catch((error: unknown) => error);
    expect(failure).toEqual(is);
    expect((failure as Error).constructor).toBe((is as Error).constructor);
    if (is instanceof SlackBusy) expect(failure).toHaveProperty("retryAfterMs", is.retryAfterMs);
    expect(calls.map((each) => each.method)).toEqual(["chat.postMessage"]);
  });

  test("a modal that gets no answer is given up before its trigger is", async () => {
    says["views.open"] = ["hang"];
    const from = performance.now();
    await expect(slack.open("t", { type: "modal", callback_id: "x" })).rejects.toThrow(SlackUnclear);
    expect(performance.now() - from).toBeLessThan(3_000);
  });

  test("a throttled edit does not hold up a modal", async () => {
    says["chat.update"] = [{ status: 429, headers: { "retry-after": "30" }, body: {} }];
    says["views.open"] = [{ body: { ok: true, view: { id: "V1", hash: "h" } } }];
    const edit = slack.edit({ channel: "C1", ts: "1.2", text: "x", blocks }).catch((error: unknown) => error);
    expect(await slack.open("t", { type: "modal", callback_id: "x" })).toEqual({ viewId: "V1", hash: "h" });
    expect(await edit).toBeInstanceOf(SlackBusy);
  });

  test("a wrong token fails at the start, with Slack's word", async () => {
    says["auth.test"] = [{ body: { ok: false, error: "invalid_auth" } }];
    await expect(connect()).rejects.toThrow("Slack refused: invalid_auth");
  });

  test("neither token nor message is in the log, whatever fails", async () => {
    for (const { said } of table) {
      says["chat.postMessage"] = [said];
      await slack.post({ ...message, text: "canary-text" }).catch(() => {});
    }
    expect(lines.join("")).not.toMatch(/canary-text|xoxb-the-token|hello/);
  });
});

describe("finding our own message", () => {
  const bears = (key: string, ts: string, by: Readonly<Record<string, string>> = { user: "UBOT" }) => ({
    ...{ ts, ...by },
    metadata: { event_type: "reinstall_request", event_payload: { request: "r0123456789", key } },
  });
  const where = { channel: "C1", since: 1_700_000_000_000, request: "r0123456789", key: "card" };
  const page = (messages: readonly unknown[], next = ""): Said => ({
    body: { ok: true, messages, response_metadata: { next_cursor: next } },
  });

  test("looks in the channel from a minute before, with the metadata", async () => {
    says["conversations.history"] = [page([{ ts: "9.0", text: "chat" }, bears("board", "8.0"), bears("card", "7.0")])];
    expect(await slack.find(where)).toBe("7.0");
    expect(fieldsOf("conversations.history")).toMatchObject({
      ...{ channel: "C1", oldest: "1699999940.000000", include_all_metadata: "true", inclusive: "true" },
    });
  });

  test("looks in the thread when there is one", async () => {
    says["conversations.replies"] = [page([bears("card", "7.0")])];
    expect(await slack.find({ ...where, threadTs: "5.0" })).toBe("7.0");
    expect(fieldsOf("conversations.replies")["ts"]).toBe("5.0");
  });

  const others = [
    { says: "another person's with our metadata", message: bears("card", "7.0", { user: "UEVIL" }) },
    { says: "another bot's with our metadata", message: bears("card", "7.0", { bot_id: "BEVIL" }) },
    { says: "ours for another key", message: bears("board", "7.0") },
    { says: "one whose metadata is strange", message: { ts: "7.0", user: "UBOT", metadata: 7 } },
  ];
  test.each(others)("does not take $says", async ({ message: other }) => {
    says["conversations.history"] = [page([other])];
    expect(await slack.find(where)).toBe(null);
  });

  test("knows itself by its bot id too", async () => {
    says["conversations.history"] = [page([bears("card", "7.0", { bot_id: "BBOT" })])];
    expect(await slack.find(where)).toBe("7.0");
  });

  test("reads on to the next page", async () => {
    says["conversations.history"] = [page([], "next"), page([bears("card", "7.0")])];
    expect(await slack.find(where)).toBe("7.0");
    expect(calls[1]?.fields["cursor"]).toBe("next");
  });

  test("says that it does not know, rather than none, when there is too much to read", async () => {
    says["conversations.history"] = [page([], "again")];
    await expect(slack.find(where)).rejects.toThrow(SlackUnclear);
    expect(calls).toHaveLength(5);
  });
});

describe("what Slack says of a person", () => {
  const plain = { id: "U1", team_id: "T1", profile: { display_name: "Ada" } };
  const table: readonly { says: string; user: unknown; is: object }[] = [
    { says: "a colleague", user: plain, is: { name: "Ada", guest: false, external: false, gone: false, bot: false } },
    { says: "a guest of several channels", user: { ...plain, is_restricted: true }, is: { guest: true } },
    { says: "a guest of one channel", user: { ...plain, is_ultra_restricted: true }, is: { guest: true } },
    { says: "one who is only invited", user: { ...plain, is_invited_user: true }, is: { guest: true } },
    {
      says: "one from another company, whom Slack does not call a stranger",
      user: { ...plain, team_id: "T9", is_stranger: false },
      is: { external: true },
    },
    { says: "a stranger", user: { ...plain, is_stranger: true }, is: { external: true } },
    { says: "one whose team is not said", user: { id: "U1" }, is: { external: true, name: "U1" } },
    {
      says: "one of another organisation, while we have none",
      user: { ...plain, team_id: "T9", enterprise_user: { enterprise_id: "E1" } },
      is: { external: true },
    },
    { says: "one who left", user: { ...plain, deleted: true }, is: { gone: true } },
    { says: "a bot", user: { ...plain, is_bot: true }, is: { bot: true } },
    {
      says: "Slackbot, which does not say that it is one",
      user: { ...plain, id: "USLACKBOT", is_bot: false },
      is: { bot: true },
    },
  ];
  test.each(table)("$says", async ({ user, is }) => {
    says["users.info"] = [{ body: { ok: true, user } }];
    expect(await slack.person("U1")).toMatchObject(is);
  });

  test("a colleague in another workspace of our organisation", async () => {
    says["auth.test"] = [{ body: { ...me, enterprise_id: "E1" } }];
    says["users.info"] = [
      { body: { ok: true, user: { ...plain, team_id: "T2", enterprise_user: { enterprise_id: "E1" } } } },
    ];
    expect(await (await connect()).person("U1")).toMatchObject({ external: false });
  });
});

describe("what Slack says of a channel", () => {
  const table: readonly { says: string; channel: object; is: object }[] = [
    {
      says: "one we are in",
      channel: { name: "ops", is_member: true },
      is: { name: "ops", member: true, external: false, archived: false, direct: false },
    },
    { says: "one shared with another company", channel: { is_ext_shared: true }, is: { external: true } },
    { says: "one about to be shared", channel: { is_pending_ext_shared: true }, is: { external: true } },
    { says: "an archived one", channel: { is_archived: true }, is: { archived: true } },
    { says: "a group message", channel: { is_mpim: true }, is: { direct: true } },
  ];
  test.each(table)("$says", async ({ channel, is }) => {
    says["conversations.info"] = [{ body: { ok: true, channel: { id: "C1", ...channel } } }];
    expect(await slack.channel("C1")).toMatchObject(is);
  });

  test("a direct message is known by its id, without a call", async () => {
    expect(await slack.channel("D1")).toMatchObject({ direct: true, member: false });
    expect(calls).toEqual([]);
  });
});

describe("what is remembered", () => {
  const users = (...ids: string[]): Said => ({ body: { ok: true, users: ids } });
  const busy: Said = { status: 429, headers: { "retry-after": "30" }, body: {} };

  test("a group is read once a minute", async () => {
    says["usergroups.users.list"] = [users("U1"), users("U2")];
    expect(await slack.group("S1")).toEqual(["U1"]);
    nowMs = 59_999;
    expect(await slack.group("S1")).toEqual(["U1"]);
    nowMs = 60_000;
    expect(await slack.group("S1")).toEqual(["U2"]);
    expect(calls).toHaveLength(2);
  });

  const stale: readonly {
    atMs: number;
    said: Said;
    is: readonly string[] | typeof SlackBusy | typeof SlackRefused;
    says: string;
  }[] = [
    { says: "ten minutes while Slack is busy", atMs: 599_999, said: busy, is: ["U1"] },
    { says: "ten minutes while Slack is down", atMs: 599_999, said: { status: 503, body: {} }, is: ["U1"] },
    { says: "no longer than that", atMs: 600_000, said: busy, is: SlackBusy },
    {
      says: "no longer than a minute once Slack says that there is no such group",
      atMs: 60_000,
      said: { body: { ok: false, error: "no_such_subteam" } },
      is: SlackRefused,
    },
  ];
  test.each(stale)("a group counts for $says", async ({ atMs, said, is }) => {
    says["usergroups.users.list"] = [users("U1"), said];
    await slack.group("S1");
    nowMs = atMs;
    const found = await slack.group("S1").catch((error: unknown) => error);
    if (Array.isArray(is)) expect(found).toEqual(is);
    else expect(found).toBeInstanceOf(is);
  });

  test("a person counts for a minute and never longer, for they may have left", async () => {
    says["users.info"] = [{ body: { ok: true, user: { id: "U1", team_id: "T1" } } }, busy];
    await slack.person("U1");
    nowMs = 60_000;
    await expect(slack.person("U1")).rejects.toThrow(SlackBusy);
  });

  test("a failure is not remembered", async () => {
    says["users.info"] = [busy, { body: { ok: true, user: { id: "U1", team_id: "T1" } } }];
    await expect(slack.person("U1")).rejects.toThrow(SlackBusy);
    expect(await slack.person("U1")).toMatchObject({ user: "U1" });
  });

  test("the oldest is forgotten past a thousand", async () => {
    says["usergroups.users.list"] = [users("U1")];
    for (let n = 0; n <= 1_000; n += 1) await slack.group(`S${n}`);
    const before = calls.length;
    await slack.group("S1000");
    expect(calls).toHaveLength(before);
    await slack.group("S0");
    expect(calls).toHaveLength(before + 1);
  });
});
