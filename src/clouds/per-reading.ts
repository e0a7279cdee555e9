/** The only place where what is asked about one reading of a server, by whoever has that reading, becomes one call. */
import type { Clock } from "../seams.ts";
import type { Server, ServerRef } from "./cloud.ts";

type Ask<About extends readonly string[], T> = (server: Server, ...about: About) => Promise<T>;

/** A form is drawn within 8 s. Who has had a reading for longer than this wants to know how things are now. */
const youngMs = 10_000;

/** Whoever reads the server afresh asks afresh, as every turn of a flow does. What failed is asked again. */
export function perReading<About extends readonly string[], T>(clock: Clock, ask: Ask<About, T>): Ask<About, T> {
  const known = new WeakMap<Server, Map<string, { at: number; answer: Promise<T> }>>();
  return (server, ...about) => {
    const id = about.join("\n");
    const asked = known.get(server) ?? new Map<string, { at: number; answer: Promise<T> }>();
    const before = asked.get(id);
    if (before !== undefined && clock.mono() - before.at <= youngMs) return before.answer;
    const answer = ask(server, ...about);
    known.set(server, asked.set(id, { at: clock.mono(), answer }));
    answer.catch(() => {
      if (asked.get(id)?.answer === answer) asked.delete(id);
    });
    return answer;
  };
}

/** The reading itself, unless it was asked for under another name of the account: those who share a reading share what is asked about it. */
export function calledAs(ref: ServerRef, reading: Server): Server {
  return reading.ref.account === ref.account ? reading : { ...reading, ref };
}
