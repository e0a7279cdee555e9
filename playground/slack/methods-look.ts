/** The only place for the methods that tell about the app, people, groups and channels, and that read messages back. */
import { type Answer, type Method, no, type Refused } from "./answers.ts";
import { flagOf, textOf, wholeOf } from "./arguments.ts";
import { wrongBlocks, wrongMessage, wrongView } from "./limits.ts";
import { shownMessage } from "./methods-chat.ts";
import { app, type Channel, type Person, team } from "./people.ts";
import type { Fields } from "./rules.ts";
import { channelOf, fresh, type Message, messagesIn, openDirect, personOf, type State } from "./state.ts";

const reading = ["channels:read", "groups:read", "im:read", "mpim:read"];
const history = ["channels:history", "groups:history", "im:history", "mpim:history"];

export const lookMethods: Readonly<Record<string, Method>> = {
  "auth.test": { tier: "special", scopes: [], token: "bot", run: authTest },
  "apps.connections.open": { tier: 1, scopes: [], token: "app", run: connectionsOpen },
  "users.info": { tier: 4, scopes: ["users:read"], token: "bot", run: usersInfo },
  "usergroups.users.list": { tier: 2, scopes: ["usergroups:read"], token: "bot", run: groupUsers },
  "conversations.info": { tier: 3, scopes: reading, token: "bot", run: channelInfo },
  "conversations.open": { tier: 3, scopes: ["im:write", "mpim:write"], token: "bot", run: openConversation },
  "conversations.history": { tier: 3, scopes: history, token: "bot", run: readHistory },
  "conversations.replies": { tier: 3, scopes: history, token: "bot", run: readReplies },
  "blocks.validate": { tier: "special", scopes: [], token: "none", run: validate },
};

function authTest(state: State): readonly [State, Answer] {
  const url = `https://${team.domain}.slack.com/`;
  const names = { team: team.name, user: app.name, team_id: team.id, user_id: app.botUser };
  return [state, { ok: true, url, ...names, bot_id: app.botId, is_enterprise_install: false }];
}

/** The address works once. */
function connectionsOpen(state: State): readonly [State, Answer] {
  const [counted, count] = fresh(state);
  const ticket = `ticket-${count}`;
  const url = `${state.origin.replace(/^http/, "ws")}/link/?ticket=${ticket}&app_id=${app.id}`;
  return [
    { ...counted, tickets: [...counted.tickets, ticket] },
    { ok: true, url },
  ];
}

function usersInfo(state: State, args: Fields): readonly [State, Answer] {
  const person = personOf(state, textOf(args, "user") ?? "");
  return [state, person ? { ok: true, user: shownPerson(person) } : no("user_not_found")];
}

/** `deleted` is absent from ordinary people at times, and `is_stranger` is false for outside people who share a channel with the app. */
function shownPerson(person: Person): Fields {
  const gone = person.kind === "deactivated";
  const shared = { id: person.id, team_id: person.team, name: person.name, deleted: gone };
  const profile = { real_name: person.name, display_name: person.name, title: person.title, team: person.team };
  const bot = person.kind === "bot";
  if (gone) return { ...shared, real_name: person.name, profile, is_bot: bot, is_app_user: false };
  return {
    ...shared,
    real_name: person.name,
    tz: "Etc/UTC",
    profile,
    is_admin: false,
    is_owner: false,
    is_restricted: person.kind === "guest",
    is_ultra_restricted: false,
    is_bot: bot,
    is_app_user: false,
    ...(person.kind === "external" ? { is_stranger: true } : {}),
  };
}

function groupUsers(state: State, args: Fields): readonly [State, Answer] {
  if (!state.paid) return [state, no("plan_upgrade_required")];
  const group = state.groups.find((each) => each.id === textOf(args, "usergroup"));
  return [state, group ? { ok: true, users: group.users } : no("no_such_subteam")];
}

function channelInfo(state: State, args: Fields): readonly [State, Answer] {
  const channel = visible(state, args);
  return [state, channel ? { ok: true, channel: shownChannel(channel) } : no("channel_not_found")];
}

function shownChannel(channel: Channel): Fields {
  const common = { id: channel.id, is_archived: channel.archived, is_private: channel.private || channel.direct };
  if (channel.direct) return { ...common, is_im: true, user: channel.members[0], is_org_shared: false };
  return {
    ...common,
    name: channel.name,
    is_channel: !channel.private,
    is_group: channel.private,
    is_im: false,
    is_mpim: false,
    is_general: false,
    is_shared: channel.external,
    is_ext_shared: channel.external,
    is_org_shared: false,
    is_member: channel.members.includes(app.botUser),
    context_team_id: team.id,
  };
}

function openConversation(state: State, args: Fields): readonly [State, Answer] {
  const users = (textOf(args, "users") ?? "").split(",").filter(Boolean);
  const given = textOf(args, "channel");
  const known = given ? channelOf(state, given) : undefined;
  if (known) return [state, { ok: true, channel: { id: known.id } }];
  const user = users[0];
  if (given || !user) return [state, no(given ? "channel_not_found" : "users_list_not_supplied")];
  const person = personOf(state, user);
  if (!person || users.length > 1 || person.kind === "bot") return [state, no("user_not_found")];
  if (person.kind === "deactivated") return [state, no("user_disabled")];
  const [next, channel] = openDirect(state, user);
  return [next, { ok: true, channel: { id: channel.id } }];
}

function readHistory(state: State, args: Fields): readonly [State, Answer] {
  const channel = readable(state, args);
  if ("ok" in channel) return [state, channel];
  const messages = messagesIn(state, channel.id).filter((each) => !each.to && (!each.threadTs || each.broadcast));
  return [state, page(state, channel.id, inRange(messages, args).toReversed(), args, 100)];
}

function readReplies(state: State, args: Fields): readonly [State, Answer] {
  const channel = readable(state, args);
  if ("ok" in channel) return [state, channel];
  const ts = textOf(args, "ts");
  const messages = messagesIn(state, channel.id).filter((each) => !each.to);
  const asked = messages.find((each) => each.ts === ts);
  if (!asked) return [state, no("thread_not_found")];
  const parent = asked.threadTs ?? asked.ts;
  const replies = messages.filter((each) => each.threadTs === parent);
  const top = messages.filter((each) => each.ts === parent);
  return [state, page(state, channel.id, [...top, ...inRange(replies, args)], args, 1000)];
}

/** One page of messages; the cursor says how many came before. */
function page(state: State, channel: string, messages: readonly Message[], args: Fields, usual: number): Answer {
  const cursor = textOf(args, "cursor") ?? "";
  const from = cursor === "" ? 0 : Number(/^next:(\d+)$/.exec(atob(cursor))?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) return no("invalid_cursor");
  const until = from + Math.min(wholeOf(args, "limit", usual), 999);
  const more = until < messages.length;
  const whole = flagOf(args, "include_all_metadata");
  const shown = messages.slice(from, until).map((message) => {
    const replies = messagesIn(state, channel).filter((each) => each.threadTs === message.ts && !each.to);
    const thread = replies.length > 0 ? { thread_ts: message.ts, reply_count: replies.length } : {};
    return { ...shownMessage(message, whole), ...thread };
  });
  const next = { next_cursor: more ? btoa(`next:${until}`) : "" };
  return { ok: true, messages: shown, has_more: more, response_metadata: next };
}

/** Without `inclusive` the bounds themselves are left out. A ts is compared as the number of microseconds it is. */
function inRange(messages: readonly Message[], args: Fields): readonly Message[] {
  const inclusive = flagOf(args, "inclusive");
  const oldest = Number(textOf(args, "oldest") ?? 0);
  const latest = Number(textOf(args, "latest") ?? Number.POSITIVE_INFINITY);
  return messages.filter((message) => {
    const ts = Number(message.ts);
    return (ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest));
  });
}

/** Private channels and conversations where the bot is not do not exist for it. */
function visible(state: State, args: Fields): Channel | undefined {
  const channel = channelOf(state, textOf(args, "channel") ?? "");
  const hidden = channel && (channel.private || channel.direct) && !channel.members.includes(app.botUser);
  return hidden ? undefined : channel;
}

function readable(state: State, args: Fields): Channel | Refused {
  const channel = visible(state, args);
  if (!channel) return no("channel_not_found");
  return channel.members.includes(app.botUser) ? channel : no("not_in_channel");
}

/** https://docs.slack.dev/reference/methods/blocks.validate */
function validate(state: State, args: Fields): readonly [State, Answer] {
  const given = ["blocks", "view", "message"].filter((name) => args[name] !== undefined);
  if (given.length !== 1) return [state, no("invalid_arguments")];
  const name = given[0] ?? "blocks";
  const value = args[name];
  const rules = { blocks: wrongBlocks, view: wrongView, message: wrongMessage };
  const errors = rules[name as keyof typeof rules](value);
  if (errors.length === 0) return [state, { ok: true }];
  return [state, { ok: false, error: `invalid_${name}`, errors }];
}
