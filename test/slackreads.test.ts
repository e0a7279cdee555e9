import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Slack, SlackBusy, SlackRefused, SlackUnclear } from "../src/seams.ts";
import { type Api, api, me, type Said } from "./setup/slackapi.ts";

let kit: Api;
let slack: Slack;

beforeEach(async () => {
  kit = await api();
  slack = await kit.connect();
  kit.calls = [];
});

afterEach(() => kit.close());

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
    kit.says["conversations.history"] = [
      page([{ ts: "9.0", text: "chat" }, bears("board", "8.0"), bears("card", "7.0")]),
    ];
    expect(await slack.find(where)).toBe("7.0");
    expect(kit.fieldsOf("conversations.history")).toMatchObject({
      ...{ channel: "C1", oldest: "1699999940.000000", include_all_metadata: "true", inclusive: "true" },
    });
  });

  test("looks in the thread when there is one", async () => {
    kit.says["conversations.replies"] = [page([bears("card", "7.0")])];
    expect(await slack.find({ ...where, threadTs: "5.0" })).toBe("7.0");
    expect(kit.fieldsOf("conversations.replies")["ts"]).toBe("5.0");
  });

  const others = [
    { says: "another person's with our metadata", message: bears("card", "7.0", { user: "UEVIL" }) },
    { says: "another bot's with our metadata", message: bears("card", "7.0", { bot_id: "BEVIL" }) },
    { says: "ours for another key", message: bears("board", "7.0") },
    { says: "one whose metadata is strange", message: { ts: "7.0", user: "UBOT", metadata: 7 } },
  ];
  test.each(others)("does not take $says", async ({ message: other }) => {
    kit.says["conversations.history"] = [page([other])];
    expect(await slack.find(where)).toBe(null);
  });

  test("knows itself by its bot id too", async () => {
    kit.says["conversations.history"] = [page([bears("card", "7.0", { bot_id: "BBOT" })])];
    expect(await slack.find(where)).toBe("7.0");
  });

  test("reads on to the next page", async () => {
    kit.says["conversations.history"] = [page([], "next"), page([bears("card", "7.0")])];
    expect(await slack.find(where)).toBe("7.0");
    expect(kit.calls[1]?.fields["cursor"]).toBe("next");
  });

  test("says that it does not know, rather than none, when there is too much to read", async () => {
    kit.says["conversations.history"] = [page([], "again")];
    await expect(slack.find(where)).rejects.toThrow(SlackUnclear);
    expect(kit.calls).toHaveLength(5);
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
    kit.says["users.info"] = [{ body: { ok: true, user } }];
    expect(await slack.person("U1")).toMatchObject(is);
  });

  test("a colleague in another workspace of our organisation", async () => {
    kit.says["auth.test"] = [{ body: { ...me, enterprise_id: "E1" } }];
    kit.says["users.info"] = [
      { body: { ok: true, user: { ...plain, team_id: "T2", enterprise_user: { enterprise_id: "E1" } } } },
    ];
    expect(await (await kit.connect()).person("U1")).toMatchObject({ external: false });
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
    kit.says["conversations.info"] = [{ body: { ok: true, channel: { id: "C1", ...channel } } }];
    expect(await slack.channel("C1")).toMatchObject(is);
  });

  test("a direct message is known by its id, without a call", async () => {
    expect(await slack.channel("D1")).toMatchObject({ direct: true, member: false });
    expect(kit.calls).toEqual([]);
  });
});

describe("what is remembered", () => {
  const users = (...ids: string[]): Said => ({ body: { ok: true, users: ids } });
  const busy: Said = { status: 429, headers: { "retry-after": "30" }, body: {} };

  test("a group is read once a minute", async () => {
    kit.says["usergroups.users.list"] = [users("U1"), users("U2")];
    expect(await slack.group("S1")).toEqual(["U1"]);
    kit.nowMs = 59_999;
    expect(await slack.group("S1")).toEqual(["U1"]);
    kit.nowMs = 60_000;
    expect(await slack.group("S1")).toEqual(["U2"]);
    expect(kit.calls).toHaveLength(2);
  });

  const stale: readonly {
    atMs: number;
    said: Said;
    is: readonly string[] | typeof SlackBusy | typeof SlackRefused | typeof SlackUnclear;
    says: string;
  }[] = [
    { says: "three minutes while Slack throttles us", atMs: 179_999, said: busy, is: ["U1"] },
    { says: "no longer than that", atMs: 180_000, said: busy, is: SlackBusy },
    {
      says: "no longer than a minute while Slack is down",
      atMs: 60_000,
      said: { status: 503, body: {} },
      is: SlackUnclear,
    },
    {
      says: "no longer than a minute once Slack says that there is no such group",
      atMs: 60_000,
      said: { body: { ok: false, error: "no_such_subteam" } },
      is: SlackRefused,
    },
  ];
  test.each(stale)("a group counts for $says", async ({ atMs, said, is }) => {
    kit.says["usergroups.users.list"] = [users("U1"), said];
    await slack.group("S1");
    kit.nowMs = atMs;
    const found = await slack.group("S1").catch((error: unknown) => error);
    if (Array.isArray(is)) expect(found).toEqual(is);
    else expect(found).toBeInstanceOf(is);
  });

  test("a person counts for a minute and never longer, for they may have left", async () => {
    kit.says["users.info"] = [{ body: { ok: true, user: { id: "U1", team_id: "T1" } } }, busy];
    await slack.person("U1");
    kit.nowMs = 60_000;
    await expect(slack.person("U1")).rejects.toThrow(SlackBusy);
  });

  test("a failure is not remembered", async () => {
    kit.says["users.info"] = [busy, { body: { ok: true, user: { id: "U1", team_id: "T1" } } }];
    await expect(slack.person("U1")).rejects.toThrow(SlackBusy);
    expect(await slack.person("U1")).toMatchObject({ user: "U1" });
  });

  test("the oldest is forgotten past a thousand", async () => {
    kit.says["usergroups.users.list"] = [users("U1")];
    for (let n = 0; n <= 1_000; n += 1) await slack.group(`S${n}`);
    const before = kit.calls.length;
    await slack.group("S1000");
    expect(kit.calls).toHaveLength(before);
    await slack.group("S0");
    expect(kit.calls).toHaveLength(before + 1);
  });
});
