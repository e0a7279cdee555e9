/** The only place that says what happens when a person types, presses, submits or closes something. */
import type { PageAct } from "../page/contract.ts";
import { elementsOf } from "./limits-blocks.ts";
import * as payloads from "./payloads.ts";
import { app, type Channel, type Person } from "./people.ts";
import { add } from "./posting.ts";
import { type Fields, isFields } from "./rules.ts";
import {
  type About,
  channelOf,
  maySee,
  messagesIn,
  type OpenView,
  personOf,
  type State,
  type Values,
} from "./state.ts";
import { blocksOf, clear, close, enter, entryField, stackOf, topView, withErrors } from "./views.ts";

export type Deed = Extract<PageAct, { do: "say" | "command" | "press" | "suggest" | "submit" | "close" | "shortcut" }>;
/** done: nothing goes to the app. says: Slack itself refuses. send: an envelope for the app. */
export type Outcome =
  | { is: "done" }
  | { is: "options"; options: readonly unknown[] }
  | { is: "says"; says: string }
  | { is: "send"; type: "slash_commands" | "interactive"; answered: boolean; payload: Fields; about: About };

export function doDeed(state: State, deed: Deed, now: number): readonly [State, Outcome] {
  const person = personOf(state, deed.user);
  if (!person || person.kind === "deactivated" || person.kind === "bot")
    return [state, says("This account cannot sign in")];
  if (deed.do === "say") return say(state, person, deed, now);
  if (deed.do === "command") return command(state, person, deed, now);
  if (deed.do === "shortcut") return shortcut(state, person, deed, now);
  if (deed.do === "press" && "message" in deed.in) return pressInMessage(state, person, deed.in, deed.action, now);
  const view = topView(state, person.id);
  const id = deed.do === "press" ? ("view" in deed.in ? deed.in.view : "") : deed.view;
  if (!view || view.id !== id) return [state, says("This view is no longer open")];
  if (deed.do === "press") return pressInView(state, person, view, deed, now);
  if (deed.do === "suggest") return suggest(state, person, view, deed);
  if (deed.do === "submit") return submit(state, person, view, deed.values, now);
  return closeView(state, person, view, deed.all);
}

function say(state: State, person: Person, deed: Extract<Deed, { do: "say" }>, now: number): readonly [State, Outcome] {
  const channel = channelOf(state, deed.channel);
  if (!channel?.members.includes(person.id)) return [state, says("You are not in this channel")];
  if (channel.archived) return [state, says("This channel is archived")];
  const thread = deed.threadTs ? { threadTs: deed.threadTs } : {};
  return [add(state, channel.id, { user: person.id, text: deed.text, blocks: [], ...thread }, now)[0], { is: "done" }];
}

/** Custom commands belong to the people of the workspace that installed the app; others do not have them. */
function command(
  state: State,
  person: Person,
  deed: Extract<Deed, { do: "command" }>,
  now: number,
): readonly [State, Outcome] {
  const channel = channelOf(state, deed.channel);
  const [name = "", ...rest] = deed.text.trim().split(/\s/);
  if (name === "/invite") return invite(state, person, channel, rest.join(" ").trim());
  const known = state.commands.find((each) => each.command === name);
  if (!known || person.kind === "external") return [state, says(`${name} is not a valid command`)];
  if (!channel || !maySee(channel, person)) return [state, says("You are not in this channel")];
  if (channel.archived) return [state, says("This channel is archived")];
  const typed = rest.join(" ").trim();
  const text = known.escape ? payloads.escaped(state, typed) : typed;
  const [triggered, trigger] = payloads.issueTrigger(state, person.id, null, now);
  const about = { channel: channel.id, user: person.id, source: null, kind: "commands" } as const;
  const [hooked, hook, responseUrl] = payloads.issueHook(triggered, about, now);
  const payload = payloads.commandPayload(person, channel, { command: name, text }, { trigger, responseUrl });
  const sent = { kind: "command", command: name, text: typed, hook: hook.id } as const;
  return [hooked, { is: "send", type: "slash_commands", answered: true, payload, about: sent }];
}

/** Slack's own command. Here it is for the app alone: everybody else is where they are. */
function invite(state: State, person: Person, channel: Channel | undefined, whom: string): readonly [State, Outcome] {
  if (!channel?.members.includes(person.id) || channel.direct) return [state, says("You are not in this channel")];
  if (channel.archived) return [state, says("This channel is archived")];
  if (whom.toLowerCase() !== `@${app.name}`) return [state, says(`Nobody is called ${whom || "that"}`)];
  if (channel.members.includes(app.botUser)) return [state, says(`@${app.name} is in this channel already`)];
  const joined = { ...channel, members: [...channel.members, app.botUser] };
  const channels = state.channels.map((each) => (each.id === channel.id ? joined : each));
  return [{ ...state, channels }, { is: "done" }];
}

/** Shortcuts, too, belong to the people of the workspace alone. A global one tells no channel. */
function shortcut(
  state: State,
  person: Person,
  deed: Extract<Deed, { do: "shortcut" }>,
  now: number,
): readonly [State, Outcome] {
  const type = deed.on ? "message" : "global";
  const known = state.shortcuts.find((each) => each.callback === deed.callback && each.type === type);
  if (!known || person.kind === "external") return [state, says("This shortcut is not there")];
  const channel = deed.on ? channelOf(state, deed.on.channel) : undefined;
  const message = deed.on ? messagesIn(state, deed.on.channel).find((each) => each.ts === deed.on?.message) : undefined;
  if (deed.on && (!channel || !message || !maySee(channel, person))) {
    return [state, says("This message is no longer there")];
  }
  const [triggered, trigger] = payloads.issueTrigger(state, person.id, null, now);
  const on = channel && message ? { channel, message } : null;
  const payload = payloads.shortcutPayload(person, known.callback, on, trigger);
  return [triggered, { is: "send", type: "interactive", answered: false, payload, about: { kind: "press" } }];
}

/** Whoever sees a message may press its buttons; what they may decide is for the app to say. */
function pressInMessage(
  state: State,
  person: Person,
  where: { message: string; channel: string },
  pressed: Fields,
  now: number,
): readonly [State, Outcome] {
  const channel = channelOf(state, where.channel);
  const message = messagesIn(state, where.channel).find((each) => each.ts === where.message);
  const hidden = !channel || !maySee(channel, person) || (message?.to !== undefined && message.to !== person.id);
  if (hidden || !message) return [state, says("This message is no longer there")];
  const [triggered, trigger] = payloads.issueTrigger(state, person.id, null, now);
  const about = { channel: channel.id, user: person.id, source: message.ts, kind: "actions" } as const;
  const [hooked, , responseUrl] = payloads.issueHook(triggered, about, now);
  const [stamped, action] = payloads.withActionTs(hooked, pressed, now);
  const payload = payloads.messagePressPayload(person, channel, message, action, { trigger, responseUrl });
  return [stamped, { is: "send", type: "interactive", answered: false, payload, about: { kind: "press" } }];
}

function pressInView(
  state: State,
  person: Person,
  view: OpenView,
  deed: Extract<Deed, { do: "press" }>,
  now: number,
): readonly [State, Outcome] {
  const [filled] = enter(state, view, asValues(deed.values));
  const [entered, current] = enter(filled, filled.views[view.id] ?? view, ownEntry(deed.action));
  const [triggered, trigger] = payloads.issueTrigger(entered, person.id, view.id, now);
  const [stamped, action] = payloads.withActionTs(triggered, deed.action, now);
  const payload = payloads.viewPressPayload(person, current, action, trigger);
  return [stamped, { is: "send", type: "interactive", answered: false, payload, about: { kind: "press" } }];
}

function suggest(
  state: State,
  person: Person,
  view: OpenView,
  deed: Extract<Deed, { do: "suggest" }>,
): readonly [State, Outcome] {
  const element = elementIn(view, deed.blockId, deed.actionId);
  if (!element) return [state, says("This view is no longer open")];
  const [entered, current] = enter(state, view, asValues(deed.values));
  const least = element["min_query_length"] ?? defaultQueryLength;
  if (typeof least === "number" && deed.value.length < least) return [entered, { is: "options", options: [] }];
  const payload = payloads.suggestionPayload(person, current, deed);
  return [entered, { is: "send", type: "interactive", answered: true, payload, about: { kind: "suggest" } }];
}
const defaultQueryLength = 3;

function submit(state: State, person: Person, view: OpenView, values: unknown, now: number): readonly [State, Outcome] {
  const [entered, current] = enter(state, view, asValues(values));
  const errors = incomplete(current);
  if (Object.keys(errors).length > 0) return [withErrors(entered, current, errors), { is: "done" }];
  const cleaned = withErrors(entered, current, {});
  const [triggered, trigger] = payloads.issueTrigger(cleaned, person.id, view.id, now);
  const payload = payloads.submissionPayload(person, current, trigger);
  const about = { kind: "submit", view: view.id } as const;
  return [triggered, { is: "send", type: "interactive", answered: true, payload, about }];
}

/** What Slack's own client refuses before the app is asked. */
function incomplete(view: OpenView): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const block of blocksOf(view.body)) {
    const element = block["element"];
    if (block["type"] !== "input" || !isFields(element)) continue;
    const entry = view.values[String(block["block_id"])]?.[String(element["action_id"])] ?? {};
    const value = entry[entryField(String(element["type"])) ?? ""];
    const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    const wrong = empty ? !block["optional"] && "Please complete this required field." : wrongText(element, value);
    if (wrong) errors[String(block["block_id"])] = wrong;
  }
  return errors;
}

function wrongText(element: Fields, value: unknown): string | false {
  if (element["type"] === "number_input") return wrongNumber(element, String(value));
  const least = Number(element["min_length"] ?? 0);
  const most = Number(element["max_length"] ?? Number.POSITIVE_INFINITY);
  if (typeof value !== "string" || !String(element["type"]).includes("plain_text")) return false;
  if (value.length < least) return `Must be at least ${least} characters.`;
  return value.length > most && `Must be at most ${most} characters.`;
}

/** https://docs.slack.dev/reference/block-kit/block-elements/number-input-element */
function wrongNumber(element: Fields, value: string): string | false {
  const form = element["is_decimal_allowed"] === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!form.test(value)) return "Must be a number.";
  const least = element["min_value"] === undefined ? Number.NEGATIVE_INFINITY : Number(element["min_value"]);
  const most = element["max_value"] === undefined ? Number.POSITIVE_INFINITY : Number(element["max_value"]);
  if (Number(value) < least) return `Must be at least ${least}.`;
  return Number(value) > most && `Must be at most ${most}.`;
}

/** Cancel closes this view, ✕ all of them; the app hears of it when the view asked to be told, of ✕ by its first view. */
function closeView(state: State, person: Person, view: OpenView, all: boolean): readonly [State, Outcome] {
  const clears = all || view.body["clear_on_close"] === true;
  const told = all ? (state.views[stackOf(state, person.id)[0] ?? ""] ?? view) : view;
  const next = clears ? clear(state, person.id) : close(state, view);
  if (told.body["notify_on_close"] !== true) return [next, { is: "done" }];
  const payload = payloads.closedPayload(person, told, clears);
  return [next, { is: "send", type: "interactive", answered: false, payload, about: { kind: "close" } }];
}

export function elementIn(view: OpenView, blockId: string, actionId: string): Fields | null {
  const block = blocksOf(view.body).find((each) => each["block_id"] === blockId);
  return (block && elementsOf(block).find((each) => each["action_id"] === actionId)) ?? null;
}

function ownEntry(action: Fields): Values {
  const field = entryField(String(action["type"]));
  if (!field || !(field in action)) return {};
  const entry = { type: action["type"], [field]: action[field] };
  return { [String(action["block_id"])]: { [String(action["action_id"])]: entry } };
}

function asValues(values: unknown): Values {
  return isFields(values) ? (values as Values) : {};
}

function says(sentence: string): Outcome {
  return { is: "says", says: sentence };
}

/** The channels a person sees, archived ones left out. */
export function channelsFor(state: State, person: Person): readonly Channel[] {
  return state.channels.filter((channel) => !channel.archived && maySee(channel, person));
}
