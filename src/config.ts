/** The only place that reads the configuration and the environment. Every mistake is told at once, with where it stands and what is expected. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { type Account, AccountEntry } from "./config-accounts.ts";
import { sentencesFor } from "./config-mistakes.ts";
import { type Level, levels } from "./log.ts";
import { Secret } from "./secret.ts";

export type Env = Readonly<Record<string, string | undefined>>;

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
  slack: { botToken: Secret; appToken: Secret; apiUrl?: string };
  /** 32 bytes in base64; null when passwords are off. */
  sealingKey: Secret | null;
  dataDir: string;
  logLevel: Level;
}

export function readConfig(text: string, env: Env): { config: Config } | { mistakes: readonly string[] } {
  const yaml = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (yaml.errors.length > 0)
    return { mistakes: yaml.errors.map((error) => `config.yml: ${firstLine(error.message)}`) };
  const raw: unknown = yaml.toJS({ maxAliasCount: 20 });
  const file = File.safeParse(raw ?? {});
  const surroundings = Surroundings.safeParse(env);
  const mistakes = [
    ...(file.success ? mistakesBetween(file.data, env) : sentencesFor(file.error, raw)),
    ...(surroundings.success
      ? []
      : surroundings.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}.`)),
  ];
  if (!file.success || !surroundings.success || mistakes.length > 0) return { mistakes };
  return { config: built(file.data, surroundings.data, env) };
}

/** What `npm start` says when there is no Slack to talk to; null when both tokens are there. */
export function missingTokens(env: Env): string | null {
  const where = {
    SLACK_BOT_TOKEN:
      "  SLACK_BOT_TOKEN (xoxb-…): https://api.slack.com/apps, your app, OAuth & Permissions, once it is installed.",
    SLACK_APP_TOKEN:
      "  SLACK_APP_TOKEN (xapp-…): https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write.",
  };
  const missing = Object.entries(where).filter(([name]) => !env[name]);
  if (missing.length === 0) return null;
  return [
    "The bot cannot start: the environment has no token for Slack.",
    ...missing.map(([, sentence]) => sentence),
    "To create the app, paste manifest.yml under Create New App, From a manifest.",
    "To try everything without Slack and without a cloud: npm run playground",
  ].join("\n");
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
const RuleEntry = z.strictObject({
  name: z
    .string('expected a short name, e.g. "default"')
    .min(1, 'expected a short name, e.g. "default"')
    .max(40, "expected at most 40 characters"),
  requesters: people("ask"),
  approvers: people("approve"),
  approvalMinutes: z.int(minutesExpected).min(1, minutesExpected).max(1_440, minutesExpected).default(60),
});

const secondsExpected = "expected whole seconds from 1 to 60";
const File = z.strictObject({
  version: z.literal(1, "expected 1"),
  accounts: z.array(AccountEntry, "expected a list of cloud accounts").min(1, "expected at least one cloud account"),
  rules: z.tuple([RuleEntry], "expected a list with exactly one rule"),
  logins: z
    .strictObject({ typed: z.boolean("expected true or false").default(true) }, "expected e.g. { typed: true }")
    .prefault({}),
  pollSeconds: z.int(secondsExpected).min(1, secondsExpected).max(60, secondsExpected).default(5),
});
type File = z.infer<typeof File>;

const Surroundings = z.object({
  SLACK_BOT_TOKEN: z
    .string("not set; expected the bot token (xoxb-…)")
    .startsWith("xoxb-", "expected a bot token, which begins with xoxb-"),
  SLACK_APP_TOKEN: z
    .string("not set; expected the app-level token (xapp-…)")
    .startsWith("xapp-", "expected an app-level token, which begins with xapp-"),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: "expected an http or https address" }).optional(),
  REINSTALL_SEALING_KEY: z
    .string()
    .refine(isSealingKey, "expected 32 bytes in base64, as `openssl rand -base64 32` prints")
    .optional(),
  REINSTALL_DATA: z.string().min(1, "expected a directory").default("data"),
  LOG_LEVEL: z.enum(levels, `expected one of ${levels.join(", ")}`).default("info"),
});

function isSealingKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === 32;
}

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
      (["idFrom", "secretFrom"] as const)
        .filter((field) => !env[account.credentials[field]])
        .map(
          (field) =>
            `config.yml: accounts[${n}].credentials.${field}: the environment has no ${account.credentials[field]}.`,
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

function canBeApproved({ requesters, approvers }: File["rules"][0]): boolean {
  const alone = approvers.users.length === 1 && approvers.groups.length === 0;
  return !(alone && requesters.groups.length === 0 && requesters.users.every((id) => id === approvers.users[0]));
}

function built(file: File, surroundings: z.infer<typeof Surroundings>, env: Env): Config {
  const [{ approvalMinutes, ...rule }] = file.rules;
  const apiUrl = surroundings.SLACK_API_URL;
  const sealingKey = surroundings.REINSTALL_SEALING_KEY;
  return {
    accounts: file.accounts.map(({ credentials, ...account }): Account => {
      const id = env[credentials.idFrom] ?? "";
      return { ...account, id, secret: new Secret(env[credentials.secretFrom] ?? "") };
    }),
    rules: [{ ...rule, approvalMs: approvalMinutes * 60_000 }],
    typedLogins: file.logins.typed,
    pollMs: file.pollSeconds * 1_000,
    slack: {
      botToken: new Secret(surroundings.SLACK_BOT_TOKEN),
      appToken: new Secret(surroundings.SLACK_APP_TOKEN),
      ...(apiUrl === undefined ? {} : { apiUrl }),
    },
    sealingKey: sealingKey === undefined ? null : new Secret(sealingKey),
    dataDir: surroundings.REINSTALL_DATA,
    logLevel: surroundings.LOG_LEVEL,
  };
}

/** The rest of the parser's message quotes the file. */
function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/:$/, ".") ?? message;
}
