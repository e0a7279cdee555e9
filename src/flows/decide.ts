/** The only place where a press becomes a decision: pure functions of the record, the press and who pressed. They fetch nothing and post nothing. */
import type { Traits } from "../clouds/cloud.ts";
import type { Failure, Of, Person, Request } from "../request.ts";
import { failAttempt } from "./end.ts";
import { forget, keepShown, raise } from "./record.ts";
import { currentStep, lastAttempt, newAttempt, planAgain, planSteps, sends, sendsMax, stepOf, wipe } from "./steps.ts";

/** Who pressed, when, and what the rule lets them do; `because` says why they may not. */
export interface Policy {
  by: Person;
  now: number;
  mayRequest: boolean;
  mayApprove: boolean;
  because: { request: Why | null; approve: Why | null };
}
export type Why = "guest" | "external" | "gone" | "bot" | "not-named" | "unreadable";

export type Verdict =
  | { verdict: "approve"; traits: Traits }
  | { verdict: "deny"; why: string }
  | { verdict: "withdraw" }
  | { verdict: "retry"; traits: Traits }
  | { verdict: "abandon" }
  | { verdict: "cancel" }
  | { verdict: "ran" }
  | { verdict: "not-run" }
  | { verdict: "saved" };

/** Why a press was refused; `views/refused.ts` makes a sentence of it. */
export type Refused =
  | { refused: "own-request" }
  | { refused: "not-approver"; because: Why }
  | { refused: "not-requester" }
  | { refused: "not-requester-or-approver"; because: Why }
  | { refused: "not-for-requester" }
  | { refused: "expired" }
  | { refused: "decided" }
  | { refused: "older-picture" }
  | { refused: "retry-too-late" }
  | { refused: "no-more-retries" }
  | { refused: "already-sent"; at: number }
  | { refused: "already-ending"; cancelledBy: Person | null }
  | { refused: "no-account" };

export type Decision = { next: Request } | Refused;

/** `attempt` is the one on the picture that was pressed (0 while pending). */
export function decide(request: Request, attempt: number, verdict: Verdict, policy: Policy): Decision {
  switch (verdict.verdict) {
    case "approve":
      return approve(request, verdict.traits, policy);
    case "deny":
      return deny(request, verdict.why, policy);
    case "withdraw":
      return withdraw(request, policy);
    case "retry":
      return retry(request, attempt, verdict.traits, policy);
    case "abandon":
      return abandon(request, attempt, policy);
    case "cancel":
      return cancel(request, attempt, policy);
    case "ran":
    case "not-run":
      return settle(request, attempt, verdict.verdict, policy);
    case "saved":
      return saved(request, policy);
  }
}

function approve(request: Request, traits: Traits, policy: Policy): Decision {
  if (request.status !== "pending") return { refused: "decided" };
  const stopped = mayDecide(request, policy);
  if (stopped !== null) return stopped;
  const attempt = newAttempt(1, policy.by, planSteps(traits, request.order), policy.now);
  const approvals = [...request.approvals, { by: policy.by, at: policy.now, rule: request.rule }];
  return { next: { ...raise(request), status: "running", approvals, attempts: [attempt] } };
}

function deny(request: Request, why: string, policy: Policy): Decision {
  if (request.status !== "pending") return { refused: "decided" };
  const stopped = mayDecide(request, policy);
  if (stopped !== null) return stopped;
  return { next: { ...forget(raise(request)), status: "denied", endedAt: policy.now, endedBy: policy.by, why } };
}

function withdraw(request: Request, policy: Policy): Decision {
  if (!same(request.askedBy, policy.by)) return { refused: "not-requester" };
  if (request.status !== "pending") return { refused: "decided" };
  return { next: { ...forget(raise(request)), status: "withdrawn", endedAt: policy.now, endedBy: policy.by } };
}

function retry(request: Request, attempt: number, traits: Traits, policy: Policy): Decision {
  if (request.status !== "failed") return { refused: "decided" };
  if (attempt !== lastAttempt(request).n) return { refused: "older-picture" };
  if (!concerned(request, policy)) return notConcerned(request, policy);
  if (!mayRetry(request)) return { refused: "no-more-retries" };
  if (policy.now > (request.retryUntil ?? 0)) return { refused: "retry-too-late" };
  const { failedAt: _failedAt, retryUntil: _retryUntil, ...rest } = raise(request);
  const again = newAttempt(attempt + 1, policy.by, planAgain(lastAttempt(request), traits, request.order), policy.now);
  return { next: { ...rest, status: "running", attempts: [...request.attempts, again] } };
}

/** One approval covers two sends at most, and none of a server that is no longer the one approved. */
export function mayRetry(request: Of<"failed">): boolean {
  const attempt = lastAttempt(request);
  return attempt.failure?.retry === true && sends(request) < sendsMax && attempt.n < sendsMax;
}

function abandon(request: Request, attempt: number, policy: Policy): Decision {
  if (request.status !== "failed") return { refused: "decided" };
  if (attempt !== lastAttempt(request).n) return { refused: "older-picture" };
  if (!concerned(request, policy)) return notConcerned(request, policy);
  return { next: abandoned(request, policy.now, policy.by) };
}

/** Until the last moment before the reinstall is sent. A server that the bot stopped is put back first. */
function cancel(request: Request, attempt: number, policy: Policy): Decision {
  if (request.status !== "running") return { refused: "decided" };
  const last = lastAttempt(request);
  if (attempt !== last.n) return { refused: "older-picture" };
  if (!concerned(request, policy)) return notConcerned(request, policy);
  if (last.ending !== undefined) return { refused: "already-ending", cancelledBy: last.ending.cancelledBy ?? null };
  if (!mayCancel(request)) return { refused: "already-sent", at: wipe(request)?.signedAt ?? policy.now };
  const step = currentStep(last)?.id ?? "recheck";
  const failure: Failure = {
    ...{ at: policy.now, step, says: cancelled, code: "cancelled", requestId: "", retry: false },
    erased: "nothing",
    cancelledBy: policy.by,
  };
  return { next: failAttempt(raise(request), failure, undefined) };
}

const cancelled = "It was cancelled before the reinstall was sent.";

/** Nothing was sent in this attempt, and nothing of an earlier one is only to be finished. */
export function mayCancel(request: Of<"running">): boolean {
  const last = lastAttempt(request);
  const step = stepOf(last, "reinstall");
  return last.ending === undefined && step !== undefined && step.state === "todo";
}

/** Closes a failed request: by a person, or when nobody pressed in time. */
export function abandoned(request: Of<"failed">, now: number, by?: Person): Request {
  const { failedAt: _failedAt, retryUntil: _retryUntil, ...rest } = raise(request);
  return { ...keepShown(rest, now), status: "abandoned", endedAt: now, ...(by === undefined ? {} : { endedBy: by }) };
}

/** The requester changes the request: this one is closed for good, a failed one with its history. Null when it is decided already, or not theirs. */
export function replace(request: Request, by: Person, replacedBy: string, now: number): Request | null {
  if (!same(request.askedBy, by)) return null;
  if (request.status === "failed") return abandoned(request, now, by);
  if (request.status !== "pending") return null;
  return { ...forget(raise(request)), status: "replaced", endedAt: now, endedBy: by, replacedBy };
}

/** A person's word on an order whose answer was lost. It is not the requester's to say; "not run" is checked against the cloud before it counts. */
function settle(request: Request, attempt: number, said: "ran" | "not-run", policy: Policy): Decision {
  if (request.status !== "unsure") return { refused: "decided" };
  if (attempt !== lastAttempt(request).n) return { refused: "older-picture" };
  if (sameUser(request.askedBy, policy.by)) return { refused: "not-for-requester" };
  if (!policy.mayApprove) return { refused: "not-approver", because: policy.because.approve ?? "not-named" };
  const said_ = { by: policy.by, at: policy.now };
  const { saidRan: _ran, saidNotRun: _notRun, answer: _answer, ...rest } = raise(request);
  return { next: { ...rest, ...(said === "ran" ? { saidRan: said_ } : { saidNotRun: said_ }) } };
}

function saved(request: Request, policy: Policy): Decision {
  if (!same(request.askedBy, policy.by)) return { refused: "not-requester" };
  if (request.secret === undefined) return { refused: "decided" };
  // While a Retry may still need it, the password stays sealed; it only stops being shown.
  if (request.status === "running" || request.status === "failed" || request.status === "unsure") {
    const { showUntil: _showUntil, ...sealed } = request.secret;
    return { next: { ...raise(request), secret: sealed } };
  }
  return { next: forget(raise(request)) };
}

function mayDecide(request: Of<"pending">, policy: Policy): Refused | null {
  if (sameUser(request.askedBy, policy.by)) return { refused: "own-request" };
  if (!policy.mayApprove) return { refused: "not-approver", because: policy.because.approve ?? "not-named" };
  if (policy.now >= request.expiresAt) return { refused: "expired" };
  return null;
}

function concerned(request: Request, policy: Policy): boolean {
  return (same(request.askedBy, policy.by) && policy.mayRequest) || policy.mayApprove;
}

/** The requester is told why a requester may not just now, not that only a requester may. */
function notConcerned(request: Request, { by, because }: Policy): Refused {
  const why = same(request.askedBy, by) ? because.request : because.approve;
  return { refused: "not-requester-or-approver", because: why ?? "not-named" };
}

/** Enough to be refused: one person may act from two teams of an organisation. */
function sameUser(a: Person, b: Person): boolean {
  return a.user === b.user;
}

/** Both must agree to be allowed what is only the requester's. */
export function same(a: Person, b: Person): boolean {
  return a.team === b.team && a.user === b.user;
}
