/** The only place for Slack's rate limits: a bucket for each method, and one for each channel that is posted to. */
import type { State } from "./state.ts";

/** Calls a minute, by tier. Tier 1 promises "1+"; reconnecting sockets are seen to get more. https://docs.slack.dev/apis/web-api/rate-limits */
const perMinute = { 1: 10, 2: 20, 3: 50, 4: 100, special: 300 } as const;
export type Tier = keyof typeof perMinute;

/** About one message a second in a channel, short bursts allowed, several hundred a minute in all. */
const postBurst = 5;
const postsPerMinute = { channel: 60, workspace: 300 } as const;

/** Takes one token, or says after how many seconds there will be one. */
export function takeCall(state: State, method: string, tier: Tier, now: number): [State, number | null] {
  return take(state, method, perMinute[tier], perMinute[tier], now);
}

export function takePost(state: State, channel: string, now: number): [State, number | null] {
  const [afterAll, waitAll] = take(state, "post", postsPerMinute.workspace, postsPerMinute.workspace, now);
  if (waitAll !== null) return [state, waitAll];
  return take(afterAll, `post ${channel}`, postBurst, postsPerMinute.channel, now);
}

function take(state: State, name: string, burst: number, aMinute: number, now: number): [State, number | null] {
  const bucket = state.buckets[name] ?? { level: burst, at: now };
  const level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) * aMinute) / 60_000);
  if (level < 1) return [state, Math.max(1, Math.ceil(((1 - level) * 60) / aMinute))];
  return [{ ...state, buckets: { ...state.buckets, [name]: { level: level - 1, at: now } } }, null];
}
