/** The only place that makes the requests which the benchmark stores: one as the adapter of Tencent Cloud and the flows would write it, told apart by its id and its server. */
import { type Of, Request } from "../src/request.ts";

/** Numbers below this are for open requests, those above for finished ones. */
export const openMax = 100_000;

const letters = "abcdefghijklmnopqrstuvwxyz234567";

/** A request id that says its number. */
export function idOf(n: number): string {
  return `r${[...n.toString(32).padStart(10, "0")].map((digit) => letters[Number.parseInt(digit, 32)]).join("")}`;
}

/** A request of whose end nobody knows: its buttons may be pressed again and again, and each press is a change. */
export function unsure(of: Of<"running">, n: number): Request {
  const evidence = ["state RUNNING", "same system disk", "same image"];
  return Request.parse({ ...numbered(of, n), status: "unsure", since: of.askedAt, evidence });
}

export function done(of: Of<"running">, n: number): Request {
  const { secret: _, ...rest } = numbered(of, n);
  return Request.parse({ ...rest, status: "done", endedAt: of.askedAt, proof: "receipt", found: rest.drawn });
}

function numbered(of: Of<"running">, n: number): Of<"running"> {
  const server = { ...of.order.server, id: `ins-${n.toString(36).padStart(8, "0")}` };
  return { ...of, id: idOf(n), order: { ...of.order, server }, drawn: { ...of.drawn, ref: server } };
}
