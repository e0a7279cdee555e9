/** The only place where a step waits for a cloud that cannot be asked, is busy, or takes no orders just now, and where that patience ends. */
import type { Failure, Of, StepId } from "../request.ts";
import { edit, editStep } from "./edit.ts";
import { failAttempt, toUnsure } from "./end.ts";
import { lastAttempt, stepOf, withAttempt, withStep } from "./steps.ts";
import { nextLook } from "./tools.ts";
import type { Turn } from "./turn.ts";

type Waiting = Omit<Turn, "server"> & Partial<Pick<Turn, "server">>;

/** Keeps the step as it is, says why on the board, and comes back; after its patience the attempt ends truthfully. */
export async function hold(turn: Waiting, says: string, code: string): Promise<number> {
  const { tools, request, step, now } = turn;
  const since = step.heldSince ?? now;
  if (now - since > patienceOf(turn)) return over(turn, says, code);
  if (step.heldSince === undefined || step.says !== says) {
    await editStep(tools, request, turn.id, { heldSince: since, says, startedAt: step.startedAt ?? now });
  }
  return Math.min(now + 60_000, nextLook(tools, now, 2));
}

export function patienceOf({ cloud, id, attempt }: Waiting): number {
  const { patienceMs } = cloud.traits;
  const sent = stepOf(attempt, "reinstall")?.signedAt !== undefined;
  if (sent || id === "verify") return patienceMs.reinstall;
  // A server may be busy for as long as its image is being made, also when nobody waits for that any more.
  const image = stepOf(attempt, "backup");
  const copied = id === "put-back" && image?.signedAt !== undefined && image.state !== "done";
  return copied ? Math.max(patienceMs.busy, patienceMs.backup) : patienceMs.busy;
}

async function over(turn: Waiting, says: string, code: string): Promise<number> {
  const { tools, request, cloud, attempt, step, now, server } = turn;
  const sent = stepOf(attempt, "reinstall");
  if (turn.id === "put-back") {
    await edit(tools, request, (r) =>
      withAttempt(
        r as Of<"running">,
        withStep(lastAttempt(r as Of<"running">), "put-back", { state: "skipped", says }),
      ),
    );
    return now;
  }
  // Once the reinstall is proved, only what comes after it is in question.
  if (sent?.signedAt !== undefined && sent.state !== "done") {
    await edit(tools, request, (r) => toUnsure(r as Of<"running">, [says], now));
    return now;
  }
  const waited = Math.round((now - (step.heldSince ?? now)) / 60_000);
  const failure: Failure = {
    at: now,
    step: turn.id,
    says: `Waited ${waited} minutes. ${says}`,
    code,
    requestId: "",
    erased: erasedBy(turn.id),
    retry: true,
  };
  tools.log.warn("patience is over", { request: request.id, step: turn.id, cloud: cloud.traits.title });
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}

/** What is known of the system disk when this step fails. */
export function erasedBy(id: StepId): Failure["erased"] {
  return id === "start" || id === "verify" ? "likely" : "nothing";
}
