/** The only place where a flow writes a record. */
import type { Attempt, Request, Started, Step, StepId } from "../request.ts";
import { raise } from "./record.ts";
import { lastAttempt, withAttempt, withStep } from "./steps.ts";
import type { FlowTools } from "./tools.ts";

/**
 * Applies `fn` to the record as the turn read it. Null when somebody changed it meanwhile: then nothing is written,
 * and the turn is taken again from what stands now.
 */
export async function edit<R extends Request>(
  tools: FlowTools,
  request: R,
  fn: (request: R) => Request,
  by = "bot",
): Promise<Request | null> {
  return tools.store.change<Request | null>((records) => {
    const current = records.get(request.id);
    if (current === null || current.revision !== request.revision) return { put: [], give: null };
    const next = fn(raise(request));
    return { put: [next], give: next, by };
  });
}

/** The same for one step of the last attempt. */
export async function editStep<R extends Started>(
  tools: FlowTools,
  request: R,
  id: StepId,
  change: Partial<Step>,
): Promise<Request | null> {
  return edit(tools, request, (r) => withAttempt(r, withStep(lastAttempt(r), id, change)));
}

/**
 * Writes what came of an act into its step, whatever has become of the request by then: an answer is never dropped.
 * `fn` sees the request as it stands and the attempt the act belongs to.
 */
export async function merge(
  tools: FlowTools,
  id: string,
  attempt: number,
  fn: (request: Started, attempt: Attempt) => Request,
): Promise<Request | null> {
  return tools.store.change<Request | null>((records) => {
    const current = records.get(id);
    if (current === null || !("attempts" in current)) return { put: [], give: null };
    const mine = current.attempts.find((one) => one.n === attempt);
    if (mine === undefined) return { put: [], give: null };
    const next = fn(raise(current), mine);
    return { put: [next], give: next, by: "bot" };
  });
}

/** Times that are only shown are kept to the minute, so that looking does not rewrite the record at every look. */
export function shownMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
