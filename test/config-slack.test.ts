import { describe, expect, test } from "vitest";
import { type Env, readConfig } from "../src/config.ts";
import { missingTokens } from "../src/config-env.ts";
import { env, file, key, mistakes } from "./setup/configtext.ts";

const signingSecret = "0123456789abcdef0123456789abcdef";
const httpEnv: Env = { ...env, SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: signingSecret };
const http = file({ rest: "slack: { mode: http }" });

describe("how Slack's payloads come in", () => {
  test("Socket Mode is what nobody has to name", () => {
    const read = readConfig(file({}), { ...env, SLACK_SIGNING_SECRET: signingSecret });
    expect("config" in read && read.config.slack).toMatchObject({ mode: "socket" });
    expect("config" in read && "signingSecret" in read.config.slack).toBe(false);
  });

  test("over HTTP the signing secret takes the app token's place, and the port is 3000 on this machine alone", () => {
    const read = readConfig(http, httpEnv);
    expect("config" in read && read.config.slack).toMatchObject({ mode: "http", port: 3000, host: "127.0.0.1" });
    expect(JSON.stringify(read)).not.toContain(signingSecret);
  });

  const table: readonly { wrong: string; text: string; env: Env; says: readonly string[] }[] = [
    {
      ...{ wrong: "no signing secret", text: http, env },
      says: [
        "SLACK_SIGNING_SECRET: not set; expected the signing secret of the app, since config.yml says mode: http.",
      ],
    },
    {
      ...{ wrong: "a signing secret cut short", text: http, env: { ...httpEnv, SLACK_SIGNING_SECRET: "0123" } },
      says: ["SLACK_SIGNING_SECRET: expected the signing secret, 32 letters and digits."],
    },
    {
      ...{ wrong: "no token at all", text: file({}), env: { ...env, SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" } },
      says: [
        "SLACK_BOT_TOKEN: expected a bot token, which begins with xoxb-.",
        "SLACK_APP_TOKEN: not set; expected the app-level token (xapp-…).",
      ],
    },
    {
      ...{ wrong: "another mode", text: file({ rest: "slack: { mode: https }" }), env },
      says: ["config.yml: slack.mode: expected socket or http."],
    },
    {
      ...{ wrong: "a port in Socket Mode", text: file({ rest: "slack: { mode: socket, port: 3000 }" }), env },
      says: ["config.yml: slack.port: is not known here. Known are mode."],
    },
    {
      ...{ wrong: "a misspelt port", text: file({ rest: "slack: { mode: http, prot: 3000 }" }), env: httpEnv },
      says: ["config.yml: slack.prot: is not known here; port is perhaps meant."],
    },
    {
      ...{ wrong: "a port that is none", text: file({ rest: "slack: { mode: http, port: 0 }" }), env: httpEnv },
      says: ["config.yml: slack.port: expected a port from 1 to 65535, e.g. 3000."],
    },
    {
      ...{ wrong: "an older sealing key alone", text: file({}) },
      env: { ...env, REINSTALL_SEALING_KEY: undefined, REINSTALL_SEALING_KEYS_OLDER: key },
      says: [
        "REINSTALL_SEALING_KEYS_OLDER: there is no REINSTALL_SEALING_KEY beside it; older keys only open what was sealed before.",
      ],
    },
    {
      ...{ wrong: "an older sealing key that is none", text: file({}) },
      env: { ...env, REINSTALL_SEALING_KEYS_OLDER: `${key},abc` },
      says: [
        "REINSTALL_SEALING_KEYS_OLDER: expected 32 bytes in base64, as `openssl rand -base64 32` prints, separated by commas.",
      ],
    },
  ];
  test.each(table)("$wrong is a mistake", ({ text, env: given, says }) => {
    expect(mistakes(text, given)).toEqual(says);
  });

  test("who has nothing yet is told of the secret and the manifest of that mode", () => {
    expect(missingTokens({}, "http")).toContain("SLACK_SIGNING_SECRET: https://api.slack.com/apps");
    expect(missingTokens({}, "http")).toContain("manifest.http.yml");
    expect(missingTokens({}, "http")).not.toContain("xapp-");
    expect(missingTokens(httpEnv, "http")).toBe(null);
  });
});
