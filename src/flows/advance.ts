/** The only place that moves a request forward: one move a turn, each from a fresh reading. Returns when to come back. */
import { CloudDown, NoAccount } from "../clouds/cloud.ts";
import type { Of, Request, Step, StepId } from "../request.ts";
import { isOpen, StepId as StepIds } from "../request.ts";
import { backup } from "./backup.ts";
import { abandoned } from "./decide.ts";
import { edit } from "./edit.ts";
import { failAfterPutBack, toUnsure } from "./end.ts";
import { hold } from "./hold.ts";
import { putBack, startServer, stopServer } from "./power.ts";
import { recheck } from "./recheck.ts";
import { forget } from "./record.ts";
import { reinstall } from "./reinstall.ts";
import { settle } from "./settle.ts";
import { currentStep, lastAttempt } from "./steps.ts";
import type { FlowTools } from "./tools.ts";
import type { Turn } from "./turn.ts";
import { noAccount, unreachable } from "./unreachable.ts";
import { verify } from "./verify.ts";

const runners = {
  recheck,
  stop: stopServer,
  backup,
  reinstall,
  start: startServer,
  verify,
  "put-back": putBack,
} satisfies Record<StepId, (turn: Turn) => Promise<number>>;

/** Wall time (ms) at which the request wants its next turn. */
export async function advance(tools: FlowTools, request: Request): Promise<number> {
  if (!isOpen(request)) return closing(tools, request);
  switch (request.status) {
    case "pending":
      return pending(tools, request);
    case "running":
      return running(tools, request);
    case "unsure":
      return settle(tools, request);
    case "failed":
      return failed(tools, request);
    default:
      return closing(tools, request);
  }
}

async function pending(tools: FlowTools, request: Of<"pending">): Promise<number> {
  const now = tools.clock.now();
  const card = request.posts.find(({ key }) => key === "card");
  // A card that Slack refused for good can be approved by nobody; the requester has been told, and may ask anew.
  const unseen = card?.gaveUp !== undefined && card.ts === undefined;
  if (unseen || now >= request.expiresAt) {
    await edit(tools, request, (r) => ({ ...forget(r), status: "expired", endedAt: now }));
    return now;
  }
  if (now >= request.remindAt && request.remindedAt === undefined) {
    await edit(tools, request, (r) => ({ ...r, remindedAt: now }));
    return now;
  }
  return request.remindedAt === undefined ? Math.min(request.remindAt, request.expiresAt) : request.expiresAt;
}

async function running(tools: FlowTools, request: Of<"running">): Promise<number> {
  const now = tools.clock.now();
  const beganAt = tools.clock.mono();
  const cloud = tools.cloudOf(request.order.server);
  const attempt = lastAttempt(request);
  const step = currentStep(attempt);
  if (step === undefined) return ended(tools, request, now);
  const id = StepIds.safeParse(step.id);
  if (!id.success) {
    const words = `This version of the bot does not know the step "${step.id}" that was planned.`;
    await edit(tools, request, (r) => toUnsure(r as Of<"running">, [words], now));
    return now;
  }
  if (cloud === null) return unreachable(tools, request, id.data, noAccount);
  try {
    const server = await cloud.server(request.order.server, watches(step) ? "watch" : "decide");
    return await runners[id.data]({ tools, request, cloud, attempt, step, id: id.data, server, now, beganAt });
  } catch (cause) {
    if (cause instanceof NoAccount) return unreachable(tools, request, id.data, cause.says);
    if (!(cause instanceof CloudDown)) throw cause;
    return hold({ tools, request, cloud, attempt, step, id: id.data, now, beganAt }, cause.says, cause.code);
  }
}

/** Whether nothing of this step is decided by the server's disks: it waits for an order to be carried out, or stops and starts. */
function watches({ id, state }: Step): boolean {
  return ["stop", "start", "put-back"].includes(id) || (id === "reinstall" && state === "waiting");
}

async function ended(tools: FlowTools, request: Of<"running">, now: number): Promise<number> {
  if (lastAttempt(request).ending !== undefined) {
    await edit(tools, request, (r) => failAfterPutBack(r as Of<"running">));
    return now;
  }
  const words = "Every step is done, but the end was not recorded.";
  await edit(tools, request, (r) => toUnsure(r as Of<"running">, [words], now));
  return now;
}

/** A failed request waits for a person; when nobody came in time, it is closed. */
async function failed(tools: FlowTools, request: Of<"failed">): Promise<number> {
  const now = tools.clock.now();
  const until = request.retryUntil ?? request.failedAt + 60 * 60_000;
  if (now <= until) return until + 1;
  await edit(tools, request, (r) => {
    const closed = abandoned(r as Of<"failed">, now);
    return { ...closed, revision: r.revision };
  });
  return now;
}

/** After the end: shred what is still sealed when its time is over; the loop retires it once its last picture is shown. */
async function closing(tools: FlowTools, request: Request): Promise<number> {
  const now = tools.clock.now();
  // Nothing but its last picture is left, and `publish` says when that may go out: wanting a turn before would be a busy loop.
  if (request.secret === undefined) return Number.POSITIVE_INFINITY;
  const until = request.secret.kind === "generated" ? (request.secret.showUntil ?? 0) : 0;
  if (now < until) return until;
  await edit(tools, request, (r) => forget(r));
  return now;
}
