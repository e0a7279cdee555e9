/** The only place that knows Bolt: payloads in over Socket Mode or signed HTTP, each handed to our own dispatch, answers out. */
import { App, type Receiver, SocketModeReceiver } from "@slack/bolt";
import * as z from "zod";
import { type HttpDoor, httpLine } from "./http-line.ts";
import { about, libraryLogger } from "./log.ts";
import type { Clock, Dispatch, Log, Reply } from "./seams.ts";
import type { Secret } from "./secret.ts";
import { clientOptions } from "./slack.ts";
import { type SlackState, type SocketLine, socketLine } from "./socket-line.ts";

export interface SlackConnection extends Pick<SocketLine, "start" | "connected" | "lastSignAt"> {
  /** Takes nothing new, waits at most `patienceMs` for what is in hand, then closes: only an open socket can carry the answers. */
  stop(patienceMs: number): Promise<void>;
  inFlight(): number;
  /** Where Slack's requests come in; null in Socket Mode. */
  port(): number | null;
}

interface Common {
  apiUrl?: string | undefined;
  dispatch: Dispatch;
  clock: Clock;
  log: Log;
  onState: (state: SlackState) => void;
  silenceMaxMs?: number | undefined;
}
type Socket = Common & { appToken: Secret };
type Given = Socket | (Common & { http: HttpDoor });

export function connectSlack(given: Given): SlackConnection {
  const hands = takeInHand(given);
  const app = appFor(given, hands.take);
  const line: SocketLine & { port?: () => number } =
    "http" in given
      ? httpLine({ ...given, ...given.http, app })
      : socketLine({ ...given, receiver: () => receiverFor(given, app) });
  return {
    start: line.start,
    connected: line.connected,
    lastSignAt: line.lastSignAt,
    inFlight: hands.inFlight,
    port: () => line.port?.() ?? null,
    async stop(patienceMs) {
      await hands.drain(patienceMs);
      await line.stop();
    },
  };
}

type Kind = "command" | "action" | "submission" | "closed" | "options" | "shortcut";
type Take = (kind: Kind, payload: unknown, ack: Ack) => Promise<void>;
type Ack = (body?: never) => Promise<void>;

/** Slack shows the person an error after this. https://docs.slack.dev/interactivity/handling-user-interaction */
const ackMaxMs = 3_000;
const drainLookMs = 20;

function takeInHand(given: Common): { take: Take; drain(patienceMs: number): Promise<void>; inFlight(): number } {
  const { clock, log } = given;
  let inHand = 0;
  let draining = false;
  const take: Take = async (kind, payload, ack) => {
    const answer = answerOnce({ kind, ack, clock, log });
    if (draining) return answer.unable(payload, sentences.restarting);
    inHand += 1;
    try {
      await given.dispatch(payload, answer.reply);
      await answer.ensure();
    } catch (error) {
      log.error("A handler failed", { kind, ...about(error) });
      await answer.unable(payload, sentences.failed);
    } finally {
      inHand -= 1;
    }
  };
  const drain = async (patienceMs: number): Promise<void> => {
    draining = true;
    const until = clock.mono() + patienceMs;
    while (inHand > 0 && clock.mono() < until) await clock.after(drainLookMs);
    if (inHand > 0) log.warn("Stopping with handlers in hand", { count: inHand });
  };
  return { take, drain, inFlight: () => inHand };
}

interface Answer {
  reply: Reply;
  /** Closes a payload whose handler had nothing to say. */
  ensure(): Promise<void>;
  /** Tells the person that it was not taken in, unless they were answered before. */
  unable(payload: unknown, sentence: string): Promise<void>;
}

function answerOnce(given: { kind: Kind; ack: Ack; clock: Clock; log: Log }): Answer {
  const { kind, ack, clock, log } = given;
  const cameAt = clock.mono();
  let answered = false;
  const reply: Reply = async (body) => {
    if (answered) return log.warn("A second answer was dropped", { kind });
    answered = true;
    const ms = Math.round(clock.mono() - cameAt);
    if (ms > ackMaxMs) log.warn("An answer came later than Slack waits", { kind, ms });
    // What was decided is stored by now; a lost answer must not undo what the handler does next.
    await ack(body as never).catch((error: unknown) =>
      log.warn("An answer did not reach Slack", { kind, ...about(error) }),
    );
  };
  return {
    reply,
    ensure: async () => {
      if (!answered) await reply();
    },
    unable: async (payload, sentence) => {
      const body = unableBody(kind, payload, sentence);
      if (!answered && body !== null) await reply(body);
    },
  };
}

const sentences = {
  failed:
    "I could not take this in: a fault on my side, which is logged. Please do it again; the same form never makes two requests. If it fails again, tell whoever runs this bot.",
  restarting: "I am restarting and did not take this in. Please do it again in a minute.",
};

/** Buttons, option lists and shortcuts have no room for a sentence: left unanswered, Slack itself shows that they failed. */
function unableBody(kind: Kind, payload: unknown, sentence: string): Readonly<Record<string, unknown>> | null {
  if (kind === "command") return { response_type: "ephemeral", text: sentence };
  if (kind !== "submission") return null;
  const input = Submission.safeParse(payload).data?.view.blocks.find((block) => block.type === "input");
  if (input?.block_id !== undefined) return { response_action: "errors", errors: { [input.block_id]: sentence } };
  const text = { type: "plain_text", text: sentence };
  const view = {
    type: "modal",
    title: { type: "plain_text", text: "Not taken in" },
    blocks: [{ type: "section", text }],
  };
  return { response_action: "update", view };
}

const Submission = z.object({
  view: z.object({ blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })) }),
});

/**
 * One middleware takes every payload, and there are no listeners: Bolt would ask each of them at every payload. Bolt is given
 * no bot token: it needs none to carry payloads, and so it calls nothing, retries nothing and has nothing to leak.
 */
function appFor(given: Common, take: Take): App {
  const app = new App({
    receiver: noReceiver,
    authorize: async () => ({}),
    convoStore: false,
    ignoreSelf: false,
    logger: libraryLogger(given.log),
    clientOptions: clientOptions(given, ackMaxMs),
  });
  app.use(async (args) => {
    const kind = kindOf(args);
    // Events are acked by Bolt itself, and none is subscribed to.
    if (kind !== null && "ack" in args) await take(kind, args.body, args.ack as Ack);
  });
  app.error(async (error) => given.log.error("Bolt could not pass a payload on", about(error)));
  return app;
}

/** Bolt names what a payload is about by the kind it takes it for. */
function kindOf(args: object): Kind | null {
  if ("action" in args) return "action";
  if ("command" in args) return "command";
  if ("options" in args) return "options";
  if ("shortcut" in args) return "shortcut";
  if (!("view" in args && "body" in args)) return null;
  return Closed.safeParse(args.body).success ? "closed" : "submission";
}

const Closed = z.object({ type: z.literal("view_closed") });

/** The app lives longer than any connection; each connection brings a receiver of its own. */
const noReceiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };

const openTimeoutMs = 10_000;

function receiverFor(given: Socket, app: App): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken: given.appToken.open(),
    logger: libraryLogger(given.log),
    autoReconnectEnabled: false,
    // Never `headers` here: the library would send them instead of the app token.
    installerOptions: { clientOptions: clientOptions(given, openTimeoutMs) },
  });
  receiver.init(app);
  return receiver;
}
