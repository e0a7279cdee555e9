import { describe, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { type ProcessStage, processStage } from "../setup/process.ts";
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
import { afterApproval, beforeApproval, ordering, type Row, stopping } from "./moments.ts";

const prod = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] } as const;

async function open(row: Row): Promise<ProcessStage> {
  const account = { ...prod, ...(row.stopFirst ? { stopFirst: true } : {}) };
  return processStage([{ account, sim: tencentSim }]);
}

function struck(stage: ProcessStage, row: Row): Promise<void> {
  const kill = () => {
    if (row.how === "answered") setImmediate(() => stage.kill());
    else stage.kill();
    return row.how === "withheld";
  };
  return stage.strike(row.meant, kill, row.nth);
}

/** From the card to the end, whatever dies on the way. */
async function carriedOn(stage: ProcessStage, row: Row, asked: Asked): Promise<void> {
  const decided = () => !cardText(stage, asked).startsWith("⚠️");
  await pressUntil(stage, stage.ana, asked, "Approve and reinstall", decided);
  await stage.until("it ends, or nobody knows", () => isDone(stage, asked) || isUnsure(stage, asked));
  if (row.ends === "unsure" || isUnsure(stage, asked)) {
    expect(isUnsure(stage, asked)).toBe(true);
    expect(wipesOf(stage, "prod", asked.server)).toBe(1);
    await pressUntil(stage, stage.ana, asked, "It was reinstalled", () => !isUnsure(stage, asked));
  }
  await stage.until("it is done", () => isDone(stage, asked));
}

/** Several at once: each has a bot and stand-ins of its own, and spends its time waiting. */
describe("killed by SIGKILL and started again, the bot carries on: one wipe, every message once", () => {
  test.concurrent.for([...beforeApproval, ...afterApproval, ...stopping, ...ordering])(
    "$when",
    { timeout: 240_000 },
    async (row, { onTestFinished }) => {
      const stage = await open(row);
      onTestFinished(() => stage.end());
      const early = beforeApproval.includes(row) ? struck(stage, row) : null;
      const asked = await askLive(stage, { server: "web-01", login: { keyPair: "oncall-2026" } });
      const hit = early ?? struck(stage, row);
      await carriedOn(stage, row, asked);
      await hit;
      await stage.until("it was started again", () => stage.exits.length === 1);
      await stage.up();
      stage.kept = false;
      expect((await stage.terminate()).code).toBe(0);
      expect(stage.exits.map(({ signal }) => signal)).toEqual(["SIGKILL", null]);
      expect(wipesOf(stage, "prod", "web-01")).toBe(1);
      const keys = keysOf(stage, asked);
      const wasUnsure = keys.includes("unsure.1");
      if (row.ends !== "either") expect(wasUnsure).toBe(row.ends === "unsure");
      const expected = ["card", "approved", wasUnsure ? "unsure.1" : "accepted.1", "done"];
      expect([...keys].sort()).toEqual([...expected].sort());
      expect(cardText(stage, asked)).toContain("✅ *`web-01` was reinstalled.*");
      expect(
        stage
          .cloud("prod")
          .panel()
          .find(({ name }) => name === "web-01")?.state,
      ).toBe("RUNNING");
    },
  );
});
