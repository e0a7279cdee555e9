/** The only place that says what Slack does: a pure step from a state and what comes in to the next state and what goes out. */
import type { PageAnswer } from "../page/contract.ts";
import { ackMs, takeAck, unanswered } from "./acks.ts";
import { type Call, callApi, type Reply } from "./api.ts";
import { type Deed, doDeed, type Outcome } from "./deeds.ts";
import { dropSockets, throwSwitch } from "./faults.ts";
import { app } from "./people.ts";
import { respond } from "./respond.ts";
import type { Fields } from "./rules.ts";
import { fresh, type State } from "./state.ts";

export type Input =
  /** A call of the Web API; `call` names it in the output. */
  | { kind: "api"; call: number; request: Call }
  /** A post to a response_url; `hook` is what follows /hooks/commands/ or /hooks/actions/. */
  | { kind: "respond"; call: number; hook: string; contentType: string; body: string }
  | { kind: "connect"; socket: string; ticket: string }
  | { kind: "gone"; socket: string }
  | { kind: "ack"; envelope: string; payload?: unknown }
  /** A request over HTTP met nobody, or was answered with an error. */
  | { kind: "refused"; envelope: string }
  /** A person does something; `act` names it in the output. */
  | { kind: "act"; act: number; deed: Deed }
  | { kind: "fault"; fault: string; armed: boolean }
  /** Slack asks every socket to reconnect. */
  | { kind: "disconnect"; reason: "warning" | "refresh_requested" | "link_disabled" }
  /** Time has passed. */
  | { kind: "time" };

export type Output =
  | { to: "caller"; call: number; reply: Reply }
  | { to: "socket"; socket: string; frame: Fields }
  /** Goes out as a signed request. */
  | { to: "http"; envelope: string; frame: Fields }
  /** cut: without a word, as when a line breaks. */
  | { to: "hang-up"; socket: string; how: "close" | "cut" }
  | { to: "person"; act: number; answer: PageAnswer };

type Stepped = readonly [State, readonly Output[]];

/** https://docs.slack.dev/apis/events-api/using-socket-mode */
const socketsMax = 10;

export function step(state: State, input: Input, now: number): Stepped {
  const [current, overdue] = expire(state, now);
  const [next, outputs] = handle(current, input, now);
  return [next, [...overdue, ...outputs]];
}

/** When something will happen without anything coming in; null when nothing will. */
export function nextDeadline(state: State): number | null {
  return state.pending.length > 0 ? Math.min(...state.pending.map((each) => each.deadline)) : null;
}

function handle(state: State, input: Input, now: number): Stepped {
  switch (input.kind) {
    case "api": {
      const [next, reply] = callApi(state, input.request, now);
      return [next, [{ to: "caller", call: input.call, reply }]];
    }
    case "respond": {
      const [next, reply] = respond(state, input.hook, input, now);
      return [next, [{ to: "caller", call: input.call, reply }]];
    }
    case "connect":
      return connect(state, input.socket, input.ticket);
    case "gone":
      return [{ ...state, sockets: state.sockets.filter((each) => each !== input.socket) }, []];
    case "ack":
      return acknowledge(state, input.envelope, input.payload, now);
    case "refused":
      return refused(state, input.envelope);
    case "act":
      return act(state, input.act, input.deed, now);
    case "fault":
      return input.fault === dropSockets.id && input.armed
        ? drop(state)
        : [throwSwitch(state, input.fault, input.armed), []];
    case "disconnect":
      return disconnect(state, input.reason);
    case "time":
      return [state, []];
  }
}

/** Envelopes that nobody acknowledged in time; a late acknowledgement changes nothing any more. */
function expire(state: State, now: number): Stepped {
  const late = state.pending.filter((each) => each.deadline <= now);
  if (late.length === 0) return [state, []];
  const answers = late.map(({ act, about }) => ({ to: "person", act, answer: unanswered(about, "late") }) as const);
  return [{ ...state, pending: state.pending.filter((each) => each.deadline > now) }, answers];
}

/** A ticket opens one socket. An eleventh is told that there are too many. */
function connect(state: State, socket: string, ticket: string): Stepped {
  if (!state.tickets.includes(ticket)) return [state, [{ to: "hang-up", socket, how: "close" }]];
  const used = { ...state, tickets: state.tickets.filter((each) => each !== ticket) };
  if (state.sockets.length >= socketsMax) {
    const frame = { type: "disconnect", reason: "too_many_websockets", debug_info: { host: "playground" } };
    return [
      used,
      [
        { to: "socket", socket, frame },
        { to: "hang-up", socket, how: "close" },
      ],
    ];
  }
  const sockets = [...state.sockets, socket];
  const frame = {
    type: "hello",
    num_connections: sockets.length,
    debug_info: { host: "playground", build_number: 1, approximate_connection_time: 3600 },
    connection_info: { app_id: app.id },
  };
  return [{ ...used, sockets }, [{ to: "socket", socket, frame }]];
}

function acknowledge(state: State, envelope: string, payload: unknown, now: number): Stepped {
  const pending = state.pending.find((each) => each.envelope === envelope);
  if (!pending) return [state, []];
  const waiting = { ...state, pending: state.pending.filter((each) => each !== pending) };
  const [next, answer] = takeAck(waiting, pending, payload, now);
  return [next, [{ to: "person", act: pending.act, answer }]];
}

function refused(state: State, envelope: string): Stepped {
  const pending = state.pending.find((each) => each.envelope === envelope);
  if (!pending) return [state, []];
  const answer = unanswered(pending.about, "nobody");
  const rest = state.pending.filter((each) => each !== pending);
  return [{ ...state, pending: rest }, [{ to: "person", act: pending.act, answer }]];
}

function act(state: State, number: number, deed: Deed, now: number): Stepped {
  const [next, outcome] = doDeed(state, deed, now);
  const answer = (given: PageAnswer): Output => ({ to: "person", act: number, answer: given });
  if (outcome.is === "done") return [next, [answer({ ok: true })]];
  if (outcome.is === "options") return [next, [answer({ ok: true, options: outcome.options })]];
  if (outcome.is === "says") return [next, [answer({ ok: false, says: outcome.says })]];
  if (next.delivery === "socket" && next.sockets.length === 0)
    return [next, [answer(unanswered(outcome.about, "nobody"))]];
  return send(next, number, outcome, now);
}

/** An envelope goes to one socket, whichever, or out as a request. */
function send(state: State, number: number, outcome: Extract<Outcome, { is: "send" }>, now: number): Stepped {
  const [counted, count] = fresh(state);
  const http = counted.delivery === "http";
  const socket = http ? "" : (counted.sockets[count % counted.sockets.length] ?? "");
  const envelope = `e${String(count).padStart(7, "0")}-0000-4000-8000-000000000000`;
  const frame = {
    envelope_id: envelope,
    type: outcome.type,
    accepts_response_payload: outcome.answered,
    payload: outcome.payload,
  };
  const pending = { envelope, socket, act: number, deadline: now + ackMs, about: outcome.about };
  const output = http ? ({ to: "http", envelope, frame } as const) : ({ to: "socket", socket, frame } as const);
  return [{ ...counted, pending: [...counted.pending, pending] }, [output]];
}

function drop(state: State): Stepped {
  return [{ ...state, sockets: [] }, state.sockets.map((socket) => ({ to: "hang-up", socket, how: "cut" }) as const)];
}

/** A warning comes some seconds ahead; the other reasons end the connection. */
function disconnect(state: State, reason: "warning" | "refresh_requested" | "link_disabled"): Stepped {
  const frame = { type: "disconnect", reason, debug_info: { host: "playground" } };
  const told = state.sockets.map((socket) => ({ to: "socket", socket, frame }) as const);
  if (reason === "warning") return [state, told];
  const ended = state.sockets.map((socket) => ({ to: "hang-up", socket, how: "close" }) as const);
  return [{ ...state, sockets: [] }, [...told, ...ended]];
}
