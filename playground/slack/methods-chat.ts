/** The only place for the `chat.*` methods. https://docs.slack.dev/reference/methods/chat.postMessage */
import { type Answer, invalid, type Method, no, type Refused } from "./answers.ts";
import { flagOf, textOf } from "./arguments.ts";
import { postTextMax, updateTextMax, wrongBlocks, wrongMetadata } from "./limits.ts";
import { app, type Channel, team } from "./people.ts";
import { add, replace } from "./posting.ts";
import { takePost } from "./rates.ts";
import { type Fields, isFields } from "./rules.ts";
import { channelOf, type Message, messagesIn, nextTs, openDirect, personOf, type State } from "./state.ts";

export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": { tier: "special", scopes: ["chat:write"], token: "bot", run: postMessage },
  "chat.update": { tier: 3, scopes: ["chat:write"], token: "bot", run: update },
  "chat.postEphemeral": { tier: 4, scopes: ["chat:write"], token: "bot", run: postEphemeral },
  "chat.getPermalink": { tier: "special", scopes: [], token: "bot", run: getPermalink },
};

function postMessage(state: State, args: Fields, now: number): readonly [State, Answer] {
  const [reached, channel] = target(state, textOf(args, "channel") ?? "");
  const refused = notWritable(channel) ?? notPostable(args);
  if (!channel || refused) return [state, refused ?? no("channel_not_found")];
  const threadTs = textOf(args, "thread_ts");
  if (threadTs && !isParent(reached, channel.id, threadTs)) return [state, no("cannot_reply_to_message")];
  const [taken, waitS] = takePost(reached, channel.id, now);
  if (waitS !== null) return [state, { ...no("ratelimited"), retryAfterS: waitS }];
  const metadata = args["metadata"];
  const [next, message] = add(
    taken,
    channel.id,
    {
      user: app.botUser,
      text: (textOf(args, "text") ?? "").slice(0, postTextMax),
      blocks: blocksOf(args) ?? [],
      ...(threadTs ? { threadTs } : {}),
      ...(threadTs && flagOf(args, "reply_broadcast") ? { broadcast: true } : {}),
      ...(isFields(metadata) ? { metadata } : {}),
    },
    now,
  );
  return [next, { ok: true, channel: channel.id, ts: message.ts, message: shownMessage(message, true) }];
}

function update(state: State, args: Fields, now: number): readonly [State, Answer] {
  const channel = channelOf(state, textOf(args, "channel") ?? "");
  if (!channel) return [state, no("channel_not_found")];
  const message = messagesIn(state, channel.id).find((each) => each.ts === textOf(args, "ts") && !each.to);
  if (!message) return [state, no("message_not_found")];
  if (message.user !== app.botUser) return [state, no("cant_update_message")];
  const text = textOf(args, "text");
  if (text !== undefined && text.length > updateTextMax) return [state, no("msg_too_long")];
  const given = args["blocks"] !== undefined || text !== undefined;
  const refused = channel.archived ? no("is_archived") : given ? notPostable(args) : wrongDecoration(args);
  if (refused) return [state, refused];
  const [stamped, editedAt] = nextTs(state, now);
  const [next, changed] = replace(stamped, channel.id, changedBy(message, args, editedAt));
  const shown = shownMessage(changed, true);
  return [next, { ok: true, channel: channel.id, ts: message.ts, text: changed.text, message: shown }];
}

/** Text alone removes the blocks; neither keeps both; metadata stays unless it is given, and `{}` removes it. */
function changedBy(message: Message, args: Fields, editedAt: string): Message {
  const { metadata: before, ...rest } = message;
  const given = args["metadata"];
  const metadata = given === undefined ? before : isFields(given) && Object.keys(given).length > 0 ? given : undefined;
  const text = textOf(args, "text");
  const blocks = blocksOf(args);
  return {
    ...rest,
    text: text ?? (blocks ? "" : message.text),
    blocks: blocks ?? (text === undefined ? message.blocks : []),
    ...(blocks ? {} : { editedAt }),
    ...(metadata ? { metadata } : {}),
  };
}

function postEphemeral(state: State, args: Fields, now: number): readonly [State, Answer] {
  const channel = channelOf(state, textOf(args, "channel") ?? "");
  const user = textOf(args, "user") ?? "";
  const refused = notWritable(channel) ?? notPostable(args);
  if (!channel || refused) return [state, refused ?? no("channel_not_found")];
  if (!personOf(state, user)) return [state, no("user_not_found")];
  if (!channel.members.includes(user)) return [state, no("user_not_in_channel")];
  const threadTs = textOf(args, "thread_ts");
  const text = (textOf(args, "text") ?? "").slice(0, postTextMax);
  const base = { user: app.botUser, to: user, text, blocks: blocksOf(args) ?? [] };
  const [next, message] = add(state, channel.id, { ...base, ...(threadTs ? { threadTs } : {}) }, now);
  return [next, { ok: true, message_ts: message.ts }];
}

function getPermalink(state: State, args: Fields): readonly [State, Answer] {
  const channel = channelOf(state, textOf(args, "channel") ?? "");
  if (!channel) return [state, no("channel_not_found")];
  const ts = textOf(args, "message_ts") ?? "";
  const message = messagesIn(state, channel.id).find((each) => each.ts === ts && !each.to);
  if (!message) return [state, no("message_not_found")];
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : "";
  const permalink = `https://${team.domain}.slack.com/archives/${channel.id}/p${ts.replace(".", "")}${thread}`;
  return [state, { ok: true, channel: channel.id, permalink }];
}

/** A channel by id or #name; a person's id means the direct conversation. */
function target(state: State, name: string): [State, Channel | undefined] {
  if (name.startsWith("U")) {
    const person = personOf(state, name);
    if (!person || person.kind === "deactivated" || person.id === app.botUser) return [state, undefined];
    return openDirect(state, name);
  }
  return [state, channelOf(state, name) ?? state.channels.find((channel) => `#${channel.name}` === name)];
}

function notWritable(channel: Channel | undefined): Refused | null {
  const member = channel?.members.includes(app.botUser) ?? false;
  if (!channel || (!member && (channel.private || channel.direct))) return no("channel_not_found");
  if (channel.archived) return no("is_archived");
  return member ? null : no("not_in_channel");
}

/** What is wrong with the content of a message, wherever it goes. */
function notPostable(args: Fields): Refused | null {
  const text = textOf(args, "text") ?? "";
  const blocks = args["blocks"];
  if (blocks !== undefined && !Array.isArray(blocks)) return no("invalid_blocks_format");
  const problems = blocks === undefined ? [] : wrongBlocks(blocks);
  if (problems.length > 0) return invalid("invalid_blocks", problems);
  if (text === "" && (blocksOf(args) ?? []).length === 0) return no("no_text");
  return wrongDecoration(args);
}

function wrongDecoration(args: Fields): Refused | null {
  const metadata = args["metadata"];
  const removing = isFields(metadata) && Object.keys(metadata).length === 0;
  return metadata !== undefined && !removing && wrongMetadata(metadata) ? no("invalid_metadata_format") : null;
}

/** A thread hangs on a message of the channel itself, never on a reply. */
export function isParent(state: State, channel: string, ts: string): boolean {
  return messagesIn(state, channel).some((message) => message.ts === ts && !message.threadTs && !message.to);
}

/** A message as Slack shows it to an app; without `whole` the payload of its metadata is left out. */
export function shownMessage(message: Message, whole: boolean): Fields {
  const own = message.user === app.botUser;
  return {
    type: "message",
    ...(message.to ? { is_ephemeral: true } : {}),
    user: message.user,
    ...(own ? { bot_id: app.botId, app_id: app.id } : {}),
    team: team.id,
    text: message.text,
    ts: message.ts,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.editedAt ? { edited: { user: message.user, ts: message.editedAt } } : {}),
    ...(message.metadata
      ? { metadata: whole ? message.metadata : { event_type: message.metadata["event_type"] } }
      : {}),
  };
}

function blocksOf(args: Fields): readonly Fields[] | undefined {
  return Array.isArray(args["blocks"]) ? (args["blocks"] as readonly Fields[]) : undefined;
}
