/** The only place that knows the envelope of Tencent Cloud API 3.0: every business answer is HTTP 200, good or bad. */
import type { SimReply } from "./sim.ts";
import type { TencentState } from "./tencent-state.ts";

export interface Refusal {
  code: string;
  message: string;
}

/** One call that passed the door: known, signed, its parameters of the right names and types. */
export interface Call<Params> {
  action: string;
  region: string;
  params: Params;
  requestId: string;
  now: number;
}

export type Outcome = { give: Readonly<Record<string, unknown>> } | { refuse: Refusal };
export type Answered = readonly [TencentState, Outcome];

export function refusal(code: string, message: string): Refusal {
  return { code, message };
}

export function refuse(state: TencentState, refused: Refusal): Answered {
  return [state, { refuse: refused }];
}

export function reply(requestId: string, outcome: Outcome): SimReply {
  const inside =
    "give" in outcome
      ? { ...outcome.give, RequestId: requestId }
      : { Error: { Code: outcome.refuse.code, Message: outcome.refuse.message }, RequestId: requestId };
  return {
    status: 200,
    headers: { "content-type": "application/json", server: "nginx" },
    body: JSON.stringify({ Response: inside }),
    how: "answer",
  };
}

/** What stands in front of the service when the service itself is not there. */
export function gatewayReply(status: number, words: string): SimReply {
  return { status, headers: { "content-type": "text/html" }, body: `<html><h1>${words}</h1></html>`, how: "answer" };
}

export function silence(how: "lost" | "hang"): SimReply {
  return { status: 0, headers: {}, body: "", how };
}
