/** The only place that says what the simulated Slack holds between two moments. It is a value: never changed in place once returned. */
import * as seed from "./people.ts";
import type { Fields } from "./rules.ts";

export interface Message {
  ts: string;
  /** User id of the author; the bot's own for the bot's. */
  user: string;
  text: string;
  blocks: readonly Fields[];
  threadTs?: string;
  broadcast?: boolean;
  metadata?: Fields;
  editedAt?: string;
  /** The only person who sees it. */
  to?: string;
}

/** A view as it stands for the person: `body` is what the bot gave, with the block ids filled in. */
export interface OpenView {
  id: string;
  user: string;
  body: Fields;
  hash: string;
  root: string;
  previous: string | null;
  /** What the person last entered, block_id → action_id → value. */
  values: Values;
  /** block_id → message, from the last refused submission. */
  errors: Readonly<Record<string, string>>;
}
export type Values = Readonly<Record<string, Readonly<Record<string, Fields>>>>;

export interface Trigger {
  id: string;
  user: string;
  at: number;
  used: boolean;
  /** The view it was pressed in. */
  view: string | null;
}

/** A response_url. `source` is the message it may replace. */
export interface Hook {
  id: string;
  channel: string;
  user: string;
  at: number;
  uses: number;
  source: string | null;
}

/** An envelope that was sent and not yet acknowledged; `act` is the person's deed that waits for it. */
export interface Pending {
  envelope: string;
  /** Empty for a request over HTTP. */
  socket: string;
  act: number;
  deadline: number;
  about: About;
}
export type About =
  | { kind: "command"; command: string; text: string; hook: string }
  | { kind: "press" }
  | { kind: "submit"; view: string }
  | { kind: "close" }
  | { kind: "suggest" };

/** What goes wrong with the next call of a method (of any method for "*"), `left` times. */
export interface ArmedFault {
  method: string;
  how: Trouble;
  left: number;
}
/** cut: the connection breaks; hang: it stays open without an answer; each before or after what was asked took effect. */
export type Trouble =
  | { kind: "throttled"; retryAfterS: number }
  | { kind: "status"; status: number }
  | { kind: "cut-before" | "cut-after" | "hang-before" | "hang-after" };

export interface State {
  /** Where the shell listens, e.g. http://127.0.0.1:4000; response_urls and socket addresses begin with it. */
  origin: string;
  scopes: readonly string[];
  /** User groups need a paid plan. */
  paid: boolean;
  commands: readonly seed.Command[];
  shortcuts: readonly seed.Shortcut[];
  people: readonly seed.Person[];
  groups: readonly seed.Group[];
  channels: readonly seed.Channel[];
  /** By channel id, oldest first. */
  messages: Readonly<Record<string, readonly Message[]>>;
  views: Readonly<Record<string, OpenView>>;
  /** By user id, the lowest view first. */
  stacks: Readonly<Record<string, readonly string[]>>;
  /** By user id, the published Home tab. */
  homes: Readonly<Record<string, OpenView>>;
  triggers: readonly Trigger[];
  hooks: readonly Hook[];
  /** Tickets of socket addresses that were handed out and not yet used. */
  tickets: readonly string[];
  sockets: readonly string[];
  /** Socket Mode, or signed requests to the app's own address. */
  delivery: "socket" | "http";
  pending: readonly Pending[];
  buckets: Readonly<Record<string, { level: number; at: number }>>;
  armed: readonly ArmedFault[];
  /** Counts up; everything that needs a fresh id takes one. */
  count: number;
  /** Microseconds of the latest ts, so that each is later than the one before. */
  lastTs: number;
}

export interface Options {
  commands?: readonly seed.Command[];
  shortcuts?: readonly seed.Shortcut[];
  scopes?: readonly string[];
  paid?: boolean;
}

export function start(origin: string, options: Options = {}): State {
  return {
    origin,
    scopes: options.scopes ?? seed.scopes,
    paid: options.paid ?? true,
    commands: options.commands ?? seed.commands,
    shortcuts: options.shortcuts ?? [],
    people: seed.people,
    groups: seed.groups,
    channels: seed.channels,
    messages: {},
    views: {},
    stacks: {},
    homes: {},
    triggers: [],
    hooks: [],
    tickets: [],
    sockets: [],
    delivery: "socket",
    pending: [],
    buckets: {},
    armed: [],
    count: 0,
    lastTs: 0,
  };
}

export function fresh(state: State): [State, number] {
  return [{ ...state, count: state.count + 1 }, state.count + 1];
}

/** A ts: seconds, dot, microseconds; unique and growing. */
export function nextTs(state: State, now: number): [State, string] {
  const at = Math.max(now * 1000, state.lastTs + 1);
  return [{ ...state, lastTs: at }, `${Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, "0")}`];
}

export function personOf(state: State, id: string): seed.Person | undefined {
  return state.people.find((person) => person.id === id);
}

export function channelOf(state: State, id: string): seed.Channel | undefined {
  return state.channels.find((channel) => channel.id === id);
}

export function messagesIn(state: State, channel: string): readonly Message[] {
  return state.messages[channel] ?? [];
}

/** Public channels are open to every member; guests and people of other companies see only where they were let in. */
export function maySee(channel: seed.Channel, person: seed.Person): boolean {
  if (channel.members.includes(person.id)) return true;
  return person.kind === "member" && !channel.private && !channel.direct;
}

/** The conversation with the bot, made when it is first needed. */
export function openDirect(state: State, user: string): [State, seed.Channel] {
  const known = channelOf(state, seed.directId(user));
  if (known) return [state, known];
  const made = {
    id: seed.directId(user),
    name: "",
    private: false,
    direct: true,
    archived: false,
    external: false,
    members: [user, seed.app.botUser],
  };
  return [{ ...state, channels: [...state.channels, made] }, made];
}
