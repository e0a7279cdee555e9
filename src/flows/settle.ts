/** The only place where doubt ends: by proof, by the cloud's own window, or by a person whose word was checked. It keeps looking and never sends. */
import type { Cloud, Look, Server } from "../clouds/cloud.ts";
import { CloudDown, NoAccount } from "../clouds/cloud.ts";
import type { Failure, Of, Person, Step } from "../request.ts";
import { edit } from "./edit.ts";
import { failAttempt, toRunning } from "./end.ts";
import { lookAt } from "./reinstall.ts";
import { lastAttempt, skewMs, stepOf, withAttempt, withStep } from "./steps.ts";
import { type FlowTools, nextLook } from "./tools.ts";
import { noAccount, unreachableDoubt } from "./unreachable.ts";

interface Doubt {
  tools: FlowTools;
  request: Of<"unsure">;
  cloud: Cloud;
  step: Step;
  server: Server;
  now: number;
}

export async function settle(tools: FlowTools, request: Of<"unsure">): Promise<number> {
  const now = tools.clock.now();
  const cloud = tools.cloudOf(request.order.server);
  const step = stepOf(lastAttempt(request), "reinstall");
  if (cloud === null) return unreachableDoubt(tools, request, noAccount);
  if (step === undefined) return now + 60_000;
  try {
    const server = await cloud.server(request.order.server, "watch");
    const doubt = { tools, request, cloud, step, server, now };
    if (request.saidRan !== undefined) return ranBySomebody(doubt, request.saidRan.by);
    return conclude(doubt, await lookAt(cloud, request, step, server));
  } catch (cause) {
    if (cause instanceof NoAccount && (request.saidRan ?? request.saidNotRun) !== undefined)
      return unreachableDoubt(tools, request, cause.says);
    if (!(cause instanceof CloudDown)) throw cause;
    return evidence({ tools, request, now }, [cause.says]);
  }
}

async function conclude(doubt: Doubt, look: Look): Promise<number> {
  const { tools, request, step, now } = doubt;
  if (look.is === "done" && look.proof !== "state")
    return proved(doubt, { state: "done", endedAt: now, proof: look.proof });
  if (look.is === "failed" && step.receipt !== undefined) {
    return failed(doubt, { ...look.refusal, erased: "likely" });
  }
  if (
    look.is === "working" &&
    step.receipt !== undefined &&
    now - (step.signedAt ?? 0) <= doubt.cloud.traits.patienceMs.reinstall
  ) {
    return proved(doubt, { state: "waiting" });
  }
  if (look.is === "no-trace" && step.receipt === undefined) return noTrace(doubt, look.evidence);
  const seen =
    "evidence" in look
      ? look.evidence
      : ["The cloud shows an operation in progress; nothing proves that it is this order."];
  if (request.saidNotRun !== undefined) return contradicted(doubt, seen);
  return evidence({ tools, request, now }, seen);
}

/** Nothing of the order is to be seen. It never arrived once no late copy of it can be taken any more; before that, and where nobody knows the window, it stays open. */
async function noTrace(doubt: Doubt, seen: readonly string[]): Promise<number> {
  const { tools, request, cloud, step, now } = doubt;
  const { lateMs, lagMs, title } = cloud.traits;
  const over = (step.signedAt ?? 0) + (lateMs ?? lagMs) + lagMs + skewMs;
  const said = request.saidNotRun;
  const watched = tools.watched(`${request.id}/${lastAttempt(request).n}`) >= (lateMs ?? 0);
  if (now >= over && watched && (lateMs !== null || said !== undefined)) {
    return failed(doubt, lateMs === null ? byWord(title) : neverArrived(title));
  }
  if (said !== undefined) {
    const wait = "The order could still arrive. I look again when it no longer can, and settle it then.";
    if (request.answer !== wait) await edit(tools, request, (r) => ({ ...(r as Of<"unsure">), answer: wait }));
    // Past that moment by the wall clock alone, waiting for it would be a busy loop.
    return now < over ? Math.min(over, nextLook(tools, now, 4)) : nextLook(tools, now, 4);
  }
  return evidence({ tools, request, now }, seen);
}

type Why = Pick<Failure, "says" | "code" | "requestId" | "erased">;

function neverArrived(title: string): Why {
  const says = `${title} never received the order: nothing of it can be seen, and it can no longer be taken.`;
  return { says, code: "never-arrived", requestId: "", erased: "nothing" };
}

/** Where the provider tells neither what it did nor how long it takes a late order, the end is a person's word and no more. */
function byWord(title: string): Why {
  const says = `An approver says that it did not run, and nothing of it can be seen. ${title} gives no proof either way.`;
  return { says, code: "said-not-run", requestId: "", erased: "unknown" };
}

/** An approver said that it did not run, and the cloud shows otherwise: the word does not count. */
async function contradicted(doubt: Doubt, seen: readonly string[]): Promise<number> {
  const { tools, request, now } = doubt;
  await edit(tools, request, (r) => {
    const { saidNotRun: _word, ...rest } = r as Of<"unsure">;
    return {
      ...rest,
      evidence: [rest.evidence[0] ?? "", ...seen],
      answer: "Checked: what the cloud shows does not fit “it did not run”.",
    };
  });
  return nextLook(tools, now);
}

async function proved(doubt: Doubt, change: Partial<Step>): Promise<number> {
  const { tools, request, now } = doubt;
  await edit(tools, request, (r) => {
    const running = toRunning(r as Of<"unsure">);
    return withAttempt(running, withStep(lastAttempt(running), "reinstall", change));
  });
  return now;
}

/** An approver looked in the console and said that it was reinstalled: the rest of the flow goes on from there. */
async function ranBySomebody(doubt: Doubt, by: Person): Promise<number> {
  return proved(doubt, { state: "done", endedAt: doubt.now, proof: "person", settledBy: by });
}

async function failed(doubt: Doubt, why: Why): Promise<number> {
  const { tools, request, server, now } = doubt;
  const failure: Failure = { ...why, at: now, step: "reinstall", retry: true };
  await edit(tools, request, (r) => failAttempt(r as Of<"unsure">, failure, server));
  return now;
}

async function evidence(doubt: Pick<Doubt, "tools" | "request" | "now">, seen: readonly string[]): Promise<number> {
  const { tools, request, now } = doubt;
  if (seen.join("\n") !== request.evidence.slice(1).join("\n")) {
    const first = request.evidence[0] ?? "";
    await edit(tools, request, (r) => ({ ...(r as Of<"unsure">), evidence: [first, ...seen] }));
  }
  return nextLook(tools, now, 4);
}
