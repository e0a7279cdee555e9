/** The only place that decides what the answer to an order means: taken, refused, not sent, or nobody knows. */
import { type HttpResponse, NotSent } from "../seams.ts";
import type { Answer, Refusal } from "./cloud.ts";
import { jsonOf, requestIdOf } from "./huawei-call.ts";
import { explain } from "./huawei-errors.ts";
import { errorOf, JobAnswer } from "./huawei-wire.ts";
import { percentEncoded } from "./wire-id.ts";

/** Nobody knows whether the order took: only looking can tell. Holds no part of the request or the answer but codes. */
export class AnswerUnclear extends Error {
  override name = "AnswerUnclear";
}

/** `jobPath` is where the job of this order can be asked for, with `{job}` for its id. */
export async function answerOf(sending: Promise<HttpResponse>, jobPath: string): Promise<Answer> {
  let response: HttpResponse;
  try {
    response = await sending;
  } catch (error) {
    if (!(error instanceof NotSent)) throw error;
    const says = "The cloud could not be reached, so the order never left.";
    return { notSent: { code: "not-connected", requestId: "", says } };
  }
  return judged(response, jobPath);
}

function judged(response: HttpResponse, jobPath: string): Answer {
  const body = jsonOf(response);
  const requestId = requestIdOf(response);
  const job = JobAnswer.safeParse(body);
  if (response.status >= 200 && response.status < 300 && job.success) {
    const id = job.data.job_id;
    return {
      accepted: { id, facts: { job: jobPath.replace("{job}", () => percentEncoded(id)), request: requestId } },
    };
  }
  const error = errorOf(body);
  const known = error ? explain(error.code, error.message) : null;
  const refusal: Refusal = {
    code: error?.code ?? `HTTP ${response.status}`,
    requestId,
    says: known?.says ?? "Too many calls at once; the cloud asks to try again later.",
  };
  // Throttling comes as a 429 in two envelopes, or as a 202 with an error in it.
  if (response.status === 429 || (known?.verdict === "later" && response.status < 500)) return { notSent: refusal };
  const isNo = response.status >= 400 && response.status < 500 && known?.verdict === "refused";
  if (isNo) return { refused: refusal };
  throw new AnswerUnclear(`The answer leaves it open: HTTP ${response.status}, ${refusal.code}, request ${requestId}`);
}
