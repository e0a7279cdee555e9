/** The only place that says whether a key pair, known to its cloud by its name alone, is still the one that was chosen. */
import { shortName } from "../line.ts";
import type { KeyPair, Login } from "./cloud.ts";

/**
 * Deleted and made anew under the same name it lets somebody else in. The recheck before anything is done is where this is seen; from then
 * on the name is all that an order carries. Without a fingerprint on either side nothing can be compared.
 */
export function keyPairRemade(login: Login | undefined, pairs: readonly KeyPair[] | null): string | null {
  if (login?.kind !== "key-pair" || !login.fingerprint) return null;
  const now = pairs?.find(({ id }) => id === login.id)?.fingerprint;
  if (!now || now === login.fingerprint) return null;
  return `The key pair ${shortName(login.name, login.id)} is no longer the one that was chosen: its fingerprint was ${login.fingerprint} and is ${now}. Whoever holds the new key could log in, so ask again if it is meant.`;
}

/** Absent where the cloud shows none. */
export function withFingerprint(pair: KeyPair, fingerprint: string | null | undefined): KeyPair {
  return fingerprint ? { ...pair, fingerprint } : pair;
}
