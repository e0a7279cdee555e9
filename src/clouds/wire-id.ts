/** The only place for ids that a cloud gives and that go back to it in an address. */
import * as z from "zod";

/** Half of a surrogate pair is no text: it cannot be put into an address, and `encodeURIComponent` throws. */
const half = /\p{Surrogate}/u;

/** An entry without a readable id is a strange one, and is left out by itself. */
export const WireId = z.string().refine((text) => !half.test(text));

/** Never throws: an id that somebody made up must not keep the others of the same call from being read. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}
