/** The only place that writes a log line. A line is static words plus fields of the list below; nothing else can be written. */
import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { type Logger, LogLevel } from "@slack/web-api";
import { destination, pino } from "pino";
import type { Clock, Log, LogFields } from "./seams.ts";
import type { Secret } from "./secret.ts";

/** Fields that may be written. None of them ever holds what a person typed or what a provider's body said. */
export const logFields = [
  ...["request", "attempt", "step", "status", "from", "to", "revision", "seq", "key"],
  ...["cloud", "site", "account", "region", "server", "image", "code", "requestId", "method", "http"],
  ...["team", "user", "channel", "ts", "kind", "callback", "action", "command", "state"],
  ...[
    "error",
    "where",
    "why",
    "detail",
    "ms",
    "count",
    "bytes",
    "retryAfterMs",
    "name",
    "path",
    "port",
    "version",
    "file",
  ],
] as const;
const allowed: ReadonlySet<string> = new Set(logFields);

const fieldMax = 500;
const hiddenMax = 2_000;
const hiddenMinLength = 4;
const hidden = "[secret]";
/** Slack's tokens and Tencent's key ids give themselves away by their beginning. */
const tokenLike = /\b(?:xox[a-z]-|xapp-|xoxe\.|AKID)[\w.-]{6,}/g;

export const levels = ["error", "warn", "info", "silent"] as const;
export type Level = (typeof levels)[number];

export interface OpenLog extends Log {
  /** From now on this text is written as "[secret]" wherever it turns up. The oldest are forgotten past 2,000. */
  hide(secret: Secret): void;
}

/** `write` takes a whole line; by default stdout, at once, so that the last line before an exit is not lost. */
export function openLog(given: { clock: Clock; level: Level; write?: (line: string) => void }): OpenLog {
  const secrets = new Set<string>();
  const out = given.write ?? logWriterTo(1);
  const sink = { write: (line: string) => out(withoutSecrets(line, secrets)) };
  const logger = pino(
    {
      level: given.level,
      base: null,
      timestamp: () => `,"time":"${new Date(given.clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ["password", "secret", "token", "body", "*.password", "*.secret"], censor: hidden },
    },
    sink,
  );
  return {
    info: (words, fields) => logger.info(chosen(fields), words),
    warn: (words, fields) => logger.warn(chosen(fields), words),
    error: (words, fields) => logger.error(chosen(fields), words),
    hide: (secret) => remember(secrets, secret.open()),
  };
}

/**
 * Writes to a file of this process, synchronously. Whoever stops reading (`| head`) and a full disk stop no work: what could not
 * be written is dropped, for kept it would fill the memory, and the next line is tried anew.
 */
export function writerTo(fd: number): (text: string) => void {
  let stream = opened();
  function opened() {
    const fresh = destination({ fd, sync: true });
    return fresh.on("error", () => {
      if (stream === fresh) stream = opened();
    });
  }
  return (text) => void stream.write(text);
}

const keptMaxBytes = 1024 * 1024;

/**
 * The same for what must wait for nobody: a pipe whose reader is there and does not read would hold up the whole process,
 * in the middle of a reinstall too. So much is kept for a slow one; what comes then is dropped.
 */
export function logWriterTo(fd: number): (text: string) => void {
  const pipe = unwaitingEnd(fd);
  if (pipe === null) return writerTo(fd);
  const kept: Buffer[] = [];
  let bytes = 0;
  return (text) => {
    const line = Buffer.from(text);
    if (bytes + line.length <= keptMaxBytes) {
      kept.push(line);
      bytes += line.length;
    }
    bytes -= writeOut(pipe, kept);
  };
}

/** Takes away what was written, and returns how many bytes went. With nobody to read it, all of it goes. */
function writeOut(pipe: number, lines: Buffer[]): number {
  let bytes = 0;
  try {
    for (let first = lines[0]; first !== undefined; first = lines[0]) {
      const count = writeSync(pipe, first);
      bytes += count;
      if (count === first.length) lines.shift();
      else lines[0] = first.subarray(count);
    }
  } catch (error) {
    if (codeOf(error) !== "EAGAIN") for (const { length } of lines.splice(0)) bytes += length;
  }
  return bytes;
}

/** Opened anew, as whether writing waits is said at opening; null where that cannot be done, and for a file, which never waits. */
function unwaitingEnd(fd: number): number | null {
  try {
    if (!fstatSync(fd).isFIFO()) return null;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function chosen(fields: LogFields = {}): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name, value]) => allowed.has(name) && isPlain(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === "string" ? clipped(value) : value]));
}

/** The type says so already; a value that got past it (an error, a body) is dropped all the same. */
function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function clipped(text: string): string {
  return text.length > fieldMax ? `${text.slice(0, fieldMax)}… (${text.length} characters)` : text;
}

function remember(secrets: Set<string>, text: string): void {
  if (text.length < hiddenMinLength) return;
  for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]) {
    secrets.delete(form);
    secrets.add(form);
  }
  for (const oldest of secrets) {
    if (secrets.size <= hiddenMax) return;
    secrets.delete(oldest);
  }
}

function withoutSecrets(line: string, secrets: ReadonlySet<string>): string {
  let clean = line;
  for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, hidden);
  return clean.replace(tokenLike, hidden);
}

/** What may be said of an error in the log: its name, its code and where it arose; never its message, which may quote a body. */
export function about(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { error: error.name, ...code, where: frames.slice(0, 3).map(frameName).join(" < ") };
}

function frameName(frame: string): string {
  return frame
    .trim()
    .replace(/^at /, "")
    .replace(/\(?(?:file:\/\/)?\/\S*\//, "(");
}

/**
 * The logger that Slack's libraries are given. Their debug lines hold whole payloads, typed passwords among them, so
 * debug does not exist here and cannot be switched on. They put the Error last, and its message may quote a body: only
 * its name and code are kept.
 */
export function libraryLogger(log: Log): Logger {
  return {
    debug: () => {},
    info: (...parts: unknown[]) => log.info("Slack library", detail(parts)),
    warn: (...parts: unknown[]) => log.warn("Slack library", detail(parts)),
    error: (...parts: unknown[]) => log.error("Slack library", detail(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

const detailMax = 160;

function detail(parts: readonly unknown[]): LogFields {
  const error = parts.find((part) => part instanceof Error);
  const text = parts.filter((part) => typeof part === "string").join(" ");
  return { detail: text.slice(0, detailMax), ...(error === undefined ? {} : about(error)) };
}
