import { readdirSync } from "node:fs";
import { unescape as unescaped } from "node:querystring";
import { afterEach, describe, expect, onTestFailed, test } from "vitest";
import { realDisk } from "../../src/disk.ts";
import { realClock } from "../../src/real.ts";
import type { Request } from "../../src/request.ts";
import { openStore } from "../../src/store.ts";
import { runStoreCommand } from "../../src/store-command.ts";
import { type Moment, type ProcessStage, processStage } from "../setup/process.ts";
import {
  type Asked,
  askLive,
  cardText,
  isDone,
  isFailed,
  isUnsure,
  messageOf,
  pressUntil,
  wipesOf,
} from "../setup/process-deeds.ts";
import { said, shown } from "../setup/shown.ts";
import { listing } from "../setup/storekit.ts";
import { canary, stands, wishes } from "./ten-flows.ts";

const kills = 30;
/** One flow after the other is approved while the storm goes on, one each so many kills. */
const killsBetween = 1;
/** Shorter than a start takes, up to long enough for several moves. */
const lifeMs = { least: 300, most: 2_500 };
/** The bot looks every four seconds at what is in doubt. */
const lookMs = 6_000;
const seed = Number(process.env["STORM_SEED"] ?? 20_261_121);

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
  while (stage.exits.length < kills + stands.length) {
    const before = stage.exits.length;
    const life = lifeMs.least + draw() * (lifeMs.most - lifeMs.least);
    const passing = draw() < 0.5 ? Math.ceil(draw() * 12) : Number.POSITIVE_INFINITY;
    await killed(life, passing);
    await stage.until("it is started again", () => stage.pid !== undefined && stage.exits.length > before);
  }
}

/** After so long, or before the answer to the n-th call of the process, whichever comes first. */
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

/** The first order at each cloud never gets there, and the bot that sent it dies. */
function loseFirstOrders(): readonly Promise<void>[] {
  return stands.map(({ of, account }) =>
    stage.strike(
      (moment) =>
        moment.at === "cloud" &&
        moment.when === "coming" &&
        moment.account === account.name &&
        of.is("reinstall", moment.request),
      () => stage.kill(),
    ),
  );
}

/** An approver, and the same one again where nobody knows: settled by what the cloud's console shows, unless that is nothing yet. */
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

/** What never ran is said not to have run, which counts once no late copy can be taken any more; then it is tried again. */
async function settle(lost: readonly Flow[]): Promise<void> {
  for (const flow of lost)
    await pressUntil(stage, stage.ana, flow, "It was not…", () => isFailed(stage, flow) || wipes(flow) > 0);
  const settled = () => lost.every((flow) => isFailed(stage, flow));
  for (let passed = 0; passed < 4 && !settled(); passed += 1) {
    const looked = performance.now() + lookMs;
    await stage.until("the bot looks again", () => settled() || performance.now() > looked);
    stage.pass(11 * 60_000);
  }
  await stage.until("all of it is settled", settled);
  for (const flow of lost) await pressUntil(stage, stage.ana, flow, "Retry", () => !isFailed(stage, flow));
  for (const flow of lost) await stage.until(`${flow.server} is done`, () => isDone(stage, flow), 240_000);
}

/** The requester reads the password that was made, and says so. */
async function savePassword(flow: Flow): Promise<string> {
  const offer = () => messageOf(stage.erin, stage, flow, "password");
  await stage.erin.press(offer(), "Show password");
  await stage.until("it is shown", () => stage.erin.modal() !== null);
  const set = Object.values(stage.cloud(flow.account).passwords()).filter((one) =>
    stage.erin.modalText().includes(one),
  );
  await stage.erin.dismiss();
  await stage.erin.press(offer(), "I have saved it");
  await stage.until("it is no longer offered", () => offer().text.includes("no longer shown"));
  return set.join();
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

/** What others may read, what is logged, and what lies on the disk. */
function everythingWritten(): string {
  const own = /"callback_id":"(?:password|shown)"/;
  const others = stage.shell.traffic.map(({ body }) => `${body}\n${plain(body)}`);
  return [...others.filter((body) => !own.test(body)), ...files(), ...stage.logs].join("\n");
}

/** What is sent to Slack is a form; what comes from it is not, and may have a percent sign anywhere. */
function plain(body: string): string {
  return unescaped(body.replaceAll("+", " "));
}

function files(): readonly string[] {
  return readdirSync(`${stage.folder}/data`)
    .filter((name) => !name.startsWith("."))
    .map((name) => stage.onDisk(name));
}

/** What opens a sealed password, as it lies on the disk. */
function sealingKeys(): readonly string[] {
  return files().flatMap((text) => [...text.matchAll(/"wrapped":"([^"]+)"/g)].map(([, key = ""]) => key));
}

/** Of a bot that has ended. */
async function stored(): Promise<{ open: readonly Request[]; closed: readonly Request[] }> {
  const disk = await realDisk(`${stage.folder}/data`);
  const die = (why: string): never => {
    throw new Error(why);
  };
  const store = await openStore({ disk, clock: realClock(), log: listing([]), die });
  const found = { open: store.hot(), closed: store.latest(50) };
  await store.close();
  return found;
}

describe("thirty times SIGKILL while ten flows run on three clouds", () => {
  test("every server is reinstalled exactly once, every message is right and stands once, and no password is left", async () => {
    onTestFailed(() =>
      console.error(
        `STORM_SEED=${seed}; SIGKILLs after ${stage.exits.map(({ livedMs }) => Math.round(livedMs)).join(", ")} ms`,
      ),
    );
    stage = await processStage(stands);
    const flows: Flow[] = [];
    for (const { account, ...wish } of wishes) flows.push({ ...(await askLive(stage, wish)), account });
    await Promise.all([storm(), ...loseFirstOrders(), ...flows.map(carry)]);
    await stage.up();
    const lost = flows.filter((flow) => isUnsure(stage, flow));
    expect(lost.length).toBeGreaterThanOrEqual(stands.length);
    expect(lost.map(wipes)).toEqual(lost.map(() => 0));
    await settle(lost);
    expect(flows.map((flow) => [flow.server, wipes(flow)])).toEqual(flows.map(({ server }) => [server, 1]));
    expect(wipesEverywhere()).toBe(flows.length);
    const keys = sealingKeys();
    expect(keys).not.toEqual([]);
    const [made] = flows.filter((_, n) => wishes[n]?.login === "generated");
    const password = made === undefined ? "" : await savePassword(made);
    expect(password).toMatch(/^\S{12,30}$/);
    stage.kept = false;
    expect((await stage.terminate()).code).toBe(0);
    const { open, closed } = await stored();
    expect(open).toEqual([]);
    expect(closed.map(({ status }) => status)).toEqual(flows.map(() => "done"));
    expect(shown(stage.shell)).toEqual(
      said(
        closed,
        stands.map(({ account }) => account),
      ),
    );
    const written = everythingWritten();
    for (const secret of [canary, password, ...keys]) expect(written.includes(secret), secret).toBe(false);
    expect(await storeCheck()).toBe(0);
  }, 300_000);
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
