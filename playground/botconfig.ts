/** The only place that says with which configuration and environment the bot runs in the playground. Only addresses and keys differ from a real one. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { simCredentials } from "./clouds/sim.ts";
import { groupIds, tokens } from "./slack/people.ts";

/** What an account of config.yml needs to know of a simulated cloud, beside its address. */
export interface CloudAccount {
  name: string;
  cloud: string;
  site: string;
  regions: readonly string[];
  project?: Readonly<Record<string, string>>;
  userId?: string;
  probe?: "public";
}

/** A directory of the bot's; a fresh one each time unless somebody wants to keep it. */
export function prepareData(kept: string | null, port: number): string {
  const folder = resolve(kept ?? join(".playground", String(port)));
  if (kept === null) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "data"), { recursive: true });
  return folder;
}

/** With `httpPort` the bot takes signed requests there; without, it opens sockets. */
export function writeConfig(
  folder: string,
  accounts: readonly (CloudAccount & { endpoint: string })[],
  httpPort: number | null = null,
): string {
  const path = join(folder, "config.yml");
  const credentials = { idFrom: "PLAYGROUND_CLOUD_ID", secretKeyFrom: "PLAYGROUND_CLOUD_SECRET" };
  const config = {
    version: 1,
    ...(httpPort === null ? {} : { slack: { mode: "http", port: httpPort } }),
    accounts: accounts.map((account) => ({ ...account, credentials })),
    rules: [{ name: "default", requesters: [groupIds.oncall], approvers: [groupIds.approvers], approvalMinutes: 60 }],
    pollSeconds: 1,
  };
  writeFileSync(
    path,
    `# Written by the playground at each start.\n${stringify(config, { aliasDuplicateObjects: false })}`,
  );
  return path;
}

export function botEnvironment(options: {
  folder: string;
  config: string;
  slackUrl: string;
  http?: boolean;
}): Record<string, string> {
  return {
    REINSTALL_CONFIG: options.config,
    REINSTALL_DATA: join(options.folder, "data"),
    REINSTALL_SEALING_KEY: sealingKey(options.folder),
    SLACK_API_URL: `${options.slackUrl}/api/`,
    SLACK_BOT_TOKEN: tokens.bot,
    ...(options.http ? { SLACK_SIGNING_SECRET: tokens.signingSecret } : { SLACK_APP_TOKEN: tokens.app }),
    PLAYGROUND_CLOUD_ID: simCredentials.id,
    PLAYGROUND_CLOUD_SECRET: simCredentials.secret,
  };
}

/** One line that can be pasted into a shell. */
export function asCommand(environment: Readonly<Record<string, string>>): string {
  const words = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  return `env ${words.join(" ")} npm start`;
}

function quoted(value: string): string {
  return /^[\w./:@+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Kept beside the data that it seals. */
function sealingKey(folder: string): string {
  const path = join(folder, "sealing-key");
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(path, "utf8");
}
