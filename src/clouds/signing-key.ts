/** The only place that derives the key which signs the calls of one day, region and service from the secret of an account. */
import { createHmac } from "node:crypto";
import type { Secret } from "../secret.ts";

/** `scope` is what the key is good for; each word of it goes into the key in turn. */
export type KeyOf = (scope: readonly string[]) => Buffer;

const keysMax = 100;

/** Calls come in rows with one scope, so its key is kept; those of past days go when there are many. */
export function signingKeys(prefix: string, secret: Secret): KeyOf {
  const known = new Map<string, Buffer>();
  return (scope) => {
    const name = scope.join("/");
    const found = known.get(name);
    if (found !== undefined) return found;
    if (known.size >= keysMax) known.clear();
    const key = scope.reduce<Buffer>(hmac, Buffer.from(`${prefix}${secret.open()}`));
    known.set(name, key);
    return key;
  };
}

export function signatureOf(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text, "utf8").digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}
