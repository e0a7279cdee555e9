/** The only place that decides whether a request over HTTP comes from Slack, now, and for the first time. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "./secret.ts";

export interface Signed {
  /** X-Slack-Request-Timestamp and X-Slack-Signature, or "". */
  timestamp: string;
  signature: string;
  /** As it came, before anything read it. */
  body: Uint8Array;
}

/** Why a request is not believed; "crowded": there is no room to remember it, so it could be taken twice. */
export type Doubt = "unsigned" | "stale" | "future" | "before-start" | "forged" | "replayed" | "crowded";

/** Slack's own advice. */
export const staleMs = 5 * 60_000;
/**
 * Slack dates a request when it sends it, so only clocks that differ make it look ahead of time. A minute forgives a clock
 * that nobody keeps; more would only give a stolen request longer to live, above all past a restart, which forgets what was seen.
 */
export const aheadMs = 60_000;
/** Fifty requests a second for as long as each must be remembered. */
const rememberedMax = 20_000;

/**
 * Gives null for a request that is believed, and never believes it again. What an earlier process took is not known here,
 * so nothing dated before `startedAt` (wall time, ms) is taken.
 */
export function proofs(given: { secret: Secret; startedAt: number; now: () => number; max?: number }) {
  const { secret, now, max = rememberedMax } = given;
  const startedAt = Math.floor(given.startedAt / 1_000) * 1_000;
  const seen = new Map<string, number>();
  return (request: Signed): Doubt | null => {
    const at = now();
    const wrong = doubtOf(request, secret, startedAt, at);
    if (wrong !== null) return wrong;
    // Kept in the order they came, and all of them equally long.
    for (const [signature, forgetAt] of seen) {
      if (forgetAt >= at) break;
      seen.delete(signature);
    }
    if (seen.has(request.signature)) return "replayed";
    if (seen.size >= max) return "crowded";
    seen.set(request.signature, at + staleMs + aheadMs);
    return null;
  };
}

/** What can be said before any of the body is read. */
export function doubtAtSight({ timestamp, signature }: Omit<Signed, "body">, now: number): Doubt | null {
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return "unsigned";
  const sentAt = Number(timestamp) * 1_000;
  if (now - sentAt > staleMs) return "stale";
  return sentAt - now > aheadMs ? "future" : null;
}

function doubtOf(signed: Signed, secret: Secret, startedAt: number, now: number): Doubt | null {
  const atSight = doubtAtSight(signed, now);
  if (atSight !== null) return atSight;
  if (!isOurs(signed, secret)) return "forged";
  return Number(signed.timestamp) * 1_000 < startedAt ? "before-start" : null;
}

function isOurs({ timestamp, signature, body }: Signed, secret: Secret): boolean {
  const expected = createHmac("sha256", secret.open()).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), "hex"));
}
