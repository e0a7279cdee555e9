/** The only place that reads the playground's command line. */
import { parseArgs } from "node:util";

export interface Flags {
  /** 0 takes any free one. */
  port: number;
  speed: number;
  /** Null: a fresh directory below .playground. */
  data: string | null;
  bot: boolean;
  /** Slack's payloads go out as signed HTTP requests instead of over Socket Mode. */
  http: boolean;
}

export const usage = [
  "usage: npm run playground -- [--port N] [--speed N] [--data DIR] [--no-bot] [--http]",
  "  --port N    where the page is served on 127.0.0.1 (default 4000; 0: any free port)",
  "  --speed N   how many times faster than a real cloud, 1 to 1000 (default 20)",
  "  --data DIR  keep the bot's data here from one start to the next (default: fresh each time)",
  "  --no-bot    do not start the bot; print the environment with which to start it by hand",
  "  --http      send the bot signed HTTP requests instead of Socket Mode",
].join("\n");

const known: ReadonlySet<string> = new Set(["--port", "--speed", "--data", "--no-bot", "--http"]);

export function readFlags(words: readonly string[]): { flags: Flags } | { mistake: string } | { help: string } {
  if (words.includes("--help") || words.includes("-h")) return { help: usage };
  const stranger = words.find((word) => word.startsWith("-") && !known.has(word.split("=")[0] ?? ""));
  if (stranger !== undefined) return { mistake: `${stranger.split("=")[0]} is not a flag of the playground.` };
  let values: { port?: string; speed?: string; data?: string; "no-bot"?: boolean; http?: boolean };
  try {
    const text = { type: "string" } as const;
    values = parseArgs({
      args: [...words],
      options: { port: text, speed: text, data: text, "no-bot": { type: "boolean" }, http: { type: "boolean" } },
    }).values;
  } catch (error) {
    return { mistake: sentence(error, words) };
  }
  const port = numberIn(values.port ?? "4000", 0, 65_535);
  if (port === null || !Number.isInteger(port))
    return { mistake: `--port expects a whole number from 0 to 65535, not "${values.port}".` };
  const speed = numberIn(values.speed ?? "20", 1, 1000);
  if (speed === null) return { mistake: `--speed expects a number from 1 to 1000, not "${values.speed}".` };
  if (values.data === "") return { mistake: "--data expects a directory." };
  const { data = null, "no-bot": noBot = false, http = false } = values;
  return { flags: { port, speed, data, bot: !noBot, http } };
}

function numberIn(text: string, least: number, most: number): number | null {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

/** Node's own words speak of "option '--port <value>'" and of how to escape dashes. */
function sentence(error: unknown, words: readonly string[]): string {
  const message = error instanceof Error ? error.message : "";
  const flag = /--[a-z-]+/.exec(message)?.[0];
  if (/positional/i.test(message))
    return `"${words.find((word) => !word.startsWith("-"))}" is more than the playground can use.`;
  if (flag === "--no-bot") return "--no-bot takes no value.";
  return flag === undefined ? "The flags could not be read." : `${flag} expects a value.`;
}
