/** The only place that says which steps a reinstall has and in what order. Ids are frozen into a request when it is approved. */
import type { Traits } from "../clouds/cloud.ts";
import type { Attempt, Person, Started, Step, StepId } from "../request.ts";

/** An approval covers two sends of the reinstall at most, the second only by Retry. */
export const sendsMax = 2;
/** How long after a failure Retry may be pressed. */
export const retryMs = 60 * 60_000;
/** How long a generated password may be opened after the cloud took it. */
export const showMs = 60 * 60_000;
/** Added to a provider's own window before "it never arrived" is concluded: their clock and ours may differ. */
export const skewMs = 60_000;
/** A process that stalled this long between saving and sending does not send any more. */
export const stallMs = 30_000;

export function planSteps(traits: Traits): readonly StepId[] {
  return [
    "recheck",
    ...(traits.stopFrom.length > 0 ? (["stop"] as const) : []),
    "reinstall",
    ...(traits.wipeEnds === "stopped" || traits.stopFrom.length > 0 ? (["start"] as const) : []),
    "verify",
  ];
}

export function newAttempt(n: number, by: Person, steps: readonly string[], now: number): Attempt {
  return { n, startedAt: now, startedBy: by, steps: steps.map((id) => ({ id, state: "todo" })) };
}

export function lastAttempt(request: Started): Attempt {
  const last = request.attempts.at(-1);
  if (last === undefined) throw new Error("a started request has at least one attempt");
  return last;
}

/** The step that is to be moved next: the first that is neither done nor skipped. */
export function currentStep(attempt: Attempt): Step | undefined {
  if (attempt.ending !== undefined) return attempt.steps.find((step) => step.id === "put-back" && isOpenStep(step));
  return attempt.steps.find(isOpenStep);
}

export function stepOf(attempt: Attempt, id: StepId): Step | undefined {
  return attempt.steps.find((step) => step.id === id);
}

function isOpenStep(step: Step): boolean {
  return step.state !== "done" && step.state !== "skipped";
}

/** The same attempt with one step replaced. */
export function withStep(attempt: Attempt, id: string, change: Partial<Step>): Attempt {
  return { ...attempt, steps: attempt.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) };
}

/** The same request with its last attempt replaced. */
export function withAttempt<R extends Started>(request: R, attempt: Attempt): R {
  return { ...request, attempts: [...request.attempts.slice(0, -1), attempt] };
}

/** Whether the bot itself stopped this server in this attempt, and the provider has not yet taken the reinstall. */
export function mustPutBack(attempt: Attempt): boolean {
  const stop = stepOf(attempt, "stop");
  const stopped = stop !== undefined && stop.startedAt !== undefined && stop.before?.power === "running";
  return stopped && stepOf(attempt, "reinstall")?.receipt === undefined;
}

/** The reinstall step that succeeded, or else the latest one that was sent. */
export function wipe(request: Started): Step | undefined {
  const all = request.attempts.flatMap((attempt) => stepOf(attempt, "reinstall") ?? []);
  return all.find((step) => step.state === "done") ?? all.findLast((step) => step.signedAt !== undefined);
}

/** What is left to do after an attempt: everything, or only what follows a reinstall that is done. A disk is not wiped again because a start failed. */
export function planAgain(attempt: Attempt, traits: Traits): readonly StepId[] {
  const wiped = stepOf(attempt, "reinstall")?.state === "done";
  return wiped ? ["start", "verify"] : planSteps(traits);
}

/** How many times the reinstall may have been sent under this approval. */
export function sends(request: Started): number {
  return request.attempts.filter((attempt) => stepOf(attempt, "reinstall")?.signedAt !== undefined).length;
}
