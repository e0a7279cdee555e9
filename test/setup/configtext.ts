/** The only place that writes configurations for the tests of the configuration. */
import { type Env, readConfig } from "../../src/config.ts";

export const key = Buffer.alloc(32, 7).toString("base64");
export const env: Env = {
  SLACK_BOT_TOKEN: "xoxb-bot-token-1",
  SLACK_APP_TOKEN: "xapp-app-token-1",
  REINSTALL_SEALING_KEY: key,
  TENCENT_SECRET_ID: "AKIDexampleexample",
  TENCENT_SECRET_KEY: "tencent-secret-text",
};
export const account = `{ name: prod, cloud: tencent, site: mainland, regions: [ap-guangzhou], credentials: { idFrom: TENCENT_SECRET_ID, secretKeyFrom: TENCENT_SECRET_KEY } }`;
export const rule = `{ name: default, requesters: [S0ONCALL], approvers: [U0LEAD], approvalMinutes: 30 }`;

export function file(given: { accounts?: string; rules?: string; rest?: string }): string {
  return `version: 1\naccounts: [${given.accounts ?? account}]\nrules: [${given.rules ?? rule}]\n${given.rest ?? ""}`;
}

export function mistakes(text: string, surroundings: Env = env): readonly string[] {
  const read = readConfig(text, surroundings);
  return "mistakes" in read ? read.mistakes : [];
}

export function accountWith(changes: Readonly<Record<string, string | null>>): string {
  const fields: Record<string, string | null> = {
    name: "prod",
    cloud: "tencent",
    site: "mainland",
    regions: "[ap-guangzhou]",
    credentials: "{ idFrom: TENCENT_SECRET_ID, secretKeyFrom: TENCENT_SECRET_KEY }",
    ...changes,
  };
  const written = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `{ ${written.join(", ")} }`;
}
