import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type Env, missingTokens, readConfig } from "../src/config.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const env: Env = {
  SLACK_BOT_TOKEN: "xoxb-bot-token-1",
  SLACK_APP_TOKEN: "xapp-app-token-1",
  REINSTALL_SEALING_KEY: key,
  TENCENT_SECRET_ID: "AKIDexampleexample",
  TENCENT_SECRET_KEY: "tencent-secret-text",
};
const account = `{ name: prod, cloud: tencent, site: mainland, regions: [ap-guangzhou], credentials: { idFrom: TENCENT_SECRET_ID, secretFrom: TENCENT_SECRET_KEY } }`;
const rule = `{ name: default, requesters: [S0ONCALL], approvers: [U0LEAD], approvalMinutes: 30 }`;

function file(given: { accounts?: string; rules?: string; rest?: string }): string {
  return `version: 1\naccounts: [${given.accounts ?? account}]\nrules: [${given.rules ?? rule}]\n${given.rest ?? ""}`;
}

function mistakes(text: string, surroundings: Env = env): readonly string[] {
  const read = readConfig(text, surroundings);
  return "mistakes" in read ? read.mistakes : [];
}

function accountWith(changes: Readonly<Record<string, string | null>>): string {
  const fields: Record<string, string | null> = {
    name: "prod",
    cloud: "tencent",
    site: "mainland",
    regions: "[ap-guangzhou]",
    credentials: "{ idFrom: TENCENT_SECRET_ID, secretFrom: TENCENT_SECRET_KEY }",
    ...changes,
  };
  const written = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `{ ${written.join(", ")} }`;
}

describe("a good configuration", () => {
  test("gives accounts as the adapters take them, with every secret wrapped", () => {
    const read = readConfig(file({}), env);
    if (!("config" in read)) throw new Error(read.mistakes.join("\n"));
    const { config } = read;
    expect(config.accounts).toEqual([
      expect.objectContaining({
        ...{ name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"], stopFirst: false },
        id: "AKIDexampleexample",
      }),
    ]);
    expect(config.accounts[0]?.secret.open()).toBe("tencent-secret-text");
    expect(config.rules[0]).toEqual({
      name: "default",
      requesters: { users: [], groups: ["S0ONCALL"] },
      approvers: { users: ["U0LEAD"], groups: [] },
      approvalMs: 1_800_000,
    });
    expect(config).toMatchObject({ typedLogins: true, pollMs: 5_000, dataDir: "data", logLevel: "info" });
    expect(config.slack.botToken.open()).toBe("xoxb-bot-token-1");
    for (const printed of [inspect(config, { depth: 9 }), JSON.stringify(config)])
      for (const secret of ["tencent-secret-text", "xoxb-bot-token-1", "xapp-app-token-1", key])
        expect(printed).not.toContain(secret);
  });

  test("without a sealing key there is none to seal passwords with", () => {
    const read = readConfig(file({}), { ...env, REINSTALL_SEALING_KEY: undefined });
    expect("config" in read && read.config.sealingKey).toBe(null);
  });

  test("a Huawei account with one project and one region gets a project for each region", () => {
    const id = "0123456789abcdef0123456789abcdef";
    const huawei = accountWith({ cloud: "huawei", site: "otc", regions: "[eu-de]", project: `"${id}"` });
    const read = readConfig(file({ accounts: huawei }), env);
    expect("config" in read && read.config.accounts[0]).toMatchObject({
      projects: { "eu-de": id },
      noCloudInitImages: [],
    });
  });

  test("a JD Cloud account needs no site, for there is one", () => {
    const read = readConfig(file({ accounts: accountWith({ cloud: "jdcloud", site: null }) }), env);
    expect("config" in read && read.config.accounts[0]).toMatchObject({ site: "cn", hostnameMark: false });
  });

  test("the example that comes with the bot is one", () => {
    expect(mistakes(readFileSync("config.example.yml", "utf8"))).toEqual([]);
  });

  test("so is the example with every cloud in it", () => {
    const all = readFileSync("config.example.yml", "utf8").replace(/^ {2}# (?=- name| {2})/gm, "  ");
    const surroundings = { OTC_ACCESS_KEY: "a", OTC_SECRET_KEY: "b", JD_ACCESS_KEY: "c", JD_SECRET_KEY: "d", ...env };
    const read = readConfig(all, surroundings);
    expect("config" in read ? read.config.accounts.map((each) => each.cloud) : read.mistakes).toEqual([
      "tencent",
      "huawei",
      "jdcloud",
    ]);
  });
});

describe("a mistake is told with its place and what is expected", () => {
  const project = '"0123456789abcdef0123456789abcdef"';
  const table: readonly { wrong: string; text: string; says: string }[] = [
    {
      wrong: "no regions",
      text: file({ accounts: `${account}, ${accountWith({ name: "b", regions: "[]" })}` }),
      says: 'config.yml: accounts[1].regions: expected at least one region, e.g. "ap-guangzhou".',
    },
    {
      wrong: "regions left out",
      text: file({ accounts: accountWith({ regions: null }) }),
      says: 'config.yml: accounts[0].regions: expected at least one region, e.g. "ap-guangzhou".',
    },
    {
      wrong: "a region twice",
      text: file({ accounts: accountWith({ regions: "[ap-guangzhou, ap-guangzhou]" }) }),
      says: "config.yml: accounts[0].regions: the same region stands here twice.",
    },
    {
      wrong: "nobody may approve",
      text: file({ rules: "{ name: default, requesters: [S0ONCALL], approvers: [] }" }),
      says: "config.yml: rules[0].approvers: nobody is named, so nobody could approve. Name user ids (U…) or user groups (S…).",
    },
    {
      wrong: "nobody may ask",
      text: file({ rules: "{ name: default, requesters: [], approvers: [U0LEAD] }" }),
      says: "config.yml: rules[0].requesters: nobody is named, so nobody could ask. Name user ids (U…) or user groups (S…).",
    },
    {
      wrong: "one person alone asks and approves",
      text: file({ rules: "{ name: default, requesters: [U0LEAD], approvers: [U0LEAD] }" }),
      says: "config.yml: rules[0].approvers: U0LEAD is the only one who may ask and the only one who may approve, and nobody approves their own request. Name a second person.",
    },
    {
      wrong: "a person by name",
      text: file({ rules: '{ name: default, requesters: ["@oncall"], approvers: [U0LEAD] }' }),
      says: "config.yml: rules[0].requesters[0]: expected a Slack user id (U…) or user group id (S…), not a name.",
    },
    {
      wrong: "two rules",
      text: file({ rules: `${rule}, ${rule}` }),
      says: "config.yml: rules: expected a list with exactly one rule.",
    },
    {
      wrong: "an approval that lives for days",
      text: file({ rules: "{ name: default, requesters: [S0ONCALL], approvers: [U0LEAD], approvalMinutes: 9000 }" }),
      says: "config.yml: rules[0].approvalMinutes: expected whole minutes from 1 to 1440, e.g. 60.",
    },
    {
      wrong: "a misspelt key",
      text: file({ accounts: accountWith({ stopfirst: "true" }) }),
      says: "config.yml: accounts[0].stopfirst: is not known here; stopFirst is perhaps meant.",
    },
    {
      wrong: "a misspelt key at the top",
      text: file({ rest: "pollSecond: 5" }),
      says: "config.yml: pollSecond: is not known here; pollSeconds is perhaps meant.",
    },
    {
      wrong: "a misspelt credential",
      text: file({
        accounts: accountWith({
          credentials: "{ idFrom: TENCENT_SECRET_ID, secretFrom: TENCENT_SECRET_KEY, secretform: A }",
        }),
      }),
      says: "config.yml: accounts[0].credentials.secretform: is not known here; secretFrom is perhaps meant.",
    },
    {
      wrong: "another cloud's key",
      text: file({ accounts: accountWith({ hostnameMark: "true" }) }),
      says: "config.yml: accounts[0].hostnameMark: is not known here. Known are name, regions, credentials, endpoint, cloud, site, stopFirst.",
    },
    {
      wrong: "an unknown cloud",
      text: file({ accounts: accountWith({ cloud: "azure" }) }),
      says: "config.yml: accounts[0].cloud: expected tencent, huawei or jdcloud.",
    },
    {
      wrong: "another cloud's site",
      text: file({ accounts: accountWith({ site: "otc" }) }),
      says: "config.yml: accounts[0].site: expected mainland or international.",
    },
    {
      wrong: "a name too long for a card",
      text: file({ accounts: accountWith({ name: "production-guangzhou-1" }) }),
      says: 'config.yml: accounts[0].name: expected at most 20 letters, digits, "-" or "_", e.g. "prod".',
    },
    {
      wrong: "one name for two accounts",
      text: file({ accounts: `${account}, ${account}` }),
      says: 'config.yml: accounts[1].name: "prod" is taken by an account above; every account needs its own.',
    },
    {
      wrong: "plain http to another machine",
      text: file({ accounts: accountWith({ endpoint: "http://10.0.0.9:80" }) }),
      says: "config.yml: accounts[0].endpoint: expected https; plain http is taken only for this machine (127.0.0.1).",
    },
    {
      wrong: "an endpoint with a path",
      text: file({ accounts: accountWith({ endpoint: "https://example.com/v2" }) }),
      says: "config.yml: accounts[0].endpoint: expected only scheme, host and port.",
    },
    {
      wrong: "one project for two regions",
      text: file({
        accounts: accountWith({
          cloud: "huawei",
          site: "otc",
          regions: "[eu-de, eu-nl]",
          project: `{ eu-de: ${project} }`,
        }),
      }),
      says: "config.yml: accounts[0].project: a project belongs to one region; expected one for eu-nl too, e.g. { eu-nl: … }.",
    },
    {
      wrong: "no project",
      text: file({ accounts: accountWith({ cloud: "huawei", site: "otc" }) }),
      says: "config.yml: accounts[0].project: expected the project id, 32 characters of 0-9 and a-f, or one for each region: { eu-de: … }.",
    },
    {
      wrong: "a version from the future",
      text: file({}).replace("version: 1", "version: 2"),
      says: "config.yml: version: expected 1.",
    },
    {
      wrong: "polling every hour",
      text: file({ rest: "pollSeconds: 3600" }),
      says: "config.yml: pollSeconds: expected whole seconds from 1 to 60.",
    },
    {
      wrong: "a key written twice",
      text: `${file({})}\nversion: 1`,
      says: "config.yml: Map keys must be unique at line 5, column 1.",
    },
  ];
  test.each(table)("$wrong", ({ text, says }) => {
    expect(mistakes(text)).toEqual([says]);
  });

  test("all of them at once, the environment's too", () => {
    const text = "version: 3\nacounts: []\nrules: [{ name: x, requesters: [], approvers: [] }]";
    expect(mistakes(text, { ...env, SLACK_APP_TOKEN: "xoxb-wrong-one" })).toMatchInlineSnapshot(`
      [
        "config.yml: version: expected 1.",
        "config.yml: accounts: expected a list of cloud accounts.",
        "config.yml: rules[0].requesters: nobody is named, so nobody could ask. Name user ids (U…) or user groups (S…).",
        "config.yml: rules[0].approvers: nobody is named, so nobody could approve. Name user ids (U…) or user groups (S…).",
        "config.yml: acounts: is not known here; accounts is perhaps meant.",
        "SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-.",
      ]
    `);
  });

  test("an empty file says everything it needs", () => {
    expect(mistakes("")).toMatchInlineSnapshot(`
      [
        "config.yml: version: expected 1.",
        "config.yml: accounts: expected a list of cloud accounts.",
        "config.yml: rules: expected a list with exactly one rule.",
      ]
    `);
  });
});

describe("credentials are named, never written", () => {
  const keys: readonly { of: string; value: string }[] = [
    { of: "Tencent key id", value: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE" },
    { of: "Tencent key", value: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" },
    { of: "Huawei key id", value: "QTWAOYTTINDUT2QVKYUC" },
    { of: "Huawei key", value: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc" },
    { of: "JD Cloud key id", value: "JDC_0123456789ABCDEF01234567" },
  ];
  test.each(keys)("a $of in the file is refused with the reason and not repeated", ({ value }) => {
    const text = file({
      accounts: accountWith({ credentials: `{ idFrom: TENCENT_SECRET_ID, secretFrom: ${value} }` }),
    });
    const [mistake, ...more] = mistakes(text);
    expect(more).toEqual([]);
    expect(mistake).toContain("config.yml: accounts[0].credentials.secretFrom: this looks like a key itself.");
    expect(mistake).toContain("replace this key, since it stood in a file.");
    expect(mistake).not.toContain(value);
  });

  test("a variable that is named but not set is a mistake", () => {
    expect(mistakes(file({}), { ...env, TENCENT_SECRET_KEY: "" })).toEqual([
      "config.yml: accounts[0].credentials.secretFrom: the environment has no TENCENT_SECRET_KEY.",
    ]);
  });

  test.each(["OTC_ACCESS_KEY", "HUAWEI_CLOUD_PRODUCTION_2_SECRET_KEY", "SECRET1"])("%s is a name", (name) => {
    const text = file({ accounts: accountWith({ credentials: `{ idFrom: ${name}, secretFrom: ${name} }` }) });
    expect(mistakes(text, { ...env, [name]: "x" })).toEqual([]);
  });
});

describe("the environment", () => {
  const table: readonly { wrong: Env; says: string }[] = [
    {
      wrong: { REINSTALL_SEALING_KEY: "c2hvcnQ=" },
      says: "REINSTALL_SEALING_KEY: expected 32 bytes in base64, as `openssl rand -base64 32` prints.",
    },
    { wrong: { LOG_LEVEL: "debug" }, says: "LOG_LEVEL: expected one of error, warn, info, silent." },
    { wrong: { SLACK_API_URL: "slack" }, says: "SLACK_API_URL: expected an http or https address." },
    { wrong: { SLACK_BOT_TOKEN: undefined }, says: "SLACK_BOT_TOKEN: not set; expected the bot token (xoxb-…)." },
    {
      wrong: { SLACK_APP_TOKEN: "xoxb-a" },
      says: "SLACK_APP_TOKEN: expected an app-level token, which begins with xapp-.",
    },
  ];
  test.each(table)("$says", ({ wrong, says }) => {
    expect(mistakes(file({}), { ...env, ...wrong })).toEqual([says]);
  });

  test("without tokens the start says what is missing, where it is, and how to try it without Slack", () => {
    expect(missingTokens(env)).toBe(null);
    expect(missingTokens({ SLACK_BOT_TOKEN: "xoxb-1" })).not.toContain("SLACK_BOT_TOKEN");
    expect(missingTokens({})).toMatchInlineSnapshot(`
      "The bot cannot start: the environment has no token for Slack.
        SLACK_BOT_TOKEN (xoxb-…): your app at https://api.slack.com/apps, OAuth & Permissions, after Install.
        SLACK_APP_TOKEN (xapp-…): the same page, Basic Information, App-Level Tokens, scope connections:write.
      To create the app, paste manifest.yml there under Create New App, From a manifest.
      To try everything without Slack and without a cloud: npm run playground"
    `);
  });
});
