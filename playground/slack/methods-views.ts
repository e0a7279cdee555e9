/** The only place for the `views.*` methods. https://docs.slack.dev/surfaces/modals */
import { type Answer, invalid, type Method, no, type Refused } from "./answers.ts";
import { textOf } from "./arguments.ts";
import { wrongView } from "./limits.ts";
import { type Fields, isFields } from "./rules.ts";
import { type OpenView, personOf, type State, type Trigger } from "./state.ts";
import { nameBlocks, nextHash, place, redraw, shown, stackOf } from "./views.ts";

/** A trigger lives 3 seconds and works once. https://docs.slack.dev/interactivity/handling-user-interaction */
export const triggerLifeMs = 3_000;

export const viewMethods: Readonly<Record<string, Method>> = {
  "views.open": { tier: 4, scopes: [], token: "bot", run: (state, args, now) => put(state, args, "open", now) },
  "views.push": { tier: 4, scopes: [], token: "bot", run: (state, args, now) => put(state, args, "push", now) },
  "views.update": { tier: 4, scopes: [], token: "bot", run: update },
  "views.publish": { tier: 4, scopes: [], token: "bot", run: publish },
};

function put(state: State, args: Fields, how: "open" | "push", now: number): readonly [State, Answer] {
  const view = args["view"];
  const refused = wrong(state, view, "modal", null);
  if (refused || !isFields(view)) return [state, refused ?? no("invalid_arguments")];
  const [spent, trigger] = useTrigger(state, textOf(args, "trigger_id") ?? "", now);
  if (typeof trigger === "string") return [spent, no(trigger)];
  const inside = trigger.view !== null && stackOf(spent, trigger.user).includes(trigger.view);
  if (how === "push" && !inside) return [spent, no("invalid_trigger_id")];
  const placed = place(spent, trigger.user, view, how, now);
  if (!placed) return [spent, no("push_limit_reached")];
  return [placed[0], { ok: true, view: shown(placed[1]) }];
}

function useTrigger(state: State, id: string, now: number): [State, Trigger | string] {
  const trigger = state.triggers.find((each) => each.id === id);
  const issuedAt = Number(id.split(".")[1]);
  if (!trigger) return [state, issuedAt > 0 && issuedAt < now ? "expired_trigger_id" : "invalid_trigger_id"];
  if (trigger.used) return [state, "exchanged_trigger_id"];
  if (now - trigger.at > triggerLifeMs) return [state, "expired_trigger_id"];
  const triggers = state.triggers.map((each) => (each === trigger ? { ...each, used: true } : each));
  return [{ ...state, triggers }, trigger];
}

function update(state: State, args: Fields, now: number): readonly [State, Answer] {
  const id = textOf(args, "view_id");
  const externalId = textOf(args, "external_id");
  const open = Object.values(state.views).find((each) =>
    id ? each.id === id : externalId !== undefined && each.body["external_id"] === externalId,
  );
  if (!open) return [state, no("not_found")];
  const view = args["view"];
  const refused = wrong(state, view, "modal", open);
  if (refused || !isFields(view)) return [state, refused ?? no("invalid_arguments")];
  const hash = textOf(args, "hash");
  if (hash !== undefined && hash !== open.hash) return [state, no("hash_conflict")];
  const [next, drawn] = redraw(state, open, view, now);
  return [next, { ok: true, view: shown(drawn) }];
}

function publish(state: State, args: Fields, now: number): readonly [State, Answer] {
  const user = textOf(args, "user_id") ?? "";
  if (!personOf(state, user)) return [state, no("user_not_found")];
  const view = args["view"];
  const refused = wrong(state, view, "home", null);
  if (refused || !isFields(view)) return [state, refused ?? no("invalid_arguments")];
  const known = state.homes[user];
  const hash = textOf(args, "hash");
  if (hash !== undefined && known && hash !== known.hash) return [state, no("hash_conflict")];
  const [named, body] = nameBlocks(state, view);
  const [next, newHash] = nextHash(named, now);
  const id = known?.id ?? `VHOME${user}`;
  const home = { id, user, body, hash: newHash, root: id, previous: null, values: {}, errors: {} };
  return [
    { ...next, homes: { ...next.homes, [user]: home } },
    { ok: true, view: shown(home) },
  ];
}

/** Why a view cannot be shown: of the wrong kind, over a limit, or with the external_id of another. */
export function wrong(state: State, view: unknown, kind: "modal" | "home", instead: OpenView | null): Refused | null {
  if (!isFields(view) || view["type"] !== kind) return no("invalid_arguments");
  const problems = wrongView(view);
  if (problems.length > 0) return invalid("invalid_arguments", problems);
  const externalId = view["external_id"];
  const taken = Object.values(state.views).some(
    (each) => each !== instead && externalId && each.body["external_id"] === externalId,
  );
  return taken ? no("duplicate_external_id") : null;
}
