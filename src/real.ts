/** The only place that touches the machine's clock, random source, network and exit; everything else is handed these. */
import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { Agent, buildConnector, Client, type Dispatcher, request } from "undici";
import { about, logWriterTo } from "./log.ts";
import {
  type Clock,
  type Die,
  type Exchange,
  type HttpRequest,
  type HttpResponse,
  type Log,
  NotSent,
} from "./seams.ts";

/** A provider's answer is read up to here; an image list of a thousand entries is about 1 MB. */
const bodyMaxBytes = 8 * 1024 * 1024;
const connectMaxMs = 10_000;
/** Node's timers fire at once when asked for more than this. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const timerMaxMs = 2 ** 31 - 1;

export function realClock(): Clock {
  const mono = (): number => performance.now();
  return {
    now: () => Date.now(),
    mono,
    async after(ms, signal) {
      const endsAt = mono() + ms;
      do {
        await timer(Math.min(Math.max(endsAt - mono(), 0), timerMaxMs), signal);
      } while (mono() < endsAt - 1);
    },
  };
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(running);
      reject(signal?.reason);
    };
    const running = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export function realRandom(n: number): Uint8Array {
  return new Uint8Array(randomBytes(n));
}

/** Says why on stderr and in the log, then ends the process. Both are written synchronously, so that nothing is lost. */
export function realDie(log: Log): Die {
  return (why, cause) => {
    log.error("The bot stops", { why, ...(cause === undefined ? {} : about(cause)) });
    logWriterTo(2)(`${why}\n`);
    process.exit(1);
  };
}

/**
 * HTTP below the cloud adapters. No retries, no redirects, and no proxy from the environment: an order to erase a disk
 * goes to the address it is signed for, once.
 */
export function realExchange(clock: Clock): Exchange {
  const shared = new Agent({ connect: { timeout: connectMaxMs }, maxResponseSize: bodyMaxBytes });
  return async (asked) => {
    if (!asked.once) return send(clock, asked, shared, notSentByCode);
    const line = freshLine(asked);
    try {
      return await send(clock, asked, line.client, () => !line.connected());
    } finally {
      await line.client.destroy();
    }
  };
}

/** A connection for one request. `connected` turns true before the first byte can be written, so while it is false nothing has left. */
function freshLine(asked: HttpRequest): { client: Client; connected(): boolean } {
  let connected = false;
  const dial = buildConnector({ timeout: Math.min(asked.timeoutMs, connectMaxMs), allowH2: false });
  const client = new Client(new URL(asked.url).origin, {
    pipelining: 0,
    maxResponseSize: bodyMaxBytes,
    connect: (to, done) =>
      dial(to, (error, socket) => {
        // Typed as null, undefined in truth, when there is none.
        if (!socket) return done(error ?? new Error("no socket"), null);
        connected = true;
        done(null, socket);
      }),
  });
  return { client, connected: () => connected };
}

async function send(
  clock: Clock,
  asked: HttpRequest,
  dispatcher: Dispatcher,
  neverLeft: (error: unknown) => boolean,
): Promise<HttpResponse> {
  const late = new AbortController();
  const answered = new AbortController();
  clock.after(asked.timeoutMs, answered.signal).then(
    () => late.abort(new Error(`no answer within ${asked.timeoutMs} ms`)),
    () => {},
  );
  try {
    const answer = await request(asked.url, {
      method: asked.method,
      headers: asked.headers,
      body: asked.method === "GET" ? null : asked.body,
      dispatcher,
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: late.signal,
    });
    return { status: answer.statusCode, headers: flat(answer.headers), body: await answer.body.text() };
  } catch (error) {
    if (neverLeft(error)) throw new NotSent("The request never left", { cause: error });
    throw error;
  } finally {
    // Without a word an abort makes an error with its stack, at each call, for nobody.
    answered.abort("answered");
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]);
  return Object.fromEntries(named);
}

const neverConnected = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function notSentByCode(error: unknown): boolean {
  return error instanceof Error && "code" in error && neverConnected.has(String(error.code));
}
