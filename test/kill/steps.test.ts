import { describe, expect, test } from "vitest";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { type Moment, type ProcessStage, processStage } from "../setup/process.ts";
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

const prod = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] } as const;

/** Which of the moments, counted from 1, is meant. */
function nth(n: number, is: (moment: Moment) => boolean): (moment: Moment) => boolean {
  let count = 0;
  return (moment) => {
    if (!is(moment)) return false;
    count += 1;
    return count === n;
  };
}

const posting = (key: string) => (moment: Moment) => moment.at === "slack" && moment.key === key;
const pressing = (how: "sent" | "acked") => (moment: Moment) => moment.at === how;
const calling = (action: string, when: "coming" | "taken") => (moment: Moment) =>
  moment.at === "cloud" && moment.when === when && moment.request.headers["x-tc-action"] === action;
/** A reading of one server, not of the whole account. */
const looking = (when: "coming" | "taken") => (moment: Moment) =>
  calling("DescribeInstances", when)(moment) && moment.at === "cloud" && moment.request.body.includes("InstanceIds");
const finalReading = (moment: Moment) =>
  looking("taken")(moment) &&
  moment.at === "cloud" &&
  /"LatestOperation":"ResetInstance".*"LatestOperationState":"SUCCESS"/.test(moment.reply);

interface Row {
  /** SIGKILL … */
  when: string;
  meant: (moment: Moment) => boolean;
  /** now: before any answer. answered: as soon as the answer is on its way. withheld: and what was asked never happens. */
  how: "now" | "answered" | "withheld";
  stopFirst?: true;
  /** unsure: an approver must settle it. either: it depends on how far the answer came. */
  ends: "by itself" | "unsure" | "either";
}

const beforeApproval: readonly Row[] = [
  { when: "while the card is posted, before its answer", meant: posting("card"), how: "now", ends: "by itself" },
  { when: "when the card's answer has just been sent", meant: posting("card"), how: "answered", ends: "by itself" },
];

const afterApproval: readonly Row[] = [
  { when: "when the approval has just reached the bot", meant: pressing("sent"), how: "now", ends: "by itself" },
  { when: "at the acknowledgement of the approval", meant: pressing("acked"), how: "now", ends: "by itself" },
  { when: "while the approval is told, before its answer", meant: posting("approved"), how: "now", ends: "by itself" },
  { when: "at the reading of the recheck", meant: nth(1, looking("coming")), how: "withheld", ends: "by itself" },
  { when: "after the reading of the recheck", meant: nth(1, looking("taken")), how: "answered", ends: "by itself" },
  { when: "at the reading before the order", meant: nth(2, looking("taken")), how: "now", ends: "by itself" },
];

const stopping: readonly Row[] = [
  {
    when: "at the stop, before it took effect",
    meant: calling("StopInstances", "coming"),
    how: "withheld",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "at the stop, after it took effect",
    meant: calling("StopInstances", "taken"),
    how: "now",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "when the stop's answer has just been sent",
    meant: calling("StopInstances", "taken"),
    how: "answered",
    ends: "by itself",
    stopFirst: true,
  },
  {
    when: "at the order, after its effect, the server having been stopped first",
    meant: calling("ResetInstance", "taken"),
    how: "now",
    ends: "unsure",
    stopFirst: true,
  },
];

const ordering: readonly Row[] = [
  {
    when: "at ResetInstance, after its effect and before its answer",
    meant: calling("ResetInstance", "taken"),
    how: "now",
    ends: "unsure",
  },
  {
    when: "when the answer to ResetInstance has just been sent",
    meant: calling("ResetInstance", "taken"),
    how: "answered",
    ends: "either",
  },
  {
    when: "while the acceptance is told, before its answer",
    meant: posting("accepted.1"),
    how: "now",
    ends: "by itself",
  },
  { when: "at the first look after the order", meant: nth(3, looking("coming")), how: "withheld", ends: "by itself" },
  {
    when: "after the second look after the order",
    meant: nth(4, looking("taken")),
    how: "answered",
    ends: "by itself",
  },
  { when: "at the look that shows the success", meant: nth(1, finalReading), how: "now", ends: "by itself" },
  { when: "at the verifying look", meant: nth(2, finalReading), how: "now", ends: "by itself" },
  { when: "after the verifying look", meant: nth(2, finalReading), how: "answered", ends: "by itself" },
  { when: "while the final reply is posted, before its answer", meant: posting("done"), how: "now", ends: "by itself" },
  {
    when: "when the final reply's answer has just been sent",
    meant: posting("done"),
    how: "answered",
    ends: "by itself",
  },
];

async function open(row: Row): Promise<ProcessStage> {
  const account = { ...prod, ...(row.stopFirst ? { stopFirst: true } : {}) };
  return processStage([{ account, sim: tencentSim }]);
}

function struck(stage: ProcessStage, row: Row): Promise<void> {
  return stage.strike(row.meant, () => {
    if (row.how === "answered") setImmediate(() => stage.kill());
    else stage.kill();
    return row.how === "withheld";
  });
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
