/** The only place that answers calls of the Web API: who may call, how often, what goes wrong on request, and then the method itself. */
import type { Method } from "./answers.ts";
import { readBody, textOf } from "./arguments.ts";
import { chatMethods } from "./methods-chat.ts";
import { lookMethods } from "./methods-look.ts";
import { viewMethods } from "./methods-views.ts";
import { tokens } from "./people.ts";
import { takeCall } from "./rates.ts";
import type { Fields } from "./rules.ts";
import type { State, Trouble } from "./state.ts";

export interface Call {
  method: string;
  contentType: string;
  /** The Authorization header, or "". */
  authorization: string;
  body: string;
}
/** lost: the connection is cut; hang: it stays open without an answer. */
export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Fields | string;
  how: "answer" | "lost" | "hang";
}

const methods: Readonly<Record<string, Method>> = { ...chatMethods, ...lookMethods, ...viewMethods };
export const methodNames: readonly string[] = Object.keys(methods);

export function callApi(state: State, call: Call, now: number): [State, Reply] {
  const [disarmed, trouble] = takeFault(state, call.method);
  if (trouble?.kind === "throttled") return [disarmed, throttled(trouble.retryAfterS)];
  if (trouble?.kind === "status") return [disarmed, answer("upstream error", trouble.status)];
  if (trouble?.kind === "cut-before" || trouble?.kind === "hang-before")
    return [disarmed, { ...answer(""), how: trouble.kind === "cut-before" ? "lost" : "hang" }];
  const [next, reply] = admit(disarmed, call, now);
  if (trouble?.kind === "cut-after") return [next, { ...reply, how: "lost" }];
  if (trouble?.kind === "hang-after") return [next, { ...reply, how: "hang" }];
  return [next, reply];
}

/** Makes the next `left` calls of a method go wrong. */
export function arm(state: State, method: string, how: Trouble, left = 1): State {
  return { ...state, armed: [...state.armed, { method, how, left }] };
}

export function disarm(state: State, method: string): State {
  return { ...state, armed: state.armed.filter((fault) => fault.method !== method) };
}

function takeFault(state: State, method: string): [State, Trouble | null] {
  const fault = state.armed.find((each) => each.method === method || each.method === "*");
  if (!fault) return [state, null];
  const armed = state.armed.flatMap((each) =>
    each !== fault ? [each] : each.left > 1 ? [{ ...each, left: each.left - 1 }] : [],
  );
  return [{ ...state, armed }, fault.how];
}

function admit(state: State, call: Call, now: number): [State, Reply] {
  const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
  if (!method) return [state, answer({ ok: false, error: "unknown_method", req_method: call.method })];
  const args = readBody(call.contentType, call.body);
  const refused = wrongToken(state, method, call, args);
  if (refused) return [state, answer(refused)];
  const [taken, waitS] = takeCall(state, call.method, method.tier, now);
  if (waitS !== null) return [taken, throttled(waitS)];
  const [next, result] = method.run(taken, args, now);
  const busy = result["retryAfterS"];
  if (typeof busy === "number") return [next, throttled(busy)];
  // Every answer to the bot token names its scopes. https://docs.slack.dev/authentication/installing-with-oauth
  const headers = method.token === "bot" ? { "x-oauth-scopes": state.scopes.join(",") } : {};
  return [next, { ...answer(result), headers }];
}

function wrongToken(state: State, method: Method, call: Call, args: Fields): Fields | null {
  if (method.token === "none") return null;
  const token = call.authorization.replace(/^Bearer /, "") || textOf(args, "token") || "";
  if (token === "") return { ok: false, error: "not_authed" };
  if (token !== tokens.bot && token !== tokens.app) return { ok: false, error: "invalid_auth" };
  if (token !== tokens[method.token]) return { ok: false, error: "not_allowed_token_type" };
  if (method.scopes.length === 0 || method.scopes.some((scope) => state.scopes.includes(scope))) return null;
  return { ok: false, error: "missing_scope", needed: method.scopes.join(","), provided: state.scopes.join(",") };
}

function throttled(retryAfterS: number): Reply {
  return { ...answer({ ok: false, error: "ratelimited" }, 429), headers: { "retry-after": String(retryAfterS) } };
}

function answer(body: Fields | string, status = 200): Reply {
  return { status, headers: {}, body, how: "answer" };
}
