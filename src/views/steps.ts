/** The only place for the lines of the board: each step, how far it is, since when, last looked when. */
import type { Traits } from "../clouds/cloud.ts";
import type { Started, Step } from "../request.ts";
import { doorWords } from "./probe.ts";
import { code, link, outside, span, time } from "./text.ts";

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
    done: "Checked: the same disk, image and OS as approved",
    skipped: "Not checked",
  },
  stop: { todo: "Stop", now: "Stopping", done: "Stopped", skipped: "Stop: not needed" },
  backup: {
    todo: "Make a custom image",
    now: "Making a custom image; nothing is erased before it is ready",
    done: "Custom image made",
    skipped: "No custom image",
  },
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
  // After a failure, what was still to come does not come any more.
  const told = attempt.failure === undefined ? attempt.steps : attempt.steps.filter(({ state }) => state !== "todo");
  return [...title, ...told.map((step) => line(step, traits))];
}

function line(step: Step, traits: Traits): string {
  const held = step.state === "todo" && step.heldSince !== undefined;
  const sign = held ? "⏳" : signs[step.state];
  return [`${sign} ${name(step, traits)}`, accepted(step, traits), times(step), door(step), note(step)]
    .filter((part) => part !== "")
    .join(" · ");
}

/** How long earlier runs took, from the second run on; before there were any, what the provider's documents say. */
export function usualLine(request: Started, traits: Traits): string {
  const attempt = request.attempts.at(-1);
  const expected = attempt?.expected;
  if (expected === undefined) return outside(traits.usually);
  const { name: support, url } = traits.support;
  if (attempt?.steps.some(({ outlasted, state }) => outlasted && state === "waiting")) {
    return `⏳ This takes longer than earlier runs here did (most: ${span(expected.mostMs)}). That alone is no failure; I keep looking. If the console shows no progress either: ${outside(support)} (${link(url)}).`;
  }
  if (expected.runs === 1) return `The last run here took ${span(expected.medianMs)}.`;
  return `Last ${expected.runs} runs here took ${span(expected.medianMs)} (most: ${span(expected.mostMs)}).`;
}

function name(step: Step, traits: Traits): string {
  const said = words[step.id];
  if (said === undefined) return code(step.id);
  // "Verified" is said only where everything that was to be checked was found so.
  if (step.state === "done" && step.door !== undefined && step.door.is !== "open")
    return `${traits.title} reports it ready`;
  const image = step.id === "backup" ? step.receipt?.facts["image"] : undefined;
  if (step.state === "done" && image !== undefined) return `Custom image ${code(image)} made`;
  if (step.id === "put-back" && step.state === "done" && step.signedAt === undefined) return "It runs as before";
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

function door(step: Step): string {
  return step.door === undefined || step.state === "failed" ? "" : doorWords(step.door, step);
}

function note(step: Step): string {
  // Of a step that failed, the lines above the steps say why.
  if (step.says === undefined || step.state === "done" || step.state === "failed") return "";
  return outside(step.says, 250);
}
