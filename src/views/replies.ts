/** The only place for what is said in the thread: only what people must know, each said once. */
import type { Traits } from "../clouds/cloud.ts";
import { backupImage } from "../flows/steps.ts";
import { cut } from "../line.ts";
import type { Attempt, Of, Request, Started } from "../request.ts";
import type { Button } from "./blocks.ts";
import { actions, limits, section } from "./blocks.ts";
import { askAgain, details, failedButtons, pressed, pressValue, undo, unsureButtons } from "./buttons.ts";
import { unsureLines } from "./card.ts";
import { doneLines } from "./done.ts";
import { failureBrief } from "./failure.ts";
import type { Picture } from "./picture.ts";
import { code, link, outside, people, person, time } from "./text.ts";
import { plainName, serverName } from "./words.ts";

export function replies(request: Request, traits: Traits): readonly Picture[] {
  return [
    ...(request.remindedAt === undefined ? [] : [reminder(request)]),
    ...decided(request),
    ...("attempts" in request ? started(request, traits) : []),
    ...ended(request),
  ];
}

interface Said {
  lines: readonly string[];
  buttons?: readonly Button[];
  broadcast?: boolean;
  urgency?: Picture["urgency"];
}

function reply(key: string, { lines, buttons = [], broadcast = false, urgency = "reply" }: Said): Picture {
  const text = lines.filter((line) => line !== "").join("\n");
  const blocks = [section(text), ...(buttons.length === 0 ? [] : [actions(buttons)])];
  return { key, thread: true, broadcast, text: cut(text, limits.messageText), blocks, urgency };
}

function reminder(request: Request): Picture {
  const lines = [
    `⏳ ${people(request.approvers)} ${serverName(request)} still waits for a decision: ${person(request.askedBy)} asks to reinstall it. It expires at ${time(request.expiresAt)}.`,
  ];
  return reply("reminder", { lines, urgency: "approval" });
}

function decided(request: Request): readonly Picture[] {
  const first = request.approvals[0];
  if (first !== undefined) return [reply("approved", { lines: [`Approved by ${person(first.by)}.`] })];
  if (request.status !== "denied") return [];
  const lines = [
    `🚫 ${person(request.askedBy)}: ${person(request.endedBy)} denied the reinstall of ${serverName(request)}: “${outside(request.why, 500)}” Nothing was done.`,
  ];
  return [reply("denied", { lines, urgency: "final" })];
}

function started(request: Started, traits: Traits): readonly Picture[] {
  const last = request.attempts.length;
  return [
    ...request.attempts.flatMap((attempt) => attemptReplies(request, attempt, traits, attempt.n === last)),
    ...password(request, traits),
    ...settled(request),
    ...(request.status === "unsure" ? [unsure(request, traits)] : []),
    ...(request.status === "done" ? [done(request, traits)] : []),
  ];
}

function attemptReplies(request: Started, attempt: Attempt, traits: Traits, last: boolean): readonly Picture[] {
  const again =
    attempt.n === 1
      ? []
      : [reply(`retry.${attempt.n}`, { lines: [`${person(attempt.startedBy)} pressed Retry: attempt ${attempt.n}.`] })];
  const receipt = attempt.steps.find((step) => step.id === "reinstall")?.receipt;
  const accepted =
    receipt === undefined
      ? []
      : [
          reply(`accepted.${attempt.n}`, {
            lines: [`${traits.title} accepted the reinstall (request ${code(receipt.id)}).`],
          }),
        ];
  return [...again, ...accepted, ...failure(request, attempt, last)];
}

function failure(request: Started, attempt: Attempt, last: boolean): readonly Picture[] {
  if (attempt.failure === undefined) return [];
  const key = `failed.${attempt.n}`;
  if (last && (request.status === "failed" || request.status === "abandoned")) {
    const buttons = request.status === "failed" ? failedButtons(request) : [];
    return [reply(key, { lines: failureBrief(request), buttons, broadcast: true, urgency: "final" })];
  }
  const lines = [`❌ Attempt ${attempt.n} failed: ${outside(attempt.failure.says, 500)}`];
  return [reply(key, { lines, broadcast: true, urgency: "final" })];
}

function unsure(request: Of<"unsure">, traits: Traits): Picture {
  const lines = [
    `❓ *I do not know whether ${serverName(request)} was reinstalled.* I will not send it again, and I keep looking.`,
    ...unsureLines(request),
    `${people(request.approvers)}, check the console of ${traits.title} and settle it.`,
  ];
  const key = `unsure.${request.attempts.length}`;
  return reply(key, { lines, buttons: unsureButtons(request), broadcast: true, urgency: "final" });
}

function outcome(state: Attempt["steps"][number]["state"] | undefined, by: string): string {
  if (state === "done") return `Settled${by}: it was reinstalled.`;
  if (state === "failed") return "Settled: this order did not end well; the card tells how.";
  return "Settled: the cloud has the order, and works on it.";
}

/** What was in doubt is settled: the message that asked loses its buttons and says so. */
function settled(request: Started): readonly Picture[] {
  const open = request.status === "unsure" ? `unsure.${request.attempts.length}` : "";
  const asked = request.posts.filter(({ key }) => key.startsWith("unsure.") && key !== open);
  return asked.map(({ key }) => {
    const attempt = request.attempts.find(({ n }) => `unsure.${n}` === key);
    const step = attempt?.steps.find(({ id }) => id === "reinstall");
    const by = step?.settledBy === undefined ? "" : ` by the word of ${person(step.settledBy)}`;
    return reply(key, {
      lines: [`❓ It was not known whether ${serverName(request)} was reinstalled. ${outcome(step?.state, by)}`],
      broadcast: true,
    });
  });
}

function done(request: Of<"done">, traits: Traits): Picture {
  const lines = [...doneLines(request, traits), `${person(request.askedBy)} ${approver(request)}`];
  const buttons = [
    ...(backupImage(request) === null ? [] : [undo(request)]),
    ...(request.found.dataDisks.length === 0 ? [] : [details(request)]),
  ];
  return reply("done", { lines, buttons, broadcast: true, urgency: "final" });
}

/** Offered to the requester alone, from the moment the cloud took it; whoever else presses is told so. */
function password(request: Started, traits: Traits): readonly Picture[] {
  const { secret } = request;
  const wasGenerated =
    request.order.login.kind === "generated" && request.posts.some((post) => post.key === "password");
  if (secret?.kind === "generated" && secret.showUntil !== undefined && request.status !== "abandoned") {
    const lines = [
      `${person(request.askedBy)}, the password for ${serverName(request)} was generated. Only you can open it, until ${time(secret.showUntil)}.`,
    ];
    const value = pressValue(request);
    const name = plainName(request);
    const buttons: Button[] = [
      { action: pressed.show, value, text: "Show password", label: `Show the password of ${name}` },
      {
        action: pressed.saved,
        value,
        text: "I have saved it",
        label: `The password of ${name} is saved: delete it here`,
      },
    ];
    return [reply("password", { lines, buttons, urgency: "final" })];
  }
  if (!wasGenerated) return [];
  const { url } = traits.lostPassword;
  const gone = `The generated password for ${serverName(request)} is no longer shown here. If it is lost, reset the password in the console of ${traits.title}.${url === "" ? "" : ` ${link(url)}`}`;
  return [reply("password", { lines: [gone] })];
}

function ended(request: Request): readonly Picture[] {
  if (request.status !== "expired") return [];
  const lines = [
    `⌛ ${person(request.askedBy)}: nobody decided on ${serverName(request)} until ${time(request.expiresAt)}. That is not a denial; nothing was done.`,
  ];
  return [reply("expired", { lines, buttons: [askAgain(request)], urgency: "final" })];
}

function approver(request: Started): string {
  const first = request.approvals[0];
  return first === undefined ? "" : person(first.by);
}
