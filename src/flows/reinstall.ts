/** The only place where a disk is wiped. The order is saved first, sent once by the function that saved it, and after that only looked at. */
import type { Act, Answer, Cloud, Look, Server } from "../clouds/cloud.ts";
import { generate } from "../clouds/password.ts";
import { expectedFor, finishedMax, outlasts } from "../durations.ts";
import type { Failure, Of, Request, Started, Step } from "../request.ts";
import type { Secret } from "../secret.ts";
import { backupLost } from "./backup.ts";
import { edit, editStep, merge, shownMinute } from "./edit.ts";
import { failAttempt, showGenerated, toUnsure } from "./end.ts";
import { hold } from "./hold.ts";
import { mismatch } from "./recheck.ts";
import { lastAttempt, ordered, stallMs, stepOf, withAttempt, withAttemptOf, withStep } from "./steps.ts";
import { boundTo, nextLook, scattered } from "./tools.ts";
import type { Turn } from "./turn.ts";

export async function reinstall(turn: Turn): Promise<number> {
  switch (turn.step.state) {
    case "todo":
      return order(turn);
    case "acting":
      return found(turn);
    default:
      return follow(turn);
  }
}

/** The server as it stands is the one approved and may be wiped: save `acting`, then send. */
async function order(turn: Turn): Promise<number> {
  const { tools, request, cloud, server, now } = turn;
  const wrong = await mismatch(turn);
  if (wrong !== null) return wrong;
  if (!cloud.traits.wipeFrom.includes(server.power)) return hold(turn, `The server is ${server.state}.`, "not-ready");
  const lost = await backupLost(turn);
  if (lost !== null) return refuse(turn, lost, "backup-lost");
  const made = password(turn);
  if ("failed" in made) return refuse(turn, made.failed, "password");
  const expected = expectedFor(tools.store.latest(finishedMax), request);
  const saved = await edit(tools, request, (r) => {
    const running = r as Of<"running">;
    const attempt = { ...lastAttempt(running), ...(expected === null ? {} : { expected }) };
    const acting = withStep(attempt, "reinstall", {
      state: "acting",
      startedAt: turn.step.startedAt ?? now,
      before: server,
      signedAt: now,
      says: undefined,
      heldSince: undefined,
    });
    return { ...withAttempt(running, acting), ...(made.keep === undefined ? {} : { secret: made.keep }) };
  });
  if (saved?.status !== "running") return now;
  // Counted from before the reading: what it says, and the time the order is signed with, must still hold.
  if (tools.clock.mono() - turn.beganAt > stallMs)
    return notSent(turn, "The bot stalled before sending; nothing was sent.");
  const act: Act = { kind: "once", act: "reinstall", id: actId(saved), order: ordered(saved), ...made.secret };
  let answer: Answer;
  try {
    answer = await cloud.send(act, server, now);
  } catch {
    return doubt(turn, "The order was sent and no clear answer came.");
  }
  return record(turn, answer);
}

async function record(turn: Turn, answer: Answer): Promise<number> {
  const { tools, request, attempt, now } = turn;
  if ("notSent" in answer) return notSent(turn, answer.notSent.says, answer.notSent.code);
  await merge(tools, request.id, attempt.n, (current, mine) => {
    if ("refused" in answer) {
      const unsent = withStep(mine, "reinstall", { signedAt: undefined });
      return failAttempt(
        withAttemptOf(current, unsent),
        { ...answer.refused, ...nothingErased(tools.clock.now()) },
        turn.server,
      );
    }
    const waiting = withStep(mine, "reinstall", { state: "waiting", receipt: answer.accepted });
    return showGenerated(withAttemptOf(current, waiting), now);
  });
  return nextLook(tools, now);
}

/** It provably never left, or was throttled: the same attempt sends it later, with a new signing time. */
async function notSent(turn: Turn, says: string, code = "not-sent"): Promise<number> {
  const { tools, request, attempt, step, now } = turn;
  const back = await merge(tools, request.id, attempt.n, (current, mine) => {
    const todo: Partial<Step> = {
      state: "todo",
      signedAt: undefined,
      before: undefined,
      heldSince: step.heldSince ?? now,
    };
    return withAttemptOf(current, withStep(mine, "reinstall", todo));
  });
  if (back?.status !== "running") return now;
  const again = lastAttempt(back);
  const held = { ...turn, request: back, attempt: again, step: stepOf(again, "reinstall") ?? step };
  return scattered(tools, await hold(held, says, code));
}

async function doubt(turn: Turn, says: string): Promise<number> {
  const { tools, request, attempt, now } = turn;
  await merge(tools, request.id, attempt.n, (current) => toUnsure(current, [says], now));
  return nextLook(tools, now);
}

/** `acting` without an answer, found by another turn: a crash or a stall. It is never sent again from here. */
async function found(turn: Turn): Promise<number> {
  return doubt(turn, "The bot was interrupted while it sent the order, so it may or may not have reached the cloud.");
}

/** The cloud has the order: look until there is proof of how it ended. */
async function follow(turn: Turn): Promise<number> {
  const { tools, request, cloud, server, step, now } = turn;
  const look = await lookAt(cloud, request, step, server);
  switch (look.is) {
    case "working": {
      const receipt = step.receipt;
      if (receipt !== undefined && look.facts !== undefined) {
        await editStep(tools, request, "reinstall", {
          receipt: { ...receipt, facts: { ...receipt.facts, ...look.facts } },
        });
        return nextLook(tools, now);
      }
      return workingOn(turn, look.says);
    }
    case "done":
      if (look.proof === "state")
        return doubtful(turn, ["The server looks ready, but nothing proves that it was this order."]);
      await editStep(tools, request, "reinstall", { state: "done", endedAt: now, proof: look.proof, says: undefined });
      return now;
    case "failed": {
      const failure = { ...look.refusal, ...nothingErased(now), erased: "likely" as const };
      await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
      return now;
    }
    default:
      return doubtful(turn, look.evidence);
  }
}

async function workingOn(turn: Turn, says: string | undefined): Promise<number> {
  const { tools, request, cloud, attempt, step, now } = turn;
  const took = now - (step.signedAt ?? now);
  const { reinstall: patience } = cloud.traits.patienceMs;
  if (took > patience) {
    return doubtful(turn, [
      `${cloud.traits.title} took the order ${Math.round(took / 60_000)} minutes ago and still works on it.`,
    ]);
  }
  const shown = shownMinute(now);
  const outlasted = step.outlasted || outlasts(took, attempt.expected) ? true : undefined;
  if (step.checkedAt !== shown || step.says !== says || step.heldSince !== undefined || step.outlasted !== outlasted) {
    await editStep(tools, request, "reinstall", { checkedAt: shown, says, heldSince: undefined, outlasted });
  }
  return nextLook(tools, now);
}

/** Right after acceptance the old picture may still be shown; only past that is it a doubt. */
async function doubtful(turn: Turn, evidence: readonly string[]): Promise<number> {
  const { tools, request, cloud, step, now } = turn;
  if (now - (step.signedAt ?? now) <= cloud.traits.lagMs) return workingOn(turn, step.says);
  await edit(tools, request, (r) => toUnsure(r as Of<"running">, evidence, now));
  return now;
}

export function lookAt(cloud: Cloud, request: Started, step: Step, now: Server): Promise<Look> {
  const act: Act = { kind: "once", act: "reinstall", id: actId(request), order: ordered(request) };
  return cloud.look(act, step.before ?? request.drawn, now, step.receipt ?? null);
}

export function actId(request: Request & Started): string {
  return `${request.id}/${lastAttempt(request).n}/reinstall`;
}

type Made = { secret: { secret: Secret } | Record<string, never>; keep?: Request["secret"] } | { failed: string };

/** The typed password opened, or a generated one made and sealed; nothing for other logins. */
function password(turn: Turn): Made {
  const { tools, request, cloud, server } = turn;
  const { kind } = request.order.login;
  if (kind !== "typed" && kind !== "generated") return { secret: {} };
  try {
    if (request.secret !== undefined) {
      return { secret: { secret: tools.sealer.open(request.secret.sealed, boundTo(request)) } };
    }
    if (kind === "typed") return { failed: "The typed password is no longer kept. Ask again and type it anew." };
    const rules = cloud.choices(server, request.order.image).password;
    if (rules === undefined) return { failed: "No password can be set here." };
    const secret = generate(rules, tools.random);
    return { secret: { secret }, keep: { sealed: tools.sealer.seal(secret, boundTo(request)), kind: "generated" } };
  } catch {
    return { failed: "The password cannot be opened with the sealing key that is configured now. Ask again." };
  }
}

async function refuse(turn: Turn, says: string, code: string): Promise<number> {
  const { tools, request, server, now } = turn;
  const failure = { says, code, requestId: "", ...nothingErased(now), retry: false };
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}

function nothingErased(at: number): Pick<Failure, "at" | "step" | "erased" | "retry"> {
  return { at, step: "reinstall", erased: "nothing", retry: true };
}
