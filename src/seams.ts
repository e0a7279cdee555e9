/** The only place where the edges of the program are described: everything the bot cannot compute by itself comes in through these. */

/** Time. `now` is wall time (ms since 1970, UTC) for what is stored, signed and shown; `mono` never goes backwards and measures waits. */
export interface Clock {
  now(): number;
  mono(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. The only wait in `src`. */
  after(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `n` random bytes, fit for secrets and ids. */
export type Random = (n: number) => Uint8Array;

/**
 * A directory of files below the store. Names are plain file names, no folders.
 * Every method throws on an I/O error; after a throw the outcome is unknown, never "did not happen".
 */
export interface Disk {
  /** The whole file, or null when there is none. */
  read(name: string): Promise<Uint8Array | null>;
  /** At most `length` bytes from `from` on, and the size of the whole file; null when there is none. Without it, files are read whole. */
  readPart?(name: string, from: number, length: number): Promise<{ bytes: Uint8Array; size: number } | null>;
  /** Adds bytes at the end (creates the file, mode 0600). Throws on a short write. Not durable before `sync`. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** Makes everything appended to `name` so far durable. */
  sync(name: string): Promise<void>;
  /** Puts `bytes` in place of the whole file, durably and all or nothing (temporary file, sync, rename, directory sync). */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
  /** Takes the single-writer lock, which the kernel drops when the process dies. Throws `Locked`. */
  lock(): Promise<Unlock>;
}
export type Unlock = () => Promise<void>;

/** Another process works in this data directory. */
export class Locked extends Error {
  override name = "Locked";
}

/** One HTTP request below a cloud adapter. `body` may hold a password: it is never logged. */
export interface HttpRequest {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  /** An act: sent on a fresh connection, never repeated by the transport, redirects not followed. */
  once: boolean;
}
export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string;
}
/** Throws `NotSent` when the connection was never made; whatever else it throws means that nobody knows. */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>;

/** The request never left: no name, no route, refused, no connection in time. */
export class NotSent extends Error {
  override name = "NotSent";
}

/**
 * Tries a port of a server from where the bot runs, once and bounded in time. `open` with "ssh" means that an SSH server
 * named itself; its host key comes with it where the handshake went through. Never throws.
 */
export type Probe = (address: string, port: number, speaks: "ssh" | "rdp") => Promise<Probed>;
export type Probed =
  | { open: true; hostKey?: string; hostKeyKind?: string }
  | { open: false; why: "refused" | "no-answer" | "no-route" | "silent" };

/** Structured log: static words plus fields. Only fields on the allow-list of `log.ts` are written. */
export interface Log {
  info(words: string, fields?: LogFields): void;
  warn(words: string, fields?: LogFields): void;
  error(words: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The only exit: says why in one sentence and ends the process. */
export type Die = (why: string, cause?: unknown) => never;

/** A Slack message or view as it goes out. Views build it; `slack.ts` only carries it. */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };
export interface View {
  readonly type: "modal";
  readonly callback_id: string;
  readonly [field: string]: unknown;
}
/** What a bot knows of a person: `guest`, `external`, `gone` (deactivated) and bots may neither request nor approve. */
export interface Member {
  user: string;
  team: string;
  name: string;
  guest: boolean;
  external: boolean;
  gone: boolean;
  bot: boolean;
}

/** Slack, above its WebClient. Throws `SlackBusy`, `SlackRefused` or `SlackUnclear`, nothing else. */
export interface Slack {
  /** Our own team and bot user. */
  self(): { team: string; user: string };
  post(message: {
    channel: string;
    threadTs?: string | undefined;
    broadcast?: boolean | undefined;
    text: string;
    blocks: readonly Block[];
    request: string;
    key: string;
  }): Promise<{ ts: string; channel: string }>;
  /** The `ts` of our own message with this request and key in its metadata, posted at or after `since` (ms); null when there is none. */
  find(where: {
    channel: string;
    threadTs?: string | undefined;
    since: number;
    request: string;
    key: string;
  }): Promise<string | null>;
  edit(message: { channel: string; ts: string; text: string; blocks: readonly Block[] }): Promise<void>;
  /** To one person only. */
  whisper(message: {
    channel: string;
    user: string;
    threadTs?: string | undefined;
    text: string;
    blocks?: readonly Block[] | undefined;
  }): Promise<void>;
  /** Opens (or, with `push`, stacks) a modal. The trigger lives 3 seconds and works once. */
  open(triggerId: string, view: View, how?: "open" | "push"): Promise<{ viewId: string; hash: string }>;
  update(which: { viewId: string } | { externalId: string }, view: View, hash?: string): Promise<{ hash: string }>;
  person(user: string): Promise<Member>;
  /** User ids of a user group. */
  group(id: string): Promise<readonly string[]>;
  channel(
    id: string,
  ): Promise<{ name: string; member: boolean; external: boolean; archived: boolean; direct: boolean }>;
}

/** Slack asks us to come back later. */
export class SlackBusy extends Error {
  override name = "SlackBusy";
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super("Slack asks us to wait");
    this.retryAfterMs = retryAfterMs;
  }
}
/** Slack said no; `code` is its error word. Nothing was posted. */
export class SlackRefused extends Error {
  override name = "SlackRefused";
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super(`Slack refused: ${code}`, { cause });
    this.code = code;
  }
}
/** No answer, or a 5xx: it may or may not have happened. */
export class SlackUnclear extends Error {
  override name = "SlackUnclear";
}

/** Slack is in the way, and not a mistake of ours. */
export function isSlackError(cause: unknown): cause is SlackBusy | SlackRefused | SlackUnclear {
  return cause instanceof SlackBusy || cause instanceof SlackRefused || cause instanceof SlackUnclear;
}

/** Answers a payload within Slack's 3 seconds; the body is the ephemeral message, the `response_action` or the options. */
export type Reply = (body?: Readonly<Record<string, unknown>>) => Promise<void>;
/** One press, form or command, as Slack sent it. Bolt is above it, the simulation beside it. */
export type Dispatch = (payload: unknown, reply: Reply) => Promise<void>;
