/** The only place that decides what JD Cloud's word on an act means for the flow: accepted, refused, not sent, or nobody knows. */

import { NotSent } from "../seams.ts";
import type { Secret } from "../secret.ts";
import type { Answer, Facts } from "./cloud.ts";
import { type Reply, Unclear } from "./jdcloud-call.ts";
import { classify, codeOf, type JdAction } from "./jdcloud-errors.ts";
import { withoutSecret } from "./redact.ts";

/** `facts` go into the receipt. Throws `Unclear` when the server must be looked at. */
export async function answerOf(
  sending: Promise<Reply>,
  action: JdAction,
  facts: Facts,
  secret?: Secret,
): Promise<Answer> {
  let reply: Reply;
  try {
    reply = await sending;
  } catch (cause) {
    if (!(cause instanceof NotSent)) throw cause;
    return { notSent: { code: "not-sent", requestId: "", says: "JD Cloud could not be reached; nothing was sent." } };
  }
  const { requestId } = reply;
  if (reply.taken) return { accepted: { id: requestId, facts } };
  // What it means follows from the words as they came, what is told from those without the password.
  const error = { ...reply.error, message: withoutSecret(reply.error.message, secret) };
  const { is } = classify(reply.error, action);
  const { says } = classify(error, action);
  const refusal = { code: codeOf(error), requestId, says };
  switch (is) {
    case "refused":
      return { refused: refusal };
    case "not-sent":
      return { notSent: refusal };
    case "already":
      return { accepted: { id: requestId, facts } };
    case "look":
      throw new Unclear(`${action} was answered with ${refusal.code}`);
  }
}
