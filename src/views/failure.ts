/** The only place that tells a failure: what happened, what of the disk, what was put back, what to do; and the text for a support ticket. */
import type { Traits } from "../clouds/cloud.ts";
import { mayRetry } from "../flows/decide.ts";
import type { Attempt, Failure, Of, Started } from "../request.ts";
import { clean, code, outside, time } from "./text.ts";
import { erasedWords, evidenceOf, serverName } from "./words.ts";

/** The first line says it; the rest explains. */
export function failureLines(request: Of<"failed"> | Of<"abandoned">, traits: Traits): readonly string[] {
  const attempt = request.attempts.at(-1);
  const failure = attempt?.failure;
  if (attempt === undefined || failure === undefined) return [`❌ *The reinstall of ${serverName(request)} failed.*`];
  return [
    `${failure.code === "cancelled" ? "↩️" : "❌"} *${headline(request, failure)}* ${erasedWords(request.attempts)}`,
    ...(failure.code === "cancelled" ? [] : [`${outside(failure.says, 600)}${evidenceOf(failure)}`]),
    ...(failure.changed ?? []).map(
      ({ field, before, now }) => `• ${outside(field)}: approved ${code(before || "none")}, now ${code(now || "none")}`,
    ),
    putBackLine(attempt),
    ...(request.status === "failed" ? next(request, traits, failure) : []),
  ].filter((line) => line !== "");
}

function headline(request: Started, failure: Failure): string {
  if (failure.code === "cancelled") return `Cancelled: ${serverName(request)} is not reinstalled.`;
  if (failure.step === "start") return `${serverName(request)} was reinstalled but did not start.`;
  if (failure.step === "verify") return `The reinstall of ${serverName(request)} could not be verified.`;
  return `The reinstall of ${serverName(request)} failed.`;
}

function putBackLine(attempt: Attempt): string {
  const step = attempt.steps.find((one) => one.id === "put-back");
  if (step === undefined) return "";
  if (step.state === "done" && step.says !== undefined) return "The server did not stop; it runs as before.";
  if (step.state === "done") return "The bot had stopped the server; it is running again.";
  return `⚠️ The bot had stopped the server and could not start it again: ${outside(step.says ?? "unknown", 300)}`;
}

function next(request: Of<"failed">, traits: Traits, failure: Failure): readonly string[] {
  if (mayRetry(request)) {
    return [`Press Retry (until ${time(request.retryUntil ?? request.failedAt)}), or Abandon.`];
  }
  if (!failure.retry) return ["This approval covers nothing more. Abandon it, then ask again with `/reinstall`."];
  return [
    `This was the second failure, so there is no more Retry. Open a ticket (${outside(traits.support.name)}, ${traits.support.url}) and paste this:`,
    `\`\`\`${ticket(request, traits)}\`\`\``,
  ];
}

/** Ids, times and codes of all attempts, in UTC, in plain lines: what a support engineer asks for first. */
export function ticket(request: Started, traits: Traits): string {
  const { account, region, id } = request.order.server;
  const ip = request.drawn.ips.public[0] ?? request.drawn.ips.private[0];
  const lines = [
    `${traits.title}: the OS reinstall of server ${id} (${request.drawn.name}${ip === undefined ? "" : `, ${ip}`}) failed ${request.attempts.length} times.`,
    `Region ${region}, account ${account}, image ${request.order.image.id} (${request.order.image.name})`,
    ...request.attempts.flatMap((attempt) => attemptLines(attempt)),
    `System disk when asked: ${request.drawn.systemDisk?.id ?? "unknown"}`,
    `Reference ${request.id}`,
  ];
  return lines
    .map((line) =>
      clean(line).replaceAll("`", "'").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    )
    .join("\n");
}

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
