import { readdirSync } from "node:fs";
import { afterEach, describe, expect, onTestFailed, test } from "vitest";
import { otcSim } from "../../playground/clouds/huawei.ts";
import { jdcloudSim } from "../../playground/clouds/jdcloud.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { realDisk } from "../../src/disk.ts";
import { realClock } from "../../src/real.ts";
import { runStoreCommand } from "../../src/store-command.ts";
import { type Moment, type ProcessStage, processStage, type Stand } from "../setup/process.ts";
import {
  type Asked,
  askLive,
  cardText,
  isDone,
  isUnsure,
  keysOf,
  pressUntil,
  wipesOf,
} from "../setup/process-deeds.ts";

const kills = 30;
/** One flow after the other is approved while the storm goes on, one each so many kills. */
const killsBetween = 1;
/** Shorter than a start takes, up to long enough for several moves. */
const lifeMs = { least: 300, most: 2_500 };
const canary = "Canary-Storm-7q!";
const seed = Number(process.env["STORM_SEED"] ?? 20_261_121);

const site = otcSim.site;
const stands: readonly Stand[] = [
  {
    account: { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
    sim: tencentSim,
    speed: 15,
  },
  {
    account: {
      ...{ name: "eu", cloud: "huawei", site: site.id, userId: site.userId },
      regions: site.regions.slice(0, 1).map(({ name }) => name),
      project: Object.fromEntries(site.regions.slice(0, 1).map(({ name, project }) => [name, project])),
    },
    sim: otcSim,
    speed: 15,
  },
  // Slow enough for the state "rebuilding" to be seen: here it is part of the proof.
  { account: { name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"] }, sim: jdcloudSim, speed: 12 },
];
const keyPair = { keyPair: "oncall-2026" };
const wishes = [
  { account: "prod", server: "web-01", login: { typed: canary }, channel: "incident-4211" },
  { account: "prod", server: "web-02", login: keyPair, channel: "ops" },
  { account: "prod", server: "api-01", login: keyPair, channel: "security-cases" },
  { account: "prod", server: "worker-01", login: keyPair, channel: "incident-4211" },
  { account: "eu", server: "node-001", login: keyPair, channel: "ops" },
  { account: "eu", server: "node-002", login: keyPair, channel: "security-cases" },
  { account: "eu", server: "node-003", login: keyPair, channel: "incident-4211" },
  { account: "jd", server: "jd-app-01", login: keyPair, channel: "ops" },
  { account: "jd", server: "jd-app-02", login: keyPair, channel: "security-cases" },
  { account: "jd", server: "jd-web-01", login: keyPair, channel: "incident-4211" },
];
type Flow = Asked & { account: string };

let stage: ProcessStage;
afterEach(() => stage.end());

/** https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32, public domain) */
function random(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function storm(): Promise<void> {
  const draw = random(seed);
  while (stage.exits.length < kills) {
    const before = stage.exits.length;
    const life = lifeMs.least + draw() * (lifeMs.most - lifeMs.least);
    const passing = draw() < 0.5 ? Math.ceil(draw() * 12) : Number.POSITIVE_INFINITY;
    await killed(life, passing);
    await stage.until("it is started again", () => stage.pid !== undefined && stage.exits.length > before);
  }
}

/** After so long, or before the answer to the so-manieth call of the process, whichever comes first. */
async function killed(life: number, passing: number): Promise<void> {
  const timer = new AbortController();
  let count = 0;
  const struck = stage.strike(
    (moment) => !timer.signal.aborted && isTaken(moment) && ++count >= passing,
    () => {
      stage.kill();
      return false;
    },
  );
  const over = realClock()
    .after(life, timer.signal)
    .then(
      () => void stage.kill(),
      () => undefined,
    );
  await Promise.race([struck, over]);
  timer.abort();
}

/** A call that took effect, at Slack or at a cloud. */
function isTaken(moment: Moment): boolean {
  return moment.at === "slack" || (moment.at === "cloud" && moment.when === "taken");
}

/** An approver, and the same one again where nobody knows: settled by what the cloud's console shows. */
async function carry(flow: Flow, n: number): Promise<void> {
  await stage.until("its turn comes", () => stage.exits.length >= n * killsBetween, 300_000);
  await pressUntil(stage, stage.ana, flow, "Approve and reinstall", () => !cardText(stage, flow).startsWith("⚠️"));
  await stage.until(
    `${flow.server} ends, or nobody knows`,
    () => isDone(stage, flow) || isUnsure(stage, flow),
    120_000,
  );
  // Some consoles count a reinstall only when it ends, so whoever settles waits until nothing runs there any more.
  if (isUnsure(stage, flow)) await stage.until(`nothing runs on ${flow.server}`, () => isIdle(flow), 240_000);
  if (isUnsure(stage, flow) && wipes(flow) === 1) {
    await pressUntil(stage, stage.ana, flow, "It was reinstalled", () => !isUnsure(stage, flow));
    await stage.until(`${flow.server} is done`, () => isDone(stage, flow), 240_000);
  }
}

function isIdle({ account, server }: Flow): boolean {
  const shown = stage
    .cloud(account)
    .panel()
    .find(({ name }) => name === server);
  return !/rebuild/i.test(shown?.state ?? "") && !/OPERATING/.test(shown?.operation ?? "");
}

function wipes({ account, server }: Flow): number {
  return wipesOf(stage, account, server);
}

/** What a person may read, what is logged, and what lies on the disk. */
function everythingWritten(): string {
  const typed = (body: string) => body.includes('"view_submission"') && body.includes('"callback_id":"password"');
  const traffic = stage.shell.traffic.filter(({ kind, body }) => kind !== "envelope" || !typed(body));
  const files = readdirSync(`${stage.folder}/data`).map((name) => stage.onDisk(name));
  return [...traffic.map(({ body }) => decodeURIComponent(body.replaceAll("+", " "))), ...files, ...stage.logs].join(
    "\n",
  );
}

describe("thirty times SIGKILL while ten flows run on three clouds", () => {
  test("every server is reinstalled exactly once or truthfully unsure, every card is right, no message stands twice", async () => {
    onTestFailed(() =>
      console.error(
        `STORM_SEED=${seed}; SIGKILLs after ${stage.exits.map(({ livedMs }) => Math.round(livedMs)).join(", ")} ms`,
      ),
    );
    stage = await processStage(stands);
    const flows: Flow[] = [];
    for (const { account, ...wish } of wishes) flows.push({ ...(await askLive(stage, wish)), account });
    await Promise.all([storm(), ...flows.map(carry)]);
    await stage.up();
    stage.kept = false;
    expect((await stage.terminate()).code).toBe(0);
    for (const flow of flows) {
      const keys = keysOf(stage, flow);
      expect([flow.server, new Set(keys).size]).toEqual([flow.server, keys.length]);
      expect([flow.server, wipes(flow)]).toEqual([flow.server, isDone(stage, flow) ? 1 : 0]);
      expect(keys).toEqual(expect.arrayContaining(["card", "approved", isDone(stage, flow) ? "done" : "unsure.1"]));
      expect(keys.some((key) => key === "accepted.1" || key === "unsure.1")).toBe(true);
    }
    expect(wipesEverywhere()).toBe(flows.filter((flow) => isDone(stage, flow)).length);
    expect(everythingWritten()).not.toContain(canary);
    expect(await storeCheck()).toBe(0);
  }, 240_000);
});

function wipesEverywhere(): number {
  return [...stage.clouds.values()]
    .flatMap((cloud) => cloud.panel())
    .reduce((sum, { reinstalls }) => sum + reinstalls, 0);
}

/** What `npm run store -- check` makes of what thirty deaths left behind. */
async function storeCheck(): Promise<number> {
  const disk = await realDisk(`${stage.folder}/data`);
  return runStoreCommand(["check"], { disk, clock: realClock(), out: () => undefined, sealer: null });
}
