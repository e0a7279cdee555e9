import { describe, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { realClock } from "../../src/real.ts";
import type { Clock } from "../../src/seams.ts";
import { type ProcessStage, processStage } from "../setup/process.ts";
import { type Asked, askLive, cardText, isDone, keysOf, pressUntil, wipesOf } from "../setup/process-deeds.ts";
import { afterApproval, beforeApproval, calling, looking, ordering, type Row, stopping } from "./moments.ts";

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
});
