/** The only place where an attempt ends: well, badly, or in doubt. */
import type { Server } from "../clouds/cloud.ts";
import type { Attempt, Failure, Of, Request, Started } from "../request.ts";
import { forget, keepShown } from "./record.ts";
import { lastAttempt, mustPutBack, retryMs, showMs, stepOf, wipe, withAttempt } from "./steps.ts";

/** What is in a request whatever its status, with its attempts. */
type Rest = Omit<Of<"running">, "status">;

/** Words that belong to one status only and must not be carried into the next. */
const ofOneStatus = [
  "status",
  "failedAt",
  "retryUntil",
  "since",
  "evidence",
  "saidRan",
  "saidNotRun",
  "answer",
  "endedAt",
  "endedBy",
  "proof",
  "settledBy",
  "found",
] as const;

function rest(request: Started): Rest {
  const kept = Object.entries(request).filter(([word]) => !ofOneStatus.some((one) => one === word));
  return Object.fromEntries(kept) as unknown as Rest;
}

/** Ends the attempt. A server that the bot stopped, and that no accepted reinstall will start, is put back first. */
export function failAttempt(
  request: Started,
  failure: Failure,
  last: Server | undefined,
  how: { putBack: boolean } = { putBack: true },
): Request {
  const attempt = lastAttempt(request);
  const closed: Attempt = {
    ...attempt,
    ...(last === undefined ? {} : { last }),
    steps: attempt.steps.map((step) =>
      step.id === failure.step && failure.code !== "cancelled"
        ? { ...step, state: "failed", endedAt: failure.at }
        : step,
    ),
  };
  if (how.putBack && mustPutBack(withAttempt(request, attempt)) && stepOf(attempt, "put-back") === undefined) {
    const steps = [...closed.steps, { id: "put-back", state: "todo" as const }];
    return { ...rest(withAttempt(request, { ...closed, steps, ending: failure })), status: "running" };
  }
  return toFailed(request, { ...closed, failure }, failure);
}

/** After the server was put back, or could not be. */
export function failAfterPutBack(request: Started): Request {
  const { ending, ...attempt } = lastAttempt(request);
  if (ending === undefined) throw new Error("nothing was ending");
  return toFailed(request, { ...attempt, failure: ending }, ending);
}

function toFailed(request: Started, attempt: Attempt, failure: Failure): Request {
  // What a person cancelled is over: there is nothing to retry.
  if (failure.cancelledBy !== undefined) {
    const over = { ...rest(withAttempt(request, attempt)), status: "abandoned" as const };
    return { ...forget(over), endedAt: failure.at, endedBy: failure.cancelledBy };
  }
  const failed = { ...rest(withAttempt(request, attempt)), status: "failed" as const, failedAt: failure.at };
  return failure.retry && attempt.n < 2 ? { ...failed, retryUntil: failure.at + retryMs } : failed;
}

/** Nobody knows whether the order took: say what was seen, ask a person, keep looking, never send again. */
export function toUnsure(request: Started, evidence: readonly string[], now: number): Request {
  const since = request.status === "unsure" ? request.since : now;
  return { ...rest(showGenerated(request, now)), status: "unsure", since, evidence: [...evidence] };
}

/** Proof came after all: the flow goes on. */
export function toRunning(request: Started): Of<"running"> {
  return { ...rest(request), status: "running" };
}

export function toDone(request: Started, found: Server, now: number): Request {
  const step = wipe(request);
  const settled = step?.proof === "person" ? step.settledBy : undefined;
  const done = { ...rest(request), status: "done" as const, endedAt: now, proof: step?.proof ?? "receipt", found };
  return keepShown(settled === undefined ? done : { ...done, settledBy: settled }, now);
}

/** From acceptance on, also when nobody is sure, the requester may open a generated password for an hour. */
export function showGenerated<R extends Started>(request: R, now: number): R {
  const { secret } = request;
  if (secret === undefined || secret.kind !== "generated") return request;
  return { ...request, secret: { ...secret, showUntil: now + showMs } };
}
