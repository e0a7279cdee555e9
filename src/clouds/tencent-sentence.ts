/** The only place that turns an error code of Tencent Cloud, known or not, into a sentence. */
import type { Secret } from "../secret.ts";
import { withoutSecret } from "./redact.ts";
import { sentences } from "./tencent-errors.ts";

const excerptMax = 200;

/** By the exact code, else by its beginning up to a dot. Only a code that nobody knows brings the provider's own words, cut short. */
export function sentenceOf(code: string, message: string, secret?: Secret): string {
  const known = knownSentence(code);
  if (known !== null) return known;
  const words = excerpt(message, secret);
  return `Tencent Cloud refused with a code that I do not know${words === "" ? "." : `. It says: “${words}”.`}`;
}

/** Null when neither the code nor any beginning of it is in the table. */
export function knownSentence(code: string): string | null {
  const parts = code.split(".");
  for (let length = parts.length; length > 0; length--) {
    const says = sentences.get(parts.slice(0, length).join("."));
    if (says !== undefined) return says;
  }
  return null;
}

/** The provider's words in one short line, without the password should it repeat it. */
export function excerpt(message: string, secret?: Secret): string {
  const safe = withoutSecret(message, secret);
  const line = safe.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length <= excerptMax ? line : `${line.slice(0, excerptMax - 1).trimEnd()}…`;
}
