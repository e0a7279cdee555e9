/** The only place that opens, changes and closes modals, and that knows which entries survive a change. */

import { stackMax } from "./limits.ts";
import { elementsOf } from "./limits-blocks.ts";
import { app, team } from "./people.ts";
import { withBlockIds } from "./posting.ts";
import type { Fields } from "./rules.ts";
import { fresh, type OpenView, type State, type Values } from "./state.ts";

export function stackOf(state: State, user: string): readonly string[] {
  return state.stacks[user] ?? [];
}

/** The view on top, which is the one the person sees. */
export function topView(state: State, user: string): OpenView | null {
  const id = stackOf(state, user).at(-1);
  return (id && state.views[id]) || null;
}

/** Puts a view on top of the person's stack, or alone on a new one. Null when three are open already. */
export function place(
  state: State,
  user: string,
  view: Fields,
  how: "open" | "push",
  now: number,
): [State, OpenView] | null {
  const base = how === "open" ? clear(state, user) : state;
  const stack = stackOf(base, user);
  if (stack.length >= stackMax) return null;
  const [counted, count] = fresh(base);
  const id = `V${count.toString(36).toUpperCase().padStart(10, "0")}`;
  const [named, body] = nameBlocks(counted, view);
  const [hashed, hash] = nextHash(named, now);
  const previous = stack.at(-1) ?? null;
  const made = { id, user, body, hash, root: stack[0] ?? id, previous, values: defaults(body), errors: {} };
  return [
    { ...hashed, views: { ...hashed.views, [id]: made }, stacks: { ...hashed.stacks, [user]: [...stack, id] } },
    made,
  ];
}

/** Draws a view anew. Entries stay exactly where block_id and action_id do. */
export function redraw(state: State, view: OpenView, body: Fields, now: number): [State, OpenView] {
  const [named, whole] = nameBlocks(state, body);
  const [hashed, hash] = nextHash(named, now);
  const next = { ...view, body: whole, hash, values: kept(defaults(whole), view.values), errors: {} };
  return [{ ...hashed, views: { ...hashed.views, [view.id]: next } }, next];
}

/** Remembers what the person entered, as far as the view has room for it. */
export function enter(state: State, view: OpenView, values: Values): [State, OpenView] {
  const next = { ...view, values: kept(kept(defaults(view.body), view.values), values) };
  return [{ ...state, views: { ...state.views, [view.id]: next } }, next];
}

export function withErrors(state: State, view: OpenView, errors: Readonly<Record<string, string>>): State {
  return { ...state, views: { ...state.views, [view.id]: { ...view, errors } } };
}

/** Takes one view away; those above it go with it. */
export function close(state: State, view: OpenView): State {
  const stack = stackOf(state, view.user);
  const at = stack.indexOf(view.id);
  return at < 0 ? state : cut(state, view.user, at);
}

export function clear(state: State, user: string): State {
  return cut(state, user, 0);
}

function cut(state: State, user: string, at: number): State {
  const stack = stackOf(state, user);
  const gone = new Set(stack.slice(at));
  const views = Object.fromEntries(Object.entries(state.views).filter(([id]) => !gone.has(id)));
  return { ...state, views, stacks: { ...state.stacks, [user]: stack.slice(0, at) } };
}

/** A view as Slack shows it to the app, in answers and in payloads. */
export function shown(view: OpenView): Fields {
  const body = view.body;
  return {
    id: view.id,
    team_id: team.id,
    type: body["type"],
    title: body["title"] ?? null,
    submit: body["submit"] ?? null,
    close: body["close"] ?? null,
    blocks: body["blocks"],
    private_metadata: body["private_metadata"] ?? "",
    callback_id: body["callback_id"] ?? "",
    external_id: body["external_id"] ?? "",
    state: { values: view.values },
    hash: view.hash,
    clear_on_close: body["clear_on_close"] ?? false,
    notify_on_close: body["notify_on_close"] ?? false,
    root_view_id: view.root,
    previous_view_id: view.previous,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
}

export function nextHash(state: State, now: number): [State, string] {
  const [next, count] = fresh(state);
  return [next, `${Math.floor(now / 1000)}.${count.toString(36).padStart(8, "0")}`];
}

export function nameBlocks(state: State, view: Fields): [State, Fields] {
  const [named, blocks] = withBlockIds(state, blocksOf(view));
  return [named, { ...view, blocks }];
}

export function blocksOf(view: Fields): readonly Fields[] {
  return (view["blocks"] ?? []) as readonly Fields[];
}

/** The entries of everything in the view that holds one, before anybody touched it. */
export function defaults(view: Fields): Values {
  const values: Record<string, Record<string, Fields>> = {};
  for (const block of blocksOf(view))
    for (const element of elementsOf(block)) {
      const entry = firstEntry(element);
      const blockId = String(block["block_id"]);
      if (entry) values[blockId] = { ...values[blockId], [String(element["action_id"])]: entry };
    }
  return values;
}

const entryFields: Readonly<Record<string, readonly [field: string, initial: string, empty: unknown]>> = {
  plain_text_input: ["value", "initial_value", null],
  email_text_input: ["value", "initial_value", null],
  url_text_input: ["value", "initial_value", null],
  number_input: ["value", "initial_value", null],
  rich_text_input: ["rich_text_value", "initial_value", null],
  static_select: ["selected_option", "initial_option", null],
  external_select: ["selected_option", "initial_option", null],
  radio_buttons: ["selected_option", "initial_option", null],
  users_select: ["selected_user", "initial_user", null],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  channels_select: ["selected_channel", "initial_channel", null],
  multi_static_select: ["selected_options", "initial_options", []],
  multi_external_select: ["selected_options", "initial_options", []],
  checkboxes: ["selected_options", "initial_options", []],
  multi_users_select: ["selected_users", "initial_users", []],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
  datetimepicker: ["selected_date_time", "initial_date_time", null],
  file_input: ["files", "", []],
};

/** The field of an element's entry that holds what the person chose or typed; null for elements that hold nothing. */
export function entryField(type: string): string | null {
  return entryFields[type]?.[0] ?? null;
}

function firstEntry(element: Fields): Fields | null {
  const type = String(element["type"]);
  const known = entryFields[type];
  if (!known) return null;
  const [field, initial, empty] = known;
  return { type, [field]: element[initial] ?? empty };
}

/** `before` with the entries of `later` for the same block, action and type. */
function kept(before: Values, later: Values): Values {
  const entries = Object.entries(before).map(([blockId, block]) => {
    const merged = Object.entries(block).map(([actionId, entry]) => {
      const other = later[blockId]?.[actionId];
      return [actionId, other && other["type"] === entry["type"] ? other : entry] as const;
    });
    return [blockId, Object.fromEntries(merged)] as const;
  });
  return Object.fromEntries(entries);
}
