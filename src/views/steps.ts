/** The only place for the lines of the board: each step, how far it is, since when, last looked when. */
import type { Traits } from "../clouds/cloud.ts";
import type { Started, Step } from "../request.ts";
import { code, outside, time } from "./text.ts";

interface Words {
  todo: string;
  now: string;
  done: string;
  skipped: string;
}

const words: Readonly<Record<string, Words>> = {
  recheck: {
    todo: "Check",
    now: "Checking",
    done: "Checked: nothing has changed since approval",
    skipped: "Not checked",
  },
  stop: { todo: "Stop", now: "Stopping", done: "Stopped", skipped: "Stop: not needed" },
  reinstall: { todo: "Reinstall", now: "Reinstalling", done: "Reinstalled", skipped: "Not reinstalled" },
  start: { todo: "Start", now: "Starting", done: "Started", skipped: "Start: already running" },
  verify: { todo: "Verify", now: "Verifying", done: "Verified", skipped: "Not verified" },
  "put-back": {
    todo: "Start it again",
    now: "Starting it again, as it was running before",
    done: "Started again, as it was running before",
    skipped: "Not started again",
  },
};

const signs = { todo: "◻️", acting: "🔄", waiting: "🔄", done: "✅", skipped: "➖", failed: "❌" } as const;

export function stepLines(request: Started, traits: Traits): readonly string[] {
  const attempt = request.attempts.at(-1);
  if (attempt === undefined) return [];
  const title = request.attempts.length > 1 ? [`*Attempt ${attempt.n}*`] : [];
  return [...title, ...attempt.steps.map((step) => line(step, traits))];
}

function line(step: Step, traits: Traits): string {
  const held = step.state === "todo" && step.heldSince !== undefined;
  const sign = held ? "⏳" : signs[step.state];
  return [`${sign} ${name(step)}`, accepted(step, traits), times(step), note(step)]
    .filter((part) => part !== "")
    .join(" · ");
}

function name(step: Step): string {
  const said = words[step.id];
  if (said === undefined) return code(step.id);
  if (step.state === "done") return said.done;
  if (step.state === "skipped") return said.skipped;
  if (step.state === "failed") return `${said.todo}: failed`;
  const hard = step.hard ? " hard, as the soft stop did not take effect" : "";
  return step.state === "todo" ? said.todo : `${said.now}${hard}`;
}

function accepted(step: Step, traits: Traits): string {
  if (step.id !== "reinstall" || step.receipt === undefined || step.signedAt === undefined) return "";
  return `accepted by ${traits.title} at ${time(step.signedAt)}`;
}

function times(step: Step): string {
  const { startedAt, checkedAt, endedAt } = step;
  if (endedAt !== undefined) return startedAt === undefined ? time(endedAt) : fromTo(startedAt, endedAt);
  const since = startedAt === undefined || step.receipt !== undefined ? "" : `since ${time(startedAt)}`;
  const looked = checkedAt === undefined ? "" : `last looked ${time(checkedAt)}`;
  return [since, looked].filter((part) => part !== "").join(" · ");
}

function fromTo(from: number, to: number): string {
  const sameMinute = Math.floor(from / 60_000) === Math.floor(to / 60_000);
  return sameMinute ? time(to) : `${time(from)}–${time(to)}`;
}

function note(step: Step): string {
  if (step.says === undefined || step.state === "done") return "";
  return outside(step.says, 250);
}
