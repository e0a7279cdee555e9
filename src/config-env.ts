/** The only place that says what the environment holds: tokens, keys and places. What config.yml names besides is read where it is named. */
import * as z from "zod";
import { type Level, levels } from "./log.ts";
import { Secret } from "./secret.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** How Slack's payloads come in. */
export type SlackMode = "socket" | "http";

export interface Surroundings {
  botToken: Secret;
  /** Null where the mode has no use for it. */
  appToken: Secret | null;
  signingSecret: Secret | null;
  apiUrl?: string;
  sealing: SealingKeys | null;
  dataDir: string;
  logLevel: Level;
}

/** 32 bytes in base64 each; `older` only open what was sealed before. */
export interface SealingKeys {
  current: Secret;
  older: readonly Secret[];
}

export function readSurroundings(env: Env, mode: SlackMode): { read: Surroundings } | { mistakes: readonly string[] } {
  const tokens = Tokens.safeParse(env);
  const store = readStoreSurroundings(env);
  const mistakes = [
    ...(tokens.success ? [] : sentences(tokens.error)),
    ...needed(env, mode),
    ...("mistakes" in store ? store.mistakes : []),
  ];
  if (!tokens.success || "mistakes" in store || mistakes.length > 0) return { mistakes };
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN = "", SLACK_SIGNING_SECRET = "", SLACK_API_URL, LOG_LEVEL } = tokens.data;
  return {
    read: {
      botToken: new Secret(SLACK_BOT_TOKEN),
      appToken: mode === "socket" ? new Secret(SLACK_APP_TOKEN) : null,
      signingSecret: mode === "http" ? new Secret(SLACK_SIGNING_SECRET) : null,
      ...(SLACK_API_URL === undefined ? {} : { apiUrl: SLACK_API_URL }),
      ...store.read,
      logLevel: LOG_LEVEL,
    },
  };
}

/** As much of it as the store needs by itself. */
export function readStoreSurroundings(
  env: Env,
): { read: Pick<Surroundings, "sealing" | "dataDir"> } | { mistakes: readonly string[] } {
  const parsed = Kept.safeParse(env);
  if (!parsed.success) return { mistakes: sentences(parsed.error) };
  const { REINSTALL_DATA, REINSTALL_SEALING_KEY, REINSTALL_SEALING_KEYS_OLDER } = parsed.data;
  const older = splitKeys(REINSTALL_SEALING_KEYS_OLDER ?? "");
  if (REINSTALL_SEALING_KEY === undefined && older.length > 0)
    return {
      mistakes: [
        "REINSTALL_SEALING_KEYS_OLDER: there is no REINSTALL_SEALING_KEY beside it; older keys only open what was sealed before.",
      ],
    };
  const sealing =
    REINSTALL_SEALING_KEY === undefined
      ? null
      : { current: new Secret(REINSTALL_SEALING_KEY), older: older.map((key) => new Secret(key)) };
  return { read: { sealing, dataDir: REINSTALL_DATA } };
}

/** Nothing shorter is a key or a token; and struck out of every text as a secret, it would take pieces of ordinary words with it. */
export const secretMin = 8;
export const tooShort = `too short to be a key: it has fewer than ${secretMin} characters`;

/** A line break from a file, a space from a copy: with one nothing could be sent or signed, and the other side would be blamed. */
export const keyLike = /^[!-~]+$/;
export const notKeyLike = "holds a space, a line break or another character that stands in no key";

const where = {
  SLACK_BOT_TOKEN:
    "  SLACK_BOT_TOKEN (xoxb-…): https://api.slack.com/apps, your app, OAuth & Permissions, once it is installed.",
  SLACK_APP_TOKEN:
    "  SLACK_APP_TOKEN (xapp-…): https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write.",
  SLACK_SIGNING_SECRET:
    "  SLACK_SIGNING_SECRET: https://api.slack.com/apps, your app, Basic Information, App Credentials, Signing Secret.",
};
const manifests = { socket: "manifest.yml", http: "manifest.http.yml" };
const secondFor = { socket: "SLACK_APP_TOKEN", http: "SLACK_SIGNING_SECRET" } as const;

/** What `npm start` says when there is no Slack to talk to; null when everything for this mode is there. */
export function missingTokens(env: Env, mode: SlackMode = "socket"): string | null {
  const missing = (["SLACK_BOT_TOKEN", secondFor[mode]] as const).filter((name) => !env[name]);
  if (missing.length === 0) return null;
  return [
    "The bot cannot start: the environment has no token for Slack.",
    ...missing.map((name) => where[name]),
    `To create the app, paste ${manifests[mode]} under Create New App, From a manifest.`,
    "To try everything without Slack and without a cloud: npm run playground",
  ].join("\n");
}

function needed(env: Env, mode: SlackMode): readonly string[] {
  if (env[secondFor[mode]]) return [];
  return mode === "socket"
    ? ["SLACK_APP_TOKEN: not set; expected the app-level token (xapp-…)."]
    : ["SLACK_SIGNING_SECRET: not set; expected the signing secret of the app, since config.yml says mode: http."];
}

function sentences(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}.`);
}

/** An empty variable is one that is not set. */
function optional<T extends z.ZodType>(kind: T) {
  return z.preprocess((value) => (value === "" ? undefined : value), kind.optional());
}

export const Tokens = z.object({
  SLACK_BOT_TOKEN: z
    .string("not set; expected the bot token (xoxb-…)")
    .startsWith("xoxb-", { error: "expected a bot token, which begins with xoxb-", abort: true })
    .min(secretMin, tooShort)
    .regex(keyLike, notKeyLike)
    .describe("The bot token, `xoxb-…`. Always needed."),
  SLACK_APP_TOKEN: optional(
    z
      .string()
      .startsWith("xapp-", { error: "expected an app-level token, which begins with xapp-", abort: true })
      .min(secretMin, tooShort)
      .regex(keyLike, notKeyLike),
  ).describe("The app-level token, `xapp-…`, with `connections:write`. Needed in Socket Mode."),
  SLACK_SIGNING_SECRET: optional(
    z.string().regex(/^[0-9A-Za-z]{32,64}$/, "expected the signing secret, 32 letters and digits"),
  ).describe("The signing secret of the app. Needed with `slack: { mode: http }`."),
  SLACK_API_URL: optional(z.url({ protocol: /^https?$/, error: "expected an http or https address" })).describe(
    "Another address for Slack's Web API, for tests.",
  ),
  LOG_LEVEL: z
    .enum(levels, `expected one of ${levels.join(", ")}`)
    .default("info")
    .describe("How much is logged."),
});

const keyExpected = "expected 32 bytes in base64, as `openssl rand -base64 32` prints";
export const Kept = z.object({
  REINSTALL_SEALING_KEY: optional(z.string().refine(isSealingKey, keyExpected)).describe(
    "32 bytes in base64 (`openssl rand -base64 32`), with which passwords are sealed. Without it typed and generated passwords are off.",
  ),
  REINSTALL_SEALING_KEYS_OLDER: optional(
    z.string().refine((text) => splitKeys(text).every(isSealingKey), `${keyExpected}, separated by commas`),
  ).describe("Earlier keys, separated by commas, while passwords sealed with them may still wait."),
  REINSTALL_DATA: z.string().regex(/\S/, "expected a directory").default("data").describe("The data directory."),
});

function splitKeys(text: string): readonly string[] {
  return text
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
}

function isSealingKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
}
