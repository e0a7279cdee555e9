/** The only place that tries Slack without writing anything: tokens, scopes, and everybody whom the rules name. */
import { count, type Finding } from "./check-finding.ts";
import type { Config } from "./config.ts";
import { tryDoor } from "./http-line.ts";
import { type Clock, type Log, type Slack, SlackBusy, SlackRefused } from "./seams.ts";
import { showToken, slackSeam } from "./slack.ts";
import { botScopes } from "./slack-scopes.ts";

interface Tools {
  clock: Clock;
  log: Log;
}

export async function checkSlack(config: Config, tools: Tools): Promise<readonly Finding[]> {
  const { botToken: token, apiUrl } = config.slack;
  const shown = await tried("Slack bot token", () => showToken({ token, apiUrl, log: tools.log }, "auth.test"));
  const door = await checkDoor(config, tools.log);
  if ("wrong" in shown)
    return [shown.wrong, ...door, { ok: false, of: "rules", says: "not tried, without a bot token." }];
  const { team, scopes } = shown.got;
  const workspace = { ok: true, of: "Slack bot token", says: `belongs to the workspace ${team}` };
  const slack = await tried("Slack bot token", () => slackSeam({ token, apiUrl, ...tools }));
  if ("wrong" in slack) return [slack.wrong, ...door];
  return [workspace, checkScopes(scopes), ...door, ...(await checkRules(config, slack.got))];
}

/** How payloads come in: the app token of Socket Mode, or the port that Slack's requests go to. */
async function checkDoor({ slack }: Config, log: Log): Promise<readonly Finding[]> {
  if (slack.mode === "socket") {
    const of = "Slack app token";
    const { appToken: token, apiUrl } = slack;
    const opened = await tried(of, () => showToken({ token, apiUrl, log }, "apps.connections.open"));
    return ["wrong" in opened ? opened.wrong : { ok: true, of, says: "may open a connection" }];
  }
  const of = `port ${slack.port} on ${slack.host}`;
  const secret = { ok: true, of: "Slack signing secret", says: "is set; only a request of Slack's can prove it right" };
  try {
    await tryDoor(slack);
    return [secret, { ok: true, of, says: "can be opened" }];
  } catch {
    const says = "cannot be opened. Stop what listens there (the bot itself?), or choose another slack.port.";
    return [secret, { ok: false, of, says }];
  }
}

function checkScopes(scopes: readonly string[] | null): Finding {
  const of = "Slack scopes";
  if (scopes === null)
    return { ok: false, of, says: "Slack does not say which scopes the token has. Try again later." };
  const missing = Object.entries(botScopes).filter(([scope]) => !scopes.includes(scope));
  if (missing.length === 0) return { ok: true, of, says: `all ${Object.keys(botScopes).length} are there` };
  const named = missing.map(([scope, why]) => `${scope} is missing (${why})`).join("; ");
  return { ok: false, of, says: `${named}. Add it under OAuth & Permissions and install the app again.` };
}

async function checkRules({ rules }: Config, slack: Slack): Promise<readonly Finding[]> {
  const [{ requesters, approvers }] = rules;
  const unique = (ids: readonly string[]) => [...new Set(ids)];
  const groups = unique([...requesters.groups, ...approvers.groups]).map((id) => checkGroup(slack, id));
  const people = unique([...requesters.users, ...approvers.users]).map((id) => checkPerson(slack, id));
  return Promise.all([...groups, ...people]);
}

async function checkGroup(slack: Slack, id: string): Promise<Finding> {
  const of = `user group ${id}`;
  const read = await tried(of, () => slack.group(id));
  if ("wrong" in read) return read.wrong;
  if (read.got.length === 0) return { ok: false, of, says: "has nobody in it. Add people to it in Slack." };
  return { ok: true, of, says: count(read.got.length, "member") };
}

async function checkPerson(slack: Slack, id: string): Promise<Finding> {
  const of = `user ${id}`;
  const read = await tried(of, () => slack.person(id));
  if ("wrong" in read) return read.wrong;
  const { name, gone, bot, external, guest } = read.got;
  const bars = [
    [gone, "is deactivated"],
    [bot, "is a bot"],
    [external, "belongs to another company"],
    [guest, "is a guest"],
  ] as const;
  const bar = bars.find(([is]) => is)?.[1];
  if (bar === undefined) return { ok: true, of, says: name };
  return { ok: false, of, says: `${name} ${bar}, and so can never ask or approve. Name somebody else.` };
}

type Tried<T> = { got: T } | { wrong: Finding };

async function tried<T>(of: string, call: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { got: await call() };
  } catch (error) {
    return { wrong: { ok: false, of, says: whyNot(error) } };
  }
}

function whyNot(error: unknown): string {
  if (error instanceof SlackRefused) return `${words[error.code] ?? "Slack refuses."} (${error.code})`;
  if (error instanceof SlackBusy)
    return `Slack asks to wait ${Math.ceil(error.retryAfterMs / 1_000)} s. Check again then.`;
  return "Slack gave no clear answer. Check the way from this machine to https://slack.com (DNS, proxy, firewall).";
}

const unknownToken = "Slack does not know this token. Copy it anew from https://api.slack.com/apps, your app.";
const deadToken = "this token no longer works. Install the app again and copy the new one.";
const words: Readonly<Record<string, string>> = {
  invalid_auth: unknownToken,
  not_authed: unknownToken,
  token_revoked: deadToken,
  token_expired: deadToken,
  account_inactive: deadToken,
  not_allowed_token_type: "this is another kind of token. The bot token begins with xoxb-, the app token with xapp-.",
  missing_scope: "the token lacks a scope for this. Install the app again from the manifest.",
  no_such_subteam: "Slack has no such user group. Copy its id (S…) from Slack, People, User groups.",
  plan_upgrade_required: "user groups need a paid plan of Slack. Name user ids (U…) instead.",
  user_not_found: "Slack has no such user. Copy the id (U…) from the person's profile.",
};
