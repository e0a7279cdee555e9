/** The only place that keeps a Socket Mode connection open. It gets a new one itself, because the library waits 5 s before each try, backs off for half an hour, and lets some failures end the process. */
import type { SocketModeReceiver } from "@slack/bolt";
import { about } from "./log.ts";
import { type Clock, type Log, SlackBusy, SlackRefused } from "./seams.ts";
import { slackError } from "./slack.ts";
import { type Signs, signsOfLife } from "./socket-signs.ts";

/** connected; reconnecting: Slack or the network dropped us; refused: Slack will not have us, and we keep asking. */
export type SlackState = "connected" | "reconnecting" | "refused" | "stopped";

export interface SocketLine {
  /** Resolves at the first connection; rejects with `SlackRefused` when Slack will not have us. From then on the line is kept. */
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): boolean;
  /** Wall time (ms) at which Slack last sent anything over a connection of ours; null before the first. */
  lastSignAt(): number | null;
}

/** From asking for an address to Slack's hello. */
const helloPatienceMs = 20_000;
const closePatienceMs = 500;
/** A connection that lived shorter than this counts as a failure, so that we never spin. */
const healthyMs = 10_000;
const firstWaitMs = 1_000;
const waitMaxMs = 60_000;

interface Given {
  /** A new receiver for each connection: nothing of a dead one can reach a live one. It must not reconnect by itself. */
  receiver: () => SocketModeReceiver;
  clock: Clock;
  log: Log;
  onState: (state: SlackState) => void;
  /** A connection on which nothing came for so long is taken for dead, and another one is opened. */
  silenceMaxMs?: number | undefined;
}
/** What one connection is given besides. */
type Kept = Given & { onSign: () => void };

export function socketLine(given: Given): SocketLine {
  const ending = new AbortController();
  let connected = false;
  let lastSignAt: number | null = null;
  const onSign = (): void => {
    lastSignAt = given.clock.now();
  };
  let kept: Promise<void> = Promise.resolve();
  const onState = (state: SlackState): void => {
    connected = state === "connected";
    given.onState(state);
  };
  return {
    start: () =>
      new Promise((resolve, reject) => {
        kept = keep({ ...given, onState, onSign }, ending.signal, resolve, reject);
      }),
    async stop() {
      ending.abort(new Error("stopping"));
      await kept;
      onState("stopped");
    },
    connected: () => connected,
    lastSignAt: () => lastSignAt,
  };
}

async function keep(
  given: Kept,
  ending: AbortSignal,
  started: () => void,
  refused: (why: SlackRefused) => void,
): Promise<void> {
  let failures = 0;
  let everConnected = false;
  while (!ending.aborted) {
    const result = await oneConnection(given, ending, () => {
      everConnected = true;
      started();
    });
    if (ending.aborted) return;
    failures = result.livedMs >= healthyMs ? 0 : failures + 1;
    const why = result.why;
    if (why instanceof SlackRefused && !everConnected) return refused(why);
    given.onState(why instanceof SlackRefused ? "refused" : "reconnecting");
    const ms = waitMs(failures, why);
    tell(given.log, why, ms);
    if (ms > 0) await given.clock.after(ms, ending).catch(() => {});
  }
}

/** Reinstalls that run must still be looked after, so a refusal after the start is said aloud and asked again, not died of. */
function tell(log: Log, why: unknown, ms: number): void {
  if (why instanceof SlackRefused) log.error("Slack refuses the connection; asking again", { code: why.code, ms });
  else log.warn("No connection to Slack; connecting again", { ...(why === null ? {} : about(why)), ms });
}

/** `apps.connections.open` allows about one call a minute, with bursts. */
function waitMs(failures: number, why: unknown): number {
  const backOffMs = failures === 0 ? 0 : Math.min(firstWaitMs * 2 ** (failures - 1), waitMaxMs);
  return why instanceof SlackBusy ? Math.max(backOffMs, why.retryAfterMs) : backOffMs;
}

/** Connects, waits until that connection is over, and never throws. `why` is null for a close without an error. */
async function oneConnection(
  given: Kept,
  ending: AbortSignal,
  started: () => void,
): Promise<{ livedMs: number; why: unknown }> {
  const settled = new AbortController();
  const receiver = given.receiver();
  surviveUnreadable(receiver, given.log);
  const over = whenOver(receiver, ending, settled.signal);
  const signs = signsOfLife(given.clock, given.onSign);
  receiver.client.on("ws_message", signs.heard);
  try {
    await Promise.race([opened(receiver, settled.signal), over, helloLate(given.clock, settled.signal)]);
    if (ending.aborted) return { livedMs: 0, why: null };
    const connectedAt = given.clock.mono();
    given.log.info("Connected to Slack");
    given.onState("connected");
    started();
    await (given.silenceMaxMs === undefined
      ? over
      : Promise.race([over, fellSilent(given, signs, given.silenceMaxMs)]));
    return { livedMs: given.clock.mono() - connectedAt, why: null };
  } catch (error) {
    return { livedMs: 0, why: error === undefined ? null : slackError(error) };
  } finally {
    settled.abort(new Error("settled"));
    signs.stop();
    await close(given.clock, receiver);
  }
}

/** The library reads what comes in listeners that nobody waits for: a frame that one of them cannot read would end the process. */
function surviveUnreadable({ client }: SocketModeReceiver, log: Log): void {
  for (const name of ["ws_message", "slack_event"]) {
    const readers = client.listeners(name);
    client.removeAllListeners(name);
    for (const read of readers) {
      client.on(name, async (...given: unknown[]) => {
        try {
          await Reflect.apply(read, client, given);
        } catch (error) {
          log.warn("What came over the socket could not be read", about(error));
        }
      });
    }
  }
}

/** The network may lose a connection without a word to either side. */
async function fellSilent(given: Kept, signs: Signs, maxMs: number): Promise<void> {
  const silent = await signs.silence(maxMs).then(
    () => true,
    () => false,
  );
  if (silent) given.log.warn("Slack has fallen silent on this connection", { ms: maxMs });
}

/** A socket that opens after we gave up on it is closed again. */
async function opened(receiver: SocketModeReceiver, settled: AbortSignal): Promise<void> {
  await receiver.start();
  if (settled.aborted) await receiver.client.disconnect();
}

async function helloLate(clock: Clock, settled: AbortSignal): Promise<never> {
  await clock.after(helloPatienceMs, settled);
  throw new Error("Slack said no hello");
}

/** Resolves when the socket is gone, when Slack says that it is about to go, or when we stop. */
function whenOver(receiver: SocketModeReceiver, ending: AbortSignal, settled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A close before the hello is told by `start`, which rejects.
    receiver.client.once("connected", () => receiver.client.once("disconnected", () => resolve()));
    receiver.client.on("ws_message", (data: unknown) => {
      if (isDisconnect(data)) resolve();
    });
    ending.addEventListener("abort", () => resolve(), { once: true, signal: settled });
  });
}

/** The library waits up to 30 s for the peer to close; the next connection need not. */
function isDisconnect(data: unknown): boolean {
  if (typeof data !== "string" || !data.includes('"disconnect"')) return false;
  try {
    return JSON.parse(data).type === "disconnect";
  } catch {
    return false;
  }
}

/** A peer that does not answer the close may take its 30 s without us. */
async function close(clock: Clock, receiver: SocketModeReceiver): Promise<void> {
  const closed = new AbortController();
  const patience = clock.after(closePatienceMs, closed.signal).catch(() => {});
  await Promise.race([receiver.client.disconnect().catch(() => {}), patience]);
  closed.abort();
}
