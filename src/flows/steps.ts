/** The only place that says which steps a reinstall has and in what order. Ids are frozen into a request when it is approved. */
import type { Order, Power, Server, Traits } from "../clouds/cloud.ts";
import type { Attempt, Person, Started, Step, StepId } from "../request.ts";

/** An approval covers two sends of the reinstall at most, the second only by Retry. */
export const sendsMax = 2;
/** How long after a failure Retry may be pressed. */
export const retryMs = 60 * 60_000;
/** How long a generated password may be opened after the cloud took it. */
export const showMs = 60 * 60_000;
/** Added to a provider's own window before "it never arrived" is concluded: their clock and ours may differ. */
export const skewMs = 60_000;
/** A process that stalled this long between looking at the server and sending does not send any more. */
export const stallMs = 30_000;

export function planSteps(traits: Traits, order: Order): readonly StepId[] {
  const image = order.backup?.kind === "image";
  const stops = traits.stopFrom.length > 0 || (image && !traits.backupFrom.includes("running"));
  return [
    "recheck",
    ...(stops ? (["stop"] as const) : []),
    ...(image ? (["backup"] as const) : []),
    "reinstall",
    ...(traits.wipeEnds === "stopped" || stops ? (["start"] as const) : []),
    "verify",
  ];
}

/** The states in which the server must be for what comes after the stop. */
export function stoppedFor(attempt: Attempt, traits: Traits): readonly Power[] {
  const backup = stepOf(attempt, "backup");
  return backup !== undefined && isOpenStep(backup) ? traits.backupFrom : traits.wipeFrom;
}

/** An image that is made before the disk is erased, and from which the server may be reinstalled in the same request. */
export const madeNow = "made-now";

export interface MadeImage {
  id: string;
  name: string;
}

/** The custom images made in this request and ready, the latest one last: that one is what Undo goes back to. */
export function backupImages(request: Started): readonly MadeImage[] {
  const steps = request.attempts.flatMap((attempt) => stepOf(attempt, "backup") ?? []);
  return steps.flatMap(({ state, receipt }) => {
    const { image: id, name = "" } = receipt?.facts ?? {};
    return state !== "done" || id === undefined ? [] : [{ id, name }];
  });
}

export function backupImage(request: Started): MadeImage | null {
  return backupImages(request).at(-1) ?? null;
}

/** Each attempt has a name of its own for its image: one that failed keeps its name, and one of an hour ago lacks what was written since. */
export function backupName(wish: { name: string }, { n }: Attempt): string {
  return n === 1 ? wish.name : `${wish.name}-${n}`;
}

/** Once the cloud has taken a reinstall, there is nothing left on the disk that another image could save. */
export function savesAgain(request: Pick<Started, "order">, attempt: Attempt): boolean {
  return request.order.backup?.kind === "image" && stepOf(attempt, "reinstall")?.receipt === undefined;
}

/** While the image is not made yet, the order is judged as if the server kept its own: the image will be a copy of it. */
export function judged(order: Order, server: Server): Order {
  if (order.image.id !== madeNow) return order;
  const { id, name } = server.image;
  return { ...order, image: { ...order.image, id, name, same: true } };
}

/** What is sent: the order as approved, with the image made now named by its id. While this attempt has one to make, it is not yet there. */
export function ordered(request: Started): Order {
  const { order } = request;
  const own = stepOf(lastAttempt(request), "backup");
  const ready = own === undefined || !isOpenStep(own);
  const made = order.image.id === madeNow && ready ? backupImage(request) : null;
  return made === null ? order : { ...order, image: { ...order.image, id: made.id, name: made.name } };
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

/** The same request with one attempt replaced, by its number: an answer may come after the next attempt began. */
export function withAttemptOf<R extends Started>(request: R, attempt: Attempt): R {
  return { ...request, attempts: request.attempts.map((one) => (one.n === attempt.n ? attempt : one)) };
}

/** The same request with its last attempt replaced. */
export function withAttempt<R extends Started>(request: R, attempt: Attempt): R {
  return { ...request, attempts: [...request.attempts.slice(0, -1), attempt] };
}

/** Whether the bot stopped this server, in whichever attempt, and since then neither put it back nor had a reinstall accepted. */
export function mustPutBack(request: Started): boolean {
  return stoppedBy(request, (attempt) => stepOf(attempt, "reinstall")?.receipt !== undefined);
}

/** Whether the bot stopped this server, in whichever attempt, and neither put it back nor saw a reinstall through since. */
export function keptStopped(request: Started): boolean {
  return stoppedBy(request, (attempt) => stepOf(attempt, "reinstall")?.state === "done");
}

function stoppedBy(request: Started, isOver: (attempt: Attempt) => boolean): boolean {
  let stopped = false;
  for (const attempt of request.attempts) {
    const stop = stepOf(attempt, "stop");
    if (stop?.startedAt !== undefined && stop.before?.power === "running") stopped = true;
    if (stepOf(attempt, "put-back")?.state === "done" || isOver(attempt)) stopped = false;
  }
  return stopped;
}

/** The reinstall step that succeeded, or else the latest one that was sent. */
export function wipe(request: Started): Step | undefined {
  const all = request.attempts.flatMap((attempt) => stepOf(attempt, "reinstall") ?? []);
  return all.find((step) => step.state === "done") ?? all.findLast((step) => step.signedAt !== undefined);
}

/** What is left to do after an attempt: everything, or only what follows a reinstall that is done. A disk is not wiped again because a start failed. */
export function planAgain(attempt: Attempt, traits: Traits, order: Order): readonly StepId[] {
  const wiped = stepOf(attempt, "reinstall")?.state === "done";
  if (wiped) return ["start", "verify"];
  return planSteps(traits, order).filter((step) => step !== "backup" || savesAgain({ order }, attempt));
}

/** How many times the reinstall may have been sent under this approval. */
export function sends(request: Started): number {
  return request.attempts.filter((attempt) => stepOf(attempt, "reinstall")?.signedAt !== undefined).length;
}
