import { describe, expect, test } from "vitest";
import { DirectSlack } from "../playground/slack/direct.ts";
import { app, channelIds, directId, userIds } from "../playground/slack/people.ts";
import { add } from "../playground/slack/posting.ts";
import type { Fields } from "../playground/slack/rules.ts";

const second = 1_000;
const metadata = { event_type: "request", event_payload: { request: "r1", key: "card" } };
const blocks = [{ type: "section", block_id: "b", text: { type: "mrkdwn", text: "card" } }];

describe("posting", () => {
  test.each([
    { says: "where the bot is not", channel: channelIds.random, more: {}, error: "not_in_channel" },
    { says: "to an archived channel", channel: channelIds.archived, more: {}, error: "is_archived" },
    { says: "to no channel", channel: "C0", more: {}, error: "channel_not_found" },
    { says: "to somebody who left", channel: userIds.gone, more: {}, error: "channel_not_found" },
    { says: "nothing", channel: channelIds.ops, more: { text: "" }, error: "no_text" },
    {
      says: "blocks that are no JSON",
      channel: channelIds.ops,
      more: { blocks: "[{" },
      error: "invalid_blocks_format",
    },
    { says: "under no message", channel: channelIds.ops, more: { thread_ts: "1.2" }, error: "cannot_reply_to_message" },
    {
      says: "metadata of no shape",
      channel: channelIds.ops,
      more: { metadata: { a: 1 } },
      error: "invalid_metadata_format",
    },
  ])("$says is refused with $error", ({ channel, more, error }) => {
    expect(new DirectSlack().call("chat.postMessage", { channel, text: "a", ...more })).toMatchObject({
      ok: false,
      error,
    });
  });

  test("to a person opens the conversation with them", () => {
    const slack = new DirectSlack();
    const { channel } = slack.call("chat.postMessage", { channel: userIds.outsider, text: "a" });
    expect(channel).toBe(directId(userIds.outsider));
    const opened = slack.call("conversations.open", { users: userIds.outsider });
    expect(opened).toMatchObject({ ok: true, channel: { id: channel } });
    expect(slack.call("conversations.info", { channel })).toMatchObject({ channel: { is_im: true } });
  });

  test("under a reply is refused: a thread hangs on its first message", () => {
    const { slack, ts } = posted();
    const reply = slack.call("chat.postMessage", { channel: channelIds.ops, text: "a", thread_ts: ts })["ts"];
    const nested = slack.call("chat.postMessage", { channel: channelIds.ops, text: "a", thread_ts: reply });
    expect(nested).toMatchObject({ error: "cannot_reply_to_message" });
  });

  test.each([
    { says: "to nobody", user: "U0", error: "user_not_found" },
    { says: "to somebody who is not in the channel", user: userIds.guest, error: "user_not_in_channel" },
  ])("to one person alone, but $says, is refused with $error", ({ user, error }) => {
    const whisper = { channel: channelIds.ops, user, text: "a" };
    expect(new DirectSlack().call("chat.postEphemeral", whisper)).toMatchObject({ ok: false, error });
  });
});

describe("editing", () => {
  test.each([
    { says: "text alone takes the blocks away", edit: { text: "new" }, after: { text: "new", blocks: undefined } },
    { says: "metadata alone keeps text and blocks", edit: { metadata }, after: { text: "card", blocks } },
    { says: "blocks come anew", edit: { text: "new", blocks: [] }, after: { text: "new", blocks: undefined } },
    { says: "metadata stays unless it is given", edit: { text: "new" }, after: { metadata } },
    { says: "empty metadata removes it", edit: { text: "new", metadata: {} }, after: { metadata: undefined } },
  ])("$says", ({ edit, after }) => {
    const { slack, ts } = posted();
    slack.call("chat.update", { channel: channelIds.ops, ts, ...edit });
    const [message] = history(slack, { include_all_metadata: true });
    for (const [field, value] of Object.entries(after)) expect(message?.[field]).toEqual(value);
  });

  test("somebody else's message, one that is not there, or one person's own is refused", () => {
    const { slack } = posted();
    const [state, message] = add(
      slack.state,
      channelIds.ops,
      { user: userIds.engineer, text: "a", blocks: [] },
      slack.now,
    );
    slack.state = state;
    const whisper = { channel: channelIds.ops, user: userIds.engineer, text: "a" };
    const whispered = slack.call("chat.postEphemeral", whisper)["message_ts"];
    const edit = (ts: unknown) => slack.call("chat.update", { channel: channelIds.ops, ts, text: "b" })["error"];
    expect(edit(message.ts)).toBe("cant_update_message");
    expect(edit("1.2")).toBe("message_not_found");
    expect(edit(whispered)).toBe("message_not_found");
  });
});

describe("reading back", () => {
  test("gives the payload of metadata only to whoever asks for all of it", () => {
    const { slack } = posted();
    expect(history(slack, {})[0]).toMatchObject({ metadata: { event_type: "request" } });
    expect(history(slack, {})[0]?.["metadata"]).not.toHaveProperty("event_payload");
    expect(history(slack, { include_all_metadata: true })[0]).toMatchObject({ metadata });
  });

  test("gives a thread from its first message on, and a channel without its threads, newest first", () => {
    const { slack, ts } = posted();
    for (const text of ["one", "two"]) slack.call("chat.postMessage", { channel: channelIds.ops, text, thread_ts: ts });
    slack.call("chat.postMessage", { channel: channelIds.ops, text: "later" });
    const replies = slack.call("conversations.replies", { channel: channelIds.ops, ts })["messages"];
    expect(replies).toMatchObject([{ text: "card", reply_count: 2 }, { text: "one", thread_ts: ts }, { text: "two" }]);
    expect(history(slack, {}).map((message) => message["text"])).toEqual(["later", "card"]);
    expect(slack.call("conversations.replies", { channel: channelIds.ops, ts: "1.2" })).toMatchObject({
      error: "thread_not_found",
    });
  });

  test("turns pages, and begins after `oldest`", () => {
    const slack = new DirectSlack();
    const stamps = ["a", "b", "c"].map((text) => {
      slack.wait(second);
      return slack.call("chat.postMessage", { channel: channelIds.ops, text })["ts"];
    });
    const page = (more: Fields) => slack.call("conversations.history", { channel: channelIds.ops, limit: 2, ...more });
    const first = page({});
    expect(first).toMatchObject({ has_more: true, messages: [{ text: "c" }, { text: "b" }] });
    const cursor = (first["response_metadata"] as Fields)["next_cursor"];
    expect(page({ cursor })).toMatchObject({ has_more: false, messages: [{ text: "a" }] });
    expect(page({ cursor: "nonsense" })).toMatchObject({ error: "invalid_cursor" });
    expect(page({ oldest: stamps[1] })).toMatchObject({ messages: [{ text: "c" }] });
    expect(page({ oldest: stamps[1], inclusive: true })).toMatchObject({ messages: [{ text: "c" }, { text: "b" }] });
  });

  test("needs the bot to be there, and does not show what one person alone was told", () => {
    const slack = new DirectSlack();
    slack.call("chat.postEphemeral", { channel: channelIds.ops, user: userIds.engineer, text: "a" });
    expect(history(slack, {})).toEqual([]);
    expect(slack.call("conversations.history", { channel: channelIds.random })).toMatchObject({
      error: "not_in_channel",
    });
  });

  test.each([
    { says: "the bot's own", channel: channelIds.ops, shown: { is_member: true, is_ext_shared: false, name: "ops" } },
    { says: "one without the bot", channel: channelIds.random, shown: { is_member: false } },
    { says: "one that a partner shares", channel: channelIds.shared, shown: { is_ext_shared: true } },
    { says: "an archived one", channel: channelIds.archived, shown: { is_archived: true } },
    { says: "a private one", channel: channelIds.hidden, shown: { is_private: true } },
  ])("tells what kind of channel it is: $says", ({ channel, shown }) => {
    expect(new DirectSlack().call("conversations.info", { channel })).toMatchObject({ ok: true, channel: shown });
  });

  test("gives an address for a message, with its thread", () => {
    const { slack, ts } = posted();
    const link = slack.call("chat.getPermalink", { channel: channelIds.ops, message_ts: ts });
    expect(link["permalink"]).toMatch(/^https:\/\/playground\.slack\.com\/archives\/C0OPS\/p\d+$/);
  });
});

describe("the Home tab", () => {
  test("is published for a person, and an older picture does not overwrite a newer one", () => {
    const slack = new DirectSlack();
    const publish = (more: Fields) =>
      slack.call("views.publish", { user_id: userIds.engineer, view: { type: "home", blocks }, ...more });
    const { view } = publish({});
    expect(view).toMatchObject({ type: "home", app_id: app.id });
    const hash = (view as Fields)["hash"];
    expect(publish({ hash })).toMatchObject({ ok: true });
    expect(publish({ hash })).toMatchObject({ error: "hash_conflict" });
  });
});

function posted(): { slack: DirectSlack; ts: string } {
  const slack = new DirectSlack();
  const message = { channel: channelIds.ops, text: "card", blocks, metadata };
  return { slack, ts: String(slack.call("chat.postMessage", message)["ts"]) };
}

function history(slack: DirectSlack, more: Fields): readonly Fields[] {
  const { messages } = slack.call("conversations.history", { channel: channelIds.ops, ...more });
  return messages as readonly Fields[];
}
