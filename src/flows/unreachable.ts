/** The only place for a request whose account has left the config: it waits for an admin, and then ends truthfully instead of standing for ever. */
import type { Failure, Of, StepId } from "../request.ts";
import { edit, editStep } from "./edit.ts";
import { failAttempt, toUnsure } from "./end.ts";
import { erasedBy } from "./hold.ts";
import { currentStep, lastAttempt, stepOf } from "./steps.ts";
import type { FlowTools } from "./tools.ts";

const patienceMs = 15 * 60_000;
export const noAccount = "The bot's config no longer names an account for this server.";

export async function unreachable(tools: FlowTools, request: Of<"running">, id: StepId, says: string): Promise<number> {
  const now = tools.clock.now();
  const attempt = lastAttempt(request);
  const since = currentStep(attempt)?.heldSince ?? now;
  if (now - since <= patienceMs) {
    const { heldSince, says: said } = currentStep(attempt) ?? {};
    if (heldSince === undefined || said !== says) await editStep(tools, request, id, { heldSince: since, says });
    return now + 60_000;
  }
  const wiped = stepOf(attempt, "reinstall");
  if (wiped?.signedAt !== undefined && wiped.state !== "done") {
    await edit(tools, request, (r) => toUnsure(r as Of<"running">, [says], now));
    return now;
  }
  await edit(tools, request, (r) => closed(r as Of<"running">, failure(now, id, says, erasedBy(id))));
  return now;
}

/** Nobody can look any more, so an approver's word closes it; what it says of the disk is that person's word. */
export async function unreachableDoubt(tools: FlowTools, request: Of<"unsure">, says: string): Promise<number> {
  const now = tools.clock.now();
  const word = request.saidRan ?? request.saidNotRun;
  if (word === undefined) return now + 60_000;
  const ran = request.saidRan !== undefined;
  const told = `${says} ${ran ? "An approver says that it was reinstalled." : "An approver says that it was not reinstalled."} It could not be checked.`;
  await edit(tools, request, (r) =>
    closed(r as Of<"unsure">, failure(now, "reinstall", told, ran ? "likely" : "unknown")),
  );
  return now;
}

function failure(at: number, step: StepId, words: string, erased: Failure["erased"]): Failure {
  return { at, step, says: words, code: "no-account", requestId: "", erased, retry: false };
}

/** Nothing can be put back without an account, so the attempt ends as it stands. */
function closed(request: Of<"running"> | Of<"unsure">, why: Failure) {
  return failAttempt(request, why, undefined, { putBack: false });
}
