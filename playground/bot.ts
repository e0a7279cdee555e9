/** The only place that starts, kills and restarts the bot: a process of its own, through the entry of `npm start`. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { leash } from "./leash.ts";
import type { PageAnswer, PageState } from "./page/contract.ts";

export interface BotOptions {
  /** dist/main.js */
  entry: string;
  environment: Readonly<Record<string, string>>;
  /** A module that its process reads before the entry. */
  before?: string;
  /** Where everything that the bot logs goes. */
  log: string;
  /** Whether a bot stands in connection with Slack just now. */
  connected(): boolean;
  /** A line for the playground's own console. */
  say(line: string): void;
}

export interface Bot {
  state(): PageState["bot"];
  /** SIGKILL: no chance to save anything. */
  kill(): PageAnswer;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
  onChange(changed: () => void): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** A bot that ran this long had started well, so the next pause is a short one again. */
const startedWellMs = 20_000;
/** The bot promises to stop within 10 seconds. */
const stopPatienceMs = 11_000;

export function runBot(options: BotOptions): Bot {
  const log = createWriteStream(options.log, { flags: "a" });
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const changed of listeners) changed();
  };
  let child: ChildProcess | null = null;
  let kills = 0;
  let starts = 0;
  let pauseMs = firstPauseMs;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedAt = performance.now();
    const { PATH = "", HOME = "", TZ, LANG } = process.env;
    const env = { PATH, HOME, ...(TZ ? { TZ } : {}), ...(LANG ? { LANG } : {}), ...options.environment };
    const before = [leash, ...(options.before === undefined ? [] : [options.before])];
    const words = [...before.flatMap((module) => ["--import", module]), options.entry];
    const mine = spawn(process.execPath, words, { env, stdio: ["pipe", "pipe", "pipe"] });
    child = mine;
    starts += 1;
    mine.stdout.pipe(log, { end: false });
    mine.stderr.pipe(log, { end: false });
    createInterface({ input: mine.stderr }).on("line", (line) => options.say(`bot: ${line}`));
    mine.on("error", (error) => options.say(`The bot could not be started: ${error.message}`));
    mine.on("close", (code, signal) => {
      child = null;
      tell();
      if (ended) return;
      if (signal === "SIGKILL" || performance.now() - startedAt > startedWellMs) pauseMs = firstPauseMs;
      const how = signal === "SIGKILL" ? "The bot was killed" : `The bot ended (${signal ?? `exit ${code}`})`;
      options.say(`${how}; it is started again in ${pauseMs / 1000} s.`);
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
    tell();
  }

  start();
  return {
    state: () => ({ state: child === null ? "stopped" : options.connected() ? "running" : "starting", kills, starts }),
    kill() {
      if (child === null) return { ok: false, says: "The bot is not running just now." };
      kills += 1;
      child.kill("SIGKILL");
      return { ok: true };
    },
    async stop() {
      ended = true;
      clearTimeout(timer);
      const last = child;
      if (last !== null) await gone(last);
      log.end();
    },
    onChange: (changed) => void listeners.add(changed),
  };
}

async function gone(child: ChildProcess): Promise<void> {
  const hard = setTimeout(() => child.kill("SIGKILL"), stopPatienceMs);
  await new Promise((resolve) => {
    child.once("close", resolve);
    child.kill("SIGTERM");
  });
  clearTimeout(hard);
}

/** With --no-bot: whoever connects is the bot, and it is ended where it was started. */
export function strangeBot(connected: () => boolean): Bot {
  return {
    state: () => ({ state: connected() ? "running" : "absent", kills: 0, starts: 0 }),
    kill: () => ({ ok: false, says: "The playground did not start this bot; end it where you started it." }),
    stop: async () => {},
    onChange: () => {},
  };
}
