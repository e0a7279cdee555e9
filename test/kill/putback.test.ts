import { describe, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { processStage } from "../setup/process.ts";
import { askLive, cardText, keysOf, pressUntil, wipesOf } from "../setup/process-deeds.ts";
import { calling, type Row } from "./moments.ts";

const account = {
  ...{ name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
  stopFirst: true,
};
const rows: readonly Pick<Row, "when" | "meant" | "how">[] = [
  { when: "when the reinstall was refused, before its answer", meant: calling("ResetInstance", "taken"), how: "now" },
  { when: "at the start, before it took effect", meant: calling("StartInstances", "coming"), how: "withheld" },
  { when: "at the start, after it took effect", meant: calling("StartInstances", "taken"), how: "now" },
  { when: "when the start's answer has just been sent", meant: calling("StartInstances", "taken"), how: "answered" },
];

describe("killed while a flow ends early, a server that the bot stopped runs again, and nothing is erased", () => {
  test.concurrent.for(rows)("$when", { timeout: 240_000 }, async ({ meant, how }, { onTestFinished }) => {
    const stage = await processStage([{ account, sim: tencentSim }]);
    onTestFinished(() => stage.end());
    const asked = await askLive(stage, { server: "web-01", login: { keyPair: "oncall-2026" } });
    stage.cloud("prod").arm("reset-refused", true);
    const hit = stage.strike(meant, () => {
      if (how === "answered") setImmediate(() => stage.kill());
      else stage.kill();
      return how === "withheld";
    });
    await pressUntil(stage, stage.ana, asked, "Approve and reinstall", () => !cardText(stage, asked).startsWith("⚠️"));
    await hit;
    const state = () =>
      stage
        .cloud("prod")
        .panel()
        .find(({ name }) => name === "web-01")?.state;
    const over = () => ["❌", "❓"].includes(cardText(stage, asked).slice(0, 1));
    await stage.until("it is over", over);
    // Killed before the refusal came, nobody knows: the bot touches nothing, and says so.
    if (cardText(stage, asked).startsWith("❓")) expect(meant).toBe(rows[0]?.meant);
    else expect(state()).toBe("RUNNING");
    expect(wipesOf(stage, "prod", "web-01")).toBe(0);
    const keys = keysOf(stage, asked);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
