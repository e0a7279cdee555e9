/** The only place that reads the configuration, with the environment beside it. Every mistake is told at once, with where it stands and what is expected. */
import * as z from "zod";
import { type Account, AccountEntry } from "./config-accounts.ts";
import {
  type Env,
  keyLike,
  notKeyLike,
  readSurroundings,
  type SealingKeys,
  type SlackMode,
  type Surroundings,
  secretMin,
  tooShort,
} from "./config-env.ts";
import { sentencesFor } from "./config-mistakes.ts";
import { readYaml } from "./config-text.ts";
import type { Level } from "./log.ts";
import { Secret } from "./secret.ts";

export type { Env };

export interface Rule {
  name: string;
  requesters: { users: readonly string[]; groups: readonly string[] };
  approvers: { users: readonly string[]; groups: readonly string[] };
  approvalMs: number;
}

export interface Config {
  accounts: readonly Account[];
  rules: readonly [Rule];
  /** Whether a requester may type a password; without a sealing key none can be kept, typed or generated. */
  typedLogins: boolean;
  pollMs: number;
  slack: { botToken: Secret; apiUrl?: string } & SlackDoor;
  /** Null when passwords are off. */
  sealing: SealingKeys | null;
  dataDir: string;
  logLevel: Level;
}

export type SlackDoor =
  | { mode: "socket"; appToken: Secret }
  | { mode: "http"; signingSecret: Secret; host: string; port: number };

export function readConfig(text: string, env: Env): { config: Config } | { mistakes: readonly string[] } {
  const parsed = readYaml(text);
  if ("mistakes" in parsed) return parsed;
  const { raw } = parsed;
  const file = File.safeParse(raw ?? {});
  const surroundings = readSurroundings(env, file.success ? file.data.slack.mode : modeIn(raw));
  const mistakes = [
    ...(file.success ? mistakesBetween(file.data, env) : sentencesFor(file.error, raw)),
    ...("mistakes" in surroundings ? surroundings.mistakes : []),
  ];
  if (!file.success || "mistakes" in surroundings || mistakes.length > 0) return { mistakes };
  return { config: built(file.data, surroundings.read, env) };
}

/** Everything that may never be printed. */
export function secretsOf({ slack, sealing, accounts }: Config): readonly Secret[] {
  const door = slack.mode === "socket" ? slack.appToken : slack.signingSecret;
  const keys = sealing === null ? [] : [sealing.current, ...sealing.older];
  return [slack.botToken, door, ...keys, ...accounts.map((account) => account.secret)];
}

/** The mode that a file means, for what is said before it can be read as a whole. */
export function modeOf(text: string): SlackMode {
  const parsed = readYaml(text);
  return "mistakes" in parsed ? "socket" : modeIn(parsed.raw);
}

function modeIn(raw: unknown): SlackMode {
  return z.object({ slack: z.object({ mode: z.literal("http") }) }).safeParse(raw).success ? "http" : "socket";
}

const idsExpected = 'expected a list of Slack user ids (U…) or user group ids (S…), e.g. ["U012AB3CD", "S0614TZR7"]';
const SlackId = z
  .string(idsExpected)
  .regex(/^[UWS][A-Z0-9]{2,}$/, "expected a Slack user id (U…) or user group id (S…), not a name");

/** An empty list would be valid data and a bot that nobody can use. */
function people(nobody: string) {
  return z
    .array(SlackId, idsExpected)
    .min(1, `nobody is named, so nobody could ${nobody}. Name user ids (U…) or user groups (S…)`)
    .transform((ids) => ({
      users: ids.filter((id) => !id.startsWith("S")),
      groups: ids.filter((id) => id.startsWith("S")),
    }));
}

const minutesExpected = "expected whole minutes from 1 to 1440, e.g. 60";
const RuleEntry = z.strictObject(
  {
    name: z
      .string('expected a short name, e.g. "default"')
      .min(1, 'expected a short name, e.g. "default"')
      .max(40, "expected at most 40 characters")
      .describe("A name for the audit log."),
    requesters: people("ask").describe(
      "Who may ask: user ids (`U…`) and user groups (`S…`). Guests and outsiders never count.",
    ),
    approvers: people("approve").describe("Who may approve, in the same way. Nobody approves their own request."),
    approvalMinutes: z
      .int(minutesExpected)
      .min(1, minutesExpected)
      .max(1_440, minutesExpected)
      .default(60)
      .describe("How long a request waits for approval before it expires."),
  },
  "expected e.g. { name: default, requesters: [S0614TZR7], approvers: [U012AB3CD] }",
);

const portExpected = "expected a port from 1 to 65535, e.g. 3000";
const hostExpected = 'expected an address of this machine, e.g. "127.0.0.1"';
const SlackEntry = z.discriminatedUnion(
  "mode",
  [
    z.strictObject({
      mode: z.literal("socket").describe("Socket Mode, the default: the bot calls Slack, and nothing calls the bot."),
    }),
    z.strictObject({
      mode: z
        .literal("http")
        .describe("Slack sends signed HTTP requests, through a proxy with TLS, to `/slack/events`."),
      port: z
        .int(portExpected)
        .min(1, portExpected)
        .max(65_535, portExpected)
        .default(3_000)
        .describe("Where the bot listens."),
      host: z
        .string(hostExpected)
        .regex(/^[0-9a-zA-Z.:-]+$/, hostExpected)
        .default("127.0.0.1")
        .describe("The address it listens on; `0.0.0.0` in a container whose port is published."),
    }),
  ],
  "expected socket or http",
);

const secondsExpected = "expected whole seconds from 1 to 60";
export const File = z.strictObject(
  {
    version: z.literal(1, "expected 1").describe("The version of this format."),
    slack: SlackEntry.prefault({ mode: "socket" }).describe("How Slack's payloads come in."),
    accounts: z
      .array(AccountEntry, "expected a list of cloud accounts")
      .min(1, "expected at least one cloud account")
      .describe("The cloud accounts, one or more."),
    rules: z
      .tuple([RuleEntry], "expected a list with exactly one rule")
      .describe("Who may ask and who may approve: exactly one rule for now."),
    logins: z
      .strictObject(
        {
          typed: z
            .boolean("expected true or false")
            .default(true)
            .describe("Whether a requester may type a password into Slack; generated ones stay possible."),
        },
        "expected e.g. { typed: true }",
      )
      .prefault({})
      .describe("What logins the form offers."),
    pollSeconds: z
      .int(secondsExpected)
      .min(1, secondsExpected)
      .max(60, secondsExpected)
      .default(5)
      .describe("How often a running reinstall is looked at."),
  },
  "expected settings, each with its name: version, accounts, rules. config.example.yml shows them",
);
type File = z.infer<typeof File>;

/** What no single entry can know. */
function mistakesBetween(file: File, env: Env): readonly string[] {
  return [
    ...file.accounts.flatMap((account, n) =>
      file.accounts.findIndex((other) => other.name === account.name) === n
        ? []
        : [
            `config.yml: accounts[${n}].name: "${account.name}" is taken by an account above; every account needs its own.`,
          ],
    ),
    ...file.accounts.flatMap((account, n) =>
      (["idFrom", "secretKeyFrom"] as const)
        .map((field) => ({ field, why: whyNoKey(account.credentials[field], env) }))
        .flatMap(({ field, why }) =>
          why === null ? [] : [`config.yml: accounts[${n}].credentials.${field}: ${why}.`],
        ),
    ),
    ...file.rules.flatMap((rule, n) =>
      canBeApproved(rule)
        ? []
        : [
            `config.yml: rules[${n}].approvers: ${rule.approvers.users[0]} is the only one who may ask and the only one who may approve, and nobody approves their own request. Name a second person.`,
          ],
    ),
  ];
}

function whyNoKey(name: string, env: Env): string | null {
  const key = env[name] ?? "";
  if (key === "") return `the environment has no ${name}`;
  if (key.length < secretMin) return `${name} is ${tooShort}`;
  return keyLike.test(key) ? null : `${name} ${notKeyLike}`;
}

function canBeApproved({ requesters, approvers }: File["rules"][0]): boolean {
  const alone = approvers.users.length === 1 && approvers.groups.length === 0;
  return !(alone && requesters.groups.length === 0 && requesters.users.every((id) => id === approvers.users[0]));
}

function built(file: File, surroundings: Surroundings, env: Env): Config {
  const [{ approvalMinutes, ...rule }] = file.rules;
  const { botToken, apiUrl, sealing, dataDir, logLevel } = surroundings;
  return {
    accounts: file.accounts.map(({ credentials, ...account }): Account => {
      const id = env[credentials.idFrom] ?? "";
      return { ...account, id, secret: new Secret(env[credentials.secretKeyFrom] ?? "") };
    }),
    rules: [{ ...rule, approvalMs: approvalMinutes * 60_000 }],
    typedLogins: file.logins.typed,
    pollMs: file.pollSeconds * 1_000,
    slack: { botToken, ...(apiUrl === undefined ? {} : { apiUrl }), ...doorOf(file.slack, surroundings) },
    sealing,
    dataDir,
    logLevel,
  };
}

/** What the mode needs is there by now. */
function doorOf(slack: File["slack"], { appToken, signingSecret }: Surroundings): SlackDoor {
  const none = new Secret("");
  if (slack.mode === "socket") return { mode: "socket", appToken: appToken ?? none };
  return { mode: "http", signingSecret: signingSecret ?? none, host: slack.host, port: slack.port };
}
