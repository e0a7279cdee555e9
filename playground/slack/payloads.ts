/** The only place that builds what the app receives: the payloads of commands, presses, forms and suggestions. https://docs.slack.dev/reference/interaction-payloads */
import { shownMessage } from "./methods-chat.ts";
import { app, type Channel, type Person, team } from "./people.ts";
import type { Fields } from "./rules.ts";
import { fresh, type Hook, type Message, nextTs, type OpenView, type State } from "./state.ts";
import { defaults, shown } from "./views.ts";

/** How long a response_url may be kept in mind: longer than it lives, so that its age can still be told. */
const hookKeptMs = 31 * 60_000;
const triggerKeptMs = 60_000;
const verificationToken = "playground-verification";

/** A fresh trigger_id. The time it was issued stands in it, as in Slack's own. */
export function issueTrigger(state: State, user: string, view: string | null, now: number): [State, string] {
  const [counted, count] = fresh(state);
  const id = `${count}.${now}.${(count * 2_654_435_761).toString(16)}`;
  const recent = counted.triggers.filter((each) => now - each.at < triggerKeptMs);
  return [{ ...counted, triggers: [...recent, { id, user, at: now, used: false, view }] }, id];
}

/** A fresh response_url. */
export function issueHook(
  state: State,
  about: { channel: string; user: string; source: string | null; kind: "commands" | "actions" },
  now: number,
): [State, Hook, string] {
  const [counted, count] = fresh(state);
  const id = `${team.id}/${count}/${(count * 2_246_822_519).toString(36)}`;
  const hook = { id, channel: about.channel, user: about.user, source: about.source, at: now, uses: 0 };
  const recent = counted.hooks.filter((each) => now - each.at < hookKeptMs);
  return [{ ...counted, hooks: [...recent, hook] }, hook, `${counted.origin}/hooks/${about.kind}/${id}`];
}

export function commandPayload(
  person: Person,
  channel: Channel,
  typed: { command: string; text: string },
  keys: { trigger: string; responseUrl: string },
): Fields {
  return {
    token: verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: nameFor(channel),
    user_id: person.id,
    user_name: person.name,
    command: typed.command,
    text: typed.text,
    api_app_id: app.id,
    is_enterprise_install: "false",
    response_url: keys.responseUrl,
    trigger_id: keys.trigger,
  };
}

/** The one action of a press, with the time Slack adds to it. */
export function withActionTs(state: State, action: Fields, now: number): [State, Fields] {
  const [stamped, ts] = nextTs(state, now);
  return [stamped, { ...action, action_ts: ts }];
}

/** An ephemeral message is not sent along: the app has only its place. */
export function messagePressPayload(
  person: Person,
  channel: Channel,
  message: Message,
  action: Fields,
  keys: { trigger: string; responseUrl: string },
): Fields {
  const thread = message.threadTs ? { thread_ts: message.threadTs } : {};
  const place = {
    type: "message",
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: message.to !== undefined,
  };
  const values = defaults({ blocks: message.blocks });
  return {
    ...common("block_actions", person),
    container: { ...place, ...thread },
    trigger_id: keys.trigger,
    channel: { id: channel.id, name: nameFor(channel) },
    ...(message.to ? {} : { message: shownMessage(message, true) }),
    state: { values },
    response_url: keys.responseUrl,
    actions: [action],
  };
}

export function viewPressPayload(person: Person, view: OpenView, action: Fields, trigger: string): Fields {
  return {
    ...common("block_actions", person),
    container: { type: "view", view_id: view.id },
    trigger_id: trigger,
    view: shown(view),
    actions: [action],
  };
}

export function shortcutPayload(
  person: Person,
  callback: string,
  on: { channel: Channel; message: Message } | null,
  trigger: string,
): Fields {
  const base = { ...common(on ? "message_action" : "shortcut", person), callback_id: callback, trigger_id: trigger };
  if (!on) return base;
  const channel = { id: on.channel.id, name: nameFor(on.channel) };
  return { ...base, channel, message_ts: on.message.ts, message: shownMessage(on.message, true) };
}

export function submissionPayload(person: Person, view: OpenView, trigger: string): Fields {
  return { ...common("view_submission", person), trigger_id: trigger, view: shown(view), response_urls: [] };
}

export function closedPayload(person: Person, view: OpenView, cleared: boolean): Fields {
  return { ...common("view_closed", person), view: shown(view), is_cleared: cleared };
}

export function suggestionPayload(
  person: Person,
  view: OpenView,
  asked: { blockId: string; actionId: string; value: string },
): Fields {
  return {
    ...common("block_suggestion", person),
    container: { type: "view", view_id: view.id },
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.value,
    view: shown(view),
  };
}

/** `team` is where the app is installed; `user.team_id` is where the person belongs. */
function common(type: string, person: Person): Fields {
  return {
    type,
    user: { id: person.id, username: person.name, name: person.name, team_id: person.team },
    api_app_id: app.id,
    token: verificationToken,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Slack does not tell an app the names of private places. */
function nameFor(channel: Channel): string {
  return channel.direct ? "directmessage" : channel.private ? "privategroup" : channel.name;
}

/** People, channels and links as `should_escape` sends them; the name of a private channel stays out. */
export function escaped(state: State, text: string): string {
  return text
    .replace(/https?:\/\/[^\s<>]+/g, (url) => `<${url}>`)
    .replace(/(^|\s)@([\w.-]+)/g, (whole, space: string, name: string) => {
      const person = state.people.find((each) => each.name === name);
      const group = state.groups.find((each) => each.handle === name);
      if (person) return `${space}<@${person.id}>`;
      return group ? `${space}<!subteam^${group.id}|@${group.handle}>` : whole;
    })
    .replace(/(^|\s)#([\w-]+)/g, (whole, space: string, name: string) => {
      const channel = state.channels.find((each) => each.name === name);
      return channel ? `${space}<#${channel.id}|${channel.private ? "" : channel.name}>` : whole;
    });
}
