import { afterEach, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { arm, disarm } from "../../playground/slack/api.ts";
import { type ProcessStage, processStage } from "../setup/process.ts";
import { askLive, isDone, keysOf, pressUntil, wipesOf } from "../setup/process-deeds.ts";

let stage: ProcessStage;
afterEach(() => stage.end());

test("started again while Slack is away, the bot waits for it and then carries on", async () => {
  const account = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] };
  stage = await processStage([{ account, sim: tencentSim }]);
  const asked = await askLive(stage, { server: "web-01", login: { keyPair: "oncall-2026" } });
  stage.shell.arrange((state) => arm(state, "*", { kind: "status", status: 503 }, Number.MAX_SAFE_INTEGER));
  stage.kill();
  const waits = () => stage.logs.filter((line) => line.includes("Slack does not answer; asking again")).length;
  await stage.until("it has asked Slack twice", () => waits() >= 2);
  expect(stage.exits).toHaveLength(1);
  stage.shell.arrange((state) => disarm(state, "*"));
  await pressUntil(stage, stage.ana, asked, "Approve and reinstall", () => false);
  await stage.until("it is done", () => isDone(stage, asked));
  expect(stage.exits).toHaveLength(1);
  expect(wipesOf(stage, "prod", "web-01")).toBe(1);
  const keys = keysOf(stage, asked);
  expect(new Set(keys).size).toBe(keys.length);
});

test("asked to stop while it still waits for Slack, the bot ends well, and starts again", async () => {
  const account = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] };
  stage = await processStage([{ account, sim: tencentSim }]);
  stage.shell.arrange((state) => arm(state, "*", { kind: "status", status: 503 }, Number.MAX_SAFE_INTEGER));
  stage.kill();
  await stage.until("it asks Slack", () => stage.logs.some((line) => line.includes("Slack does not answer")));
  expect(await stage.terminate()).toMatchObject({ code: 0, signal: null });
  stage.shell.arrange((state) => disarm(state, "*"));
  await stage.up();
});
