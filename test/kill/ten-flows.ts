/** The only place that says which ten flows run while the bot is killed: of whom, on which clouds, with which logins. */
import { otcSim } from "../../playground/clouds/huawei.ts";
import { jdcloudSim } from "../../playground/clouds/jdcloud.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { type CloudCase, jdcloudCase, otcCase, tencentCase } from "../setup/cases.ts";
import type { Stand } from "../setup/process.ts";
import type { LiveWish } from "../setup/process-deeds.ts";

/** A password that is typed, to be looked for afterwards. */
export const canary = "Canary-Storm-7q!";

const site = otcSim.site;
export const stands: readonly (Stand & { of: CloudCase })[] = [
  {
    of: tencentCase,
    account: { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
    sim: tencentSim,
    speed: 15,
  },
  {
    of: otcCase,
    account: {
      ...{ name: "eu", cloud: "huawei", site: site.id, userId: site.userId },
      regions: site.regions.slice(0, 1).map(({ name }) => name),
      project: Object.fromEntries(site.regions.slice(0, 1).map(({ name, project }) => [name, project])),
    },
    sim: otcSim,
    speed: 15,
  },
  // Slow enough for the state "rebuilding" to be seen: here it is part of the proof.
  {
    of: jdcloudCase,
    account: { name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"] },
    sim: jdcloudSim,
    speed: 12,
  },
];
const keyPair = { keyPair: "oncall-2026" };
export const wishes: readonly (LiveWish & { account: string })[] = [
  { account: "prod", server: "web-01", login: { typed: canary }, channel: "incident-4211" },
  { account: "prod", server: "web-02", login: "generated", channel: "ops" },
  { account: "prod", server: "api-01", login: keyPair, channel: "security-cases" },
  { account: "prod", server: "worker-01", login: keyPair, channel: "incident-4211" },
  { account: "eu", server: "node-001", login: keyPair, channel: "ops" },
  { account: "eu", server: "node-002", login: keyPair, channel: "security-cases" },
  { account: "eu", server: "node-003", login: keyPair, channel: "incident-4211" },
  { account: "jd", server: "jd-app-01", login: keyPair, channel: "ops" },
  { account: "jd", server: "jd-app-02", login: keyPair, channel: "security-cases" },
  { account: "jd", server: "jd-web-01", login: keyPair, channel: "incident-4211" },
];
