/** The only place that tells a failure: what happened, what of the disk, how the server stands, what to do; and the text for a support ticket. */
import type { Server, Traits } from "../clouds/cloud.ts";
import { mayRetry } from "../flows/decide.ts";
import { backupName, keptStopped, stepOf } from "../flows/steps.ts";
import { clean, cut, shortName } from "../line.ts";
import type { Attempt, Failure, Of, Started } from "../request.ts";
import { code, link, outside, person, plural, time } from "./text.ts";
import { erasedNothing, erasedWords, evidenceOf, madeBackup, plainName, serverName } from "./words.ts";

/** For the card: the first line says it; the rest explains. */
export function failureLines(request: Of<"failed"> | Of<"abandoned">, traits: Traits): readonly string[] {
  const attempt = request.attempts.at(-1);
  const failure = attempt?.failure;
  if (attempt === undefined || failure === undefined) return [`❌ *The reinstall of ${serverName(request)} failed.*`];
  return [
    headLine(request, failure),
    ...(failure.code === "cancelled" ? [] : [`${outside(failure.says, 600)}${evidenceOf(failure)}`]),
    ...(failure.changed ?? []).map(
      ({ field, before, now }) => `• ${outside(field)}: approved ${code(before || "none")}, now ${code(now || "none")}`,
    ),
    standsLine(request, attempt),
    backupKept(request),
    ...(request.status === "failed" ? next(request, traits, failure) : []),
  ].filter((line) => line !== "");
}

/** For the reply that calls people, read on a phone: what they need to act. Evidence, differences and the ticket are on the card alone. */
export function failureBrief(request: Of<"failed"> | Of<"abandoned">): readonly string[] {
  const attempt = request.attempts.at(-1);
  const failure = attempt?.failure;
  if (attempt === undefined || failure === undefined) return [`❌ *The reinstall of ${serverName(request)} failed.*`];
  const differ = failure.changed?.length ?? 0;
  return [
    headLine(request, failure),
    failure.code === "cancelled" ? "" : outside(sentences(failure.says, briefMax), briefMax),
    differ === 0 ? "" : `${plural(differ, "thing")} changed since the approval; the card names each.`,
    standsLine(request, attempt),
    backupKept(request),
    `${called(request)}${request.status === "failed" ? ` ${mayDo(request, failure)}` : ""}`,
  ].filter((line) => line !== "");
}

/** About three lines of a phone. */
const briefMax = 150;

/** As many whole sentences as fit; a first one that is longer is left to be cut visibly. */
function sentences(text: string, max: number): string {
  const parts = clean(text).split(/(?<=[.!?”])\s+(?=\p{Lu})/u);
  const kept = parts.filter((_, at) => at === 0 || parts.slice(0, at + 1).join(" ").length <= max);
  return kept.join(" ");
}

function called(request: Started): string {
  const approver = request.approvals[0]?.by;
  return [person(request.askedBy), ...(approver === undefined ? [] : [person(approver)])].join(" ");
}

function mayDo(request: Of<"failed">, failure: Failure): string {
  if (mayRetry(request))
    return `Requester or approver: Retry until ${time(request.retryUntil ?? request.failedAt)}, Change or Abandon.`;
  if (!failure.retry) return "This approval covers nothing more. Requester or approver: Change or Abandon.";
  return "It was the second failure: no more Retry. The card has a text for a support ticket.";
}

/** With the disk erased it is all that is left of the server; otherwise it stays in the account, and somebody must know. */
function backupKept(request: Of<"failed"> | Of<"abandoned">): string {
  const made = madeBackup(request);
  if (made === "") return beingMade(request);
  if (erasedNothing(request.attempts)) return made;
  return `${made} ${request.status === "failed" ? "Change may choose it as the image." : "Undo asks to reinstall from it."}`;
}

/** Ordered and not seen ready: it may still come to stand in the account. */
function beingMade({ order, attempts }: Started): string {
  const attempt = attempts.at(-1);
  const state = attempt === undefined ? undefined : stepOf(attempt, "backup")?.state;
  if (attempt === undefined || order.backup?.kind !== "image" || (state !== "acting" && state !== "waiting")) return "";
  return `A custom image was being made, named ${code(backupName(order.backup, attempt))}; the cloud may still finish it.`;
}

function headLine(request: Started, failure: Failure): string {
  const sign = failure.code === "cancelled" ? "↩️" : "❌";
  return `${sign} *${headline(request, failure)}* ${erasedWords(request.attempts)}`;
}

function headline(request: Started, failure: Failure): string {
  if (failure.code === "cancelled") return `Cancelled: ${serverName(request)} is not reinstalled.`;
  if (failure.step === "start") return `${serverName(request)} was reinstalled but did not start.`;
  if (failure.step === "verify") return `The reinstall of ${serverName(request)} could not be verified.`;
  return `The reinstall of ${serverName(request)} failed.`;
}

/** How the server stands: what was put back, or what was seen of it last. */
function standsLine(request: Started, { steps, last, failure }: Attempt): string {
  const step = steps.find((one) => one.id === "put-back");
  if (step === undefined && keptStopped(request)) return stoppedLine(last);
  if (step === undefined) {
    const said = last === undefined || failure?.code === "gone" ? [] : [seen(last)];
    return [...said, ...(isLeftAlone(request) ? ["The bot stopped nothing."] : [])].join(" ");
  }
  if (step.state === "done" && step.says !== undefined) return "The server did not stop; it runs as before.";
  if (step.state === "done") return "The bot had stopped the server; it is running again.";
  return `⚠️ The bot had stopped the server and could not start it again: ${outside(step.says ?? "unknown", 300)}`;
}

function seen({ state, readAt }: Server): string {
  return `The server was ${code(state)} at ${time(readAt)}.`;
}

/** Nothing starts it any more: a reinstall that was accepted failed, or its account has left the config. */
function stoppedLine(last: Server | undefined): string {
  if (last === undefined) return "⚠️ The bot had stopped the server and cannot start it again.";
  if (last.power === "gone") return "";
  if (last.power === "running") return seen(last);
  return `⚠️ The bot had stopped the server and does not start it again; its state is ${code(last.state)}.`;
}

/** It might have been stopped by now, in this attempt or the one before, and was not. */
function isLeftAlone({ attempts }: Started): boolean {
  const stops = attempts.flatMap(({ steps }) => steps.filter(({ id }) => id === "stop"));
  return stops.length > 0 && stops.every(({ startedAt }) => startedAt === undefined);
}

function next(request: Of<"failed">, traits: Traits, failure: Failure): readonly string[] {
  if (mayRetry(request)) {
    return [`Press Retry (until ${time(request.retryUntil ?? request.failedAt)}), or Abandon.`];
  }
  if (!failure.retry) return ["This approval covers nothing more. Abandon it, then ask again with `/reinstall`."];
  return [
    `This was the second failure, so there is no more Retry. Open a ticket (${outside(traits.support.name)}, ${link(traits.support.url)}) and paste this:`,
    `\`\`\`${ticket(request, traits)}\`\`\``,
  ];
}

/** Ids, times and codes of all attempts, in UTC, in plain lines: what a support engineer asks for first. */
export function ticket(request: Started, traits: Traits): string {
  const { account, region, id } = request.order.server;
  const { image } = request.order;
  const ip = request.drawn.ips.public[0] ?? request.drawn.ips.private[0];
  const lines = [
    `${traits.title}: the OS reinstall of server ${id} (${plainName(request)}${ip === undefined ? "" : `, ${ip}`}) failed ${request.attempts.length} times.`,
    `Region ${region}, account ${account}, image ${image.id} (${shortName(image.name, image.id)})`,
    ...request.attempts.flatMap((attempt) => attemptLines(attempt)),
    `System disk when asked: ${request.drawn.systemDisk?.id ?? "unknown"}`,
    `Reference ${request.id}`,
  ];
  return lines
    .map((line) =>
      cut(clean(line), lineMax)
        .replaceAll("`", "'")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;"),
    )
    .join("\n");
}

/** Whole lines only: a text block that is cut loses its end. */
const lineMax = 300;

function attemptLines(attempt: Attempt): readonly string[] {
  const step = attempt.steps.find((one) => one.id === "reinstall");
  const failure = attempt.failure;
  const sent = step?.signedAt === undefined ? "not sent" : `sent ${utc(step.signedAt)}`;
  return [
    `Attempt ${attempt.n}: ${sent}, request or job ${step?.receipt?.id || failure?.requestId || "none"}`,
    ...(failure === undefined
      ? []
      : [`  failed ${utc(failure.at)} at ${failure.step}: ${failure.code} ${failure.says}`]),
  ];
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
