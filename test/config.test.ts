import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type Env, readConfig } from "../src/config.ts";
import { missingTokens } from "../src/config-env.ts";
import { accountWith, env, file, key, mistakes } from "./setup/configtext.ts";

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
    expect("config" in read && read.config.sealing).toBe(null);
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
    const surroundings = {
      ...{ OTC_ACCESS_KEY: "otc-access-key", OTC_SECRET_KEY: "otc-secret-key" },
      ...{ JD_ACCESS_KEY: "jd-access-key", JD_SECRET_KEY: "jd-secret-key" },
      ...env,
    };
    const read = readConfig(all, surroundings);
    expect("config" in read ? read.config.accounts.map((each) => each.cloud) : read.mistakes).toEqual([
      "tencent",
      "huawei",
      "jdcloud",
    ]);
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
      accounts: accountWith({ credentials: `{ idFrom: TENCENT_SECRET_ID, secretKeyFrom: ${value} }` }),
    });
    const [mistake, ...more] = mistakes(text);
    expect(more).toEqual([]);
    expect(mistake).toContain("config.yml: accounts[0].credentials.secretKeyFrom: this looks like a key itself.");
    expect(mistake).toContain("replace this key, since it stood in a file.");
    expect(mistake).not.toContain(value);
  });

  test("a variable that is named but not set is a mistake", () => {
    expect(mistakes(file({}), { ...env, TENCENT_SECRET_KEY: "" })).toEqual([
      "config.yml: accounts[0].credentials.secretKeyFrom: the environment has no TENCENT_SECRET_KEY.",
    ]);
  });

  test.each([
    { field: "idFrom", name: "TENCENT_SECRET_ID" },
    { field: "secretKeyFrom", name: "TENCENT_SECRET_KEY" },
  ])("$name with fewer than eight characters is no key, and is not repeated", ({ field, name }) => {
    const says = `config.yml: accounts[0].credentials.${field}: ${name} is too short to be a key: it has fewer than 8 characters.`;
    for (const value of ["q", "qzqzqzq"]) expect(mistakes(file({}), { ...env, [name]: value })).toEqual([says]);
    expect(mistakes(file({}), { ...env, [name]: "qzqzqzqz" })).toEqual([]);
  });

  test.each(["tencent secret", "tencent-secret\n", "tencent-secret\r", "tencent-sécret"])("%j is no key", (value) => {
    expect(mistakes(file({}), { ...env, TENCENT_SECRET_KEY: value })).toEqual([
      "config.yml: accounts[0].credentials.secretKeyFrom: TENCENT_SECRET_KEY holds a space, a line break or another character that stands in no key.",
    ]);
  });

  test.each(["OTC_ACCESS_KEY", "HUAWEI_CLOUD_PRODUCTION_2_SECRET_KEY", "SECRET1"])("%s is a name", (name) => {
    const text = file({ accounts: accountWith({ credentials: `{ idFrom: ${name}, secretKeyFrom: ${name} }` }) });
    expect(mistakes(text, { ...env, [name]: "any-key-text" })).toEqual([]);
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
      wrong: { SLACK_BOT_TOKEN: "xoxb-a" },
      says: "SLACK_BOT_TOKEN: too short to be a key: it has fewer than 8 characters.",
    },
    {
      wrong: { SLACK_APP_TOKEN: "xapp-a" },
      says: "SLACK_APP_TOKEN: too short to be a key: it has fewer than 8 characters.",
    },
    ...["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"].map((name) => ({
      wrong: { [name]: `${env[name]}\n` },
      says: `${name}: holds a space, a line break or another character that stands in no key.`,
    })),
    { wrong: { REINSTALL_DATA: " " }, says: "REINSTALL_DATA: expected a directory." },
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
        SLACK_BOT_TOKEN (xoxb-…): https://api.slack.com/apps, your app, OAuth & Permissions, once it is installed.
        SLACK_APP_TOKEN (xapp-…): https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write.
      To create the app, paste manifest.yml under Create New App, From a manifest.
      To try everything without Slack and without a cloud: npm run playground"
    `);
  });
});
