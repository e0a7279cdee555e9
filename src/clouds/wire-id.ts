/** The only place for ids that a cloud gives and that go back to it in an address. */
import * as z from "zod";

/** Half of a surrogate pair is no text: it cannot be put into an address, and `encodeURIComponent` throws. */
const half = /\p{Surrogate}/u;

/** An entry without a readable id is a strange one, and is left out by itself. */
export const WireId = z.string().refine((text) => !half.test(text));

/** Nothing in it is ever encoded, by whatever rule: most of what goes into an address is of this kind. */
const plain = /^[A-Za-z0-9_.~-]*$/;

export function isPlain(text: string): boolean {
  return plain.test(text);
}

/** Never throws: an id that somebody made up must not keep the others of the same call from being read. */
export function percentEncoded(text: string): string {
  return isPlain(text) ? text : encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}

/** Everything but the unreserved characters of RFC 3986 is percent-encoded, as signatures want it. */
export function strictlyEncoded(text: string): string {
  if (isPlain(text)) return text;
  return percentEncoded(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
