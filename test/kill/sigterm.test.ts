import { describe, expect, test } from "vitest";
import { jdcloudSim } from "../../playground/clouds/jdcloud.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { realClock } from "../../src/real.ts";
import type { Clock } from "../../src/seams.ts";
import { type Moment, type ProcessStage, processStage, type Stand } from "../setup/process.ts";
import {
  type Asked,
  askLive,
  cardText,
  isDone,
  keysOf,
  type LiveWish,
  pressUntil,
  wipesOf,
} from "../setup/process-deeds.ts";
import {
  actionOf,
  afterApproval,
  beforeApproval,
  calling,
  looking,
  lookingAtTheImage,
  ordering,
  type Row,
  stopping,
} from "./moments.ts";

const prod = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] } as const;
/** What the bot promises; a service manager waits at least as long before it kills. */
const stopMaxMs = 10_000;
const clock: Clock = realClock();

/** Answers under way at that moment arrive, so nothing needs to be in doubt afterwards. */
type Asking = Pick<Row, "when" | "meant" | "nth" | "stopFirst"> & {
  /** What goes wrong from the start, and is over when the bot comes back. */
  fault?: string;
  /** How long the cloud takes for its answer to the order. */
  slowMs?: number;
};
const early: readonly Asking[] = beforeApproval.filter(({ how }) => how === "now");
const late: readonly Asking[] = [
  ...[...afterApproval, ...stopping, ...ordering].filter(({ how }) => how !== "answered"),
  { when: "while the order waits 4 seconds for its answer", meant: calling("ResetInstance", "taken"), slowMs: 4_000 },
  { when: "while the cloud answers nothing at all", meant: looking("taken"), fault: "down-hangs" },
];

/** What the rows above never meet: a backup, a put-back, and a cloud on which the server is started after the wipe. */
interface Longer {
  when: string;
  /** SIGTERM at each of these. */
  meant: readonly ((moment: Moment) => boolean)[];
  stand: Stand;
  wish: LiveWish;
  fault?: string;
  ends: { card: string; keys: readonly string[]; wipes: number; power: string };
  /** What changes something at the cloud, in the order in which it must be asked for, each once. */
  orders: readonly string[];
}
const keyPair = { keyPair: "oncall-2026" };
const reinstalled = { keys: ["accepted.1", "approved", "card", "done"], wipes: 1 };
const copied = {
  // Slow enough for the image to be still in the making when the bot is back.
  stand: { account: prod, sim: tencentSim, speed: 60 },
  wish: { server: "web-01", login: keyPair, backup: "Make a custom image of this server first" },
  ends: { ...reinstalled, card: "✅ *`web-01` was reinstalled.*", power: "RUNNING" },
  // The reinstall itself starts the server.
  orders: ["StopInstances", "CreateImage", "ResetInstance"],
};
const longer: readonly Longer[] = [
  { ...copied, when: "while the image of the backup is asked for", meant: [calling("CreateImage", "taken")] },
  { ...copied, when: "while the image of the backup is waited for", meant: [lookingAtTheImage] },
  {
    when: "at the start that puts a server back after a refusal",
    meant: [calling("StartInstances", "taken")],
    stand: { account: { ...prod, stopFirst: true }, sim: tencentSim },
    wish: { server: "web-01", login: keyPair },
    fault: "reset-refused",
    ends: { card: "it is running again", keys: ["approved", "card", "failed.1"], wipes: 0, power: "RUNNING" },
    orders: ["StopInstances", "ResetInstance", "StartInstances"],
  },
  {
    when: "on JD Cloud at the stop, at the rebuild and at the start, one after the other",
    meant: ["stopInstance", "rebuildInstance", "startInstance"].map((action) => calling(action, "taken")),
    // Slow enough for the state "rebuilding" to be seen: here it is part of the proof.
    stand: {
      ...{ account: { name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"] }, sim: jdcloudSim },
      speed: 8,
    },
    wish: { server: "jd-web-01", login: keyPair },
    ends: { ...reinstalled, card: "✅ *`jd-web-01` was reinstalled.*", power: "running" },
    orders: ["stopInstance", "rebuildInstance", "startInstance"],
  },
];

async function carriedOn(stage: ProcessStage, asked: Asked): Promise<void> {
  const decided = () => !cardText(stage, asked).startsWith("⚠️");
  await pressUntil(stage, stage.ana, asked, "Approve and reinstall", decided);
  await stage.until("it is done", () => isDone(stage, asked));
}

/** Several at once: each has a bot and stand-ins of its own, and spends its time waiting. */
describe("asked to stop by SIGTERM, the bot ends well within 10 seconds and nothing is lost or in doubt", () => {
  test.concurrent.for([...early, ...late])("$when", { timeout: 240_000 }, async (row, { onTestFinished }) => {
    const account = { ...prod, ...(row.stopFirst ? { stopFirst: true } : {}) };
    const stage = await processStage([{ account, sim: tencentSim }]);
    onTestFinished(() => stage.end());
    const strike = () => {
      const ask = () => {
        stage.ask();
        return false;
      };
      const struck = stage.strike(row.meant, ask, row.nth);
      return struck.then(() => stage.until("it was started again", () => stage.exits.length === 1));
    };
    const over = early.includes(row) ? strike() : null;
    const asked = await askLive(stage, { server: "web-01", login: { keyPair: "oncall-2026" } });
    const cloud = stage.cloud("prod");
    if (row.fault !== undefined) cloud.arm(row.fault, true);
    cloud.onRequest(async (request) => {
      const order = request.headers["x-tc-action"] === "ResetInstance";
      if (order && row.slowMs !== undefined) await clock.after(row.slowMs);
    });
    const struck = (over ?? strike()).then(() => row.fault !== undefined && cloud.arm(row.fault, false));
    await Promise.all([struck, carriedOn(stage, asked)]);
    stage.kept = false;
    await stage.up();
    await stage.terminate();
    expect(stage.exits.map(({ code, signal }) => code ?? signal)).toEqual([0, 0]);
    for (const { stoppedInMs } of stage.exits) expect(stoppedInMs).toBeLessThan(stopMaxMs);
    expect(wipesOf(stage, "prod", "web-01")).toBe(1);
    expect([...keysOf(stage, asked)].sort()).toEqual(["accepted.1", "approved", "card", "done"]);
    expect(cardText(stage, asked)).toContain("✅ *`web-01` was reinstalled.*");
  });

  test.concurrent.for(longer)("$when", { timeout: 120_000 }, async (row, { onTestFinished }) => {
    const { meant, stand, wish, fault, ends, orders } = row;
    const stage = await processStage([stand]);
    onTestFinished(() => stage.end());
    const asked = await askLive(stage, wish);
    const cloud = stage.cloud(stand.account.name);
    if (fault !== undefined) cloud.arm(fault, true);
    const sent: string[] = [];
    cloud.onRequest((request) => void sent.push(actionOf(request)));
    const strike = () => {
      stage.ask();
      return false;
    };
    const struck = meant.map((each) => stage.strike(each, strike));
    const decided = () => !cardText(stage, asked).startsWith("⚠️");
    await pressUntil(stage, stage.ana, asked, "Approve and reinstall", decided);
    const told = () => ends.keys.every((key) => keysOf(stage, asked).includes(key));
    await stage.until("it ends", () => told() && cardText(stage, asked).includes(ends.card));
    await Promise.all(struck);
    await stage.until("it was started again each time", () => stage.exits.length === meant.length);
    stage.kept = false;
    await stage.up();
    await stage.terminate();
    expect(stage.exits.map(({ code, signal }) => code ?? signal)).toEqual([...meant, "the last"].map(() => 0));
    for (const { stoppedInMs } of stage.exits) expect(stoppedInMs).toBeLessThan(stopMaxMs);
    expect(sent.filter((action) => orders.includes(action))).toEqual(orders);
    expect(wipesOf(stage, stand.account.name, wish.server)).toBe(ends.wipes);
    expect(cloud.panel().find(({ name }) => name === wish.server)?.state).toBe(ends.power);
    expect([...keysOf(stage, asked)].sort()).toEqual(ends.keys);
    expect(cardText(stage, asked)).toContain(ends.card);
  });
});
