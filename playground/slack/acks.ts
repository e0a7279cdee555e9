/** The only place that says what a person sees when the app answers, answers wrongly, or does not answer within 3 seconds. */
import type { PageAnswer } from "../page/contract.ts";
import { wrongBlocks } from "./limits.ts";
import { suggestions } from "./limits-elements.ts";
import { wrong } from "./methods-views.ts";
import { add } from "./posting.ts";
import { answerThrough } from "./respond.ts";
import { type Fields, isFields, type Problem } from "./rules.ts";
import type { About, OpenView, Pending, State } from "./state.ts";
import { blocksOf, clear, close, place, redraw, withErrors } from "./views.ts";

/** https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
export const ackMs = 3_000;
const trouble = "We had some trouble connecting. Try again?";

export function takeAck(state: State, pending: Pending, payload: unknown, now: number): [State, PageAnswer] {
  const about = pending.about;
  if (about.kind === "command") return commandAck(state, about, payload, now);
  if (about.kind === "submit") return submitAck(state, about.view, payload, now);
  if (about.kind === "suggest") return [state, suggestAck(payload)];
  return [state, { ok: true }];
}

/** Nobody was there to take it, or nobody answered in time. */
export function unanswered(about: About, why: "nobody" | "late"): PageAnswer {
  if (about.kind === "close") return { ok: true };
  if (about.kind === "submit") return { ok: false, says: trouble };
  if (about.kind === "suggest") return { ok: false, says: "No results could be loaded" };
  if (about.kind === "press")
    return {
      ok: false,
      says: why === "late" ? "This app did not respond in time" : "This app is not responding right now",
    };
  return { ok: false, says: commandFailed(about.command, why === "late" ? "operation_timeout" : "dispatch_failed") };
}

function commandFailed(command: string, error: string): string {
  return `${command} failed with the error "${error}"`;
}

/** A message in the answer is shown to the person alone; `in_channel` shows it, and what was typed, to everyone. */
function commandAck(
  state: State,
  about: Extract<About, { kind: "command" }>,
  payload: unknown,
  now: number,
): [State, PageAnswer] {
  const args: Fields = typeof payload === "string" ? { text: payload } : isFields(payload) ? payload : {};
  const blocks = args["blocks"];
  if (!args["text"] && blocks === undefined) return [state, { ok: true }];
  if (blocks !== undefined && (!Array.isArray(blocks) || wrongBlocks(blocks).length > 0))
    return [state, { ok: false, says: commandFailed(about.command, "invalid_blocks") }];
  const hook = state.hooks.find((each) => each.id === about.hook);
  if (!hook) return [state, { ok: true }];
  const typed = { user: hook.user, text: `${about.command} ${about.text}`.trim(), blocks: [] };
  const shown = args["response_type"] === "in_channel" ? add(state, hook.channel, typed, now)[0] : state;
  return [answerThrough(shown, hook, args, now), { ok: true }];
}

function submitAck(state: State, viewId: string, payload: unknown, now: number): [State, PageAnswer] {
  const view = state.views[viewId];
  if (!view) return [state, { ok: true }];
  const action = isFields(payload) ? payload["response_action"] : undefined;
  if (!isFields(payload) || action === undefined) return [close(state, view), { ok: true }];
  if (action === "clear") return [clear(state, view.user), { ok: true }];
  if (action === "errors") return fieldErrors(state, view, payload["errors"]);
  const next = payload["view"];
  const instead = action === "update" ? view : null;
  if (!isFields(next) || wrong(state, next, "modal", instead)) return [state, { ok: false, says: trouble }];
  if (action === "update") return [redraw(state, view, next, now)[0], { ok: true }];
  const placed = action === "push" ? place(state, view.user, next, "push", now) : null;
  return placed ? [placed[0], { ok: true }] : [state, { ok: false, says: trouble }];
}

/** Errors stand at input blocks, and nowhere else. */
function fieldErrors(state: State, view: OpenView, errors: unknown): [State, PageAnswer] {
  const inputs = blocksOf(view.body).filter((block) => block["type"] === "input");
  const ids = new Set(inputs.map((block) => block["block_id"]));
  const entries = isFields(errors) ? Object.entries(errors) : [];
  const fine =
    entries.length > 0 && entries.every(([id, says]) => ids.has(id) && typeof says === "string" && says !== "");
  if (!fine) return [state, { ok: false, says: trouble }];
  return [withErrors(state, view, Object.fromEntries(entries.map(([id, says]) => [id, String(says)]))), { ok: true }];
}

function suggestAck(payload: unknown): PageAnswer {
  const found: Problem[] = [];
  suggestions(payload, "", found);
  if (!isFields(payload) || found.length > 0) return { ok: false, says: "No results could be loaded" };
  const options = payload["options"] as readonly unknown[] | undefined;
  if (options) return { ok: true, options };
  return { ok: true, optionGroups: payload["option_groups"] as readonly unknown[] };
}
