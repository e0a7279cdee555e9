/** The only place that keeps the bot under Slack's rates: buckets for posts (a channel) and edits (the workspace), and a pause when Slack is away. */
import type { Picture } from "./views/picture.ts";

/** https://docs.slack.dev/apis/web-api/rate-limits: about one post a second in a channel; chat.update is tier 3, fifty a minute. */
const postsPerMs = 1 / 1100;
const postsBurst = 2;
const editsPerMs = 45 / 60_000;
const editsBurst = 12;
/** Progress leaves this many edits to what matters more. */
const editsKept = 6;
const pauseFirstMs = 1000;
const pauseMostMs = 30_000;

interface Bucket {
  tokens: number;
  at: number;
}

export interface Pace {
  /** Milliseconds to wait before this may go out; 0 takes a token. */
  wait(how: "post" | "edit", channel: string, urgency: Picture["urgency"], now: number): number;
  /** Slack asked to wait, or did not answer: nothing goes out until then; without a time it backs off. */
  pause(now: number, forMs?: number): void;
  /** Slack answered. */
  resume(): void;
}

export function pace(): Pace {
  const posts = new Map<string, Bucket>();
  const edits: Bucket = { tokens: editsBurst, at: 0 };
  let pausedUntil = 0;
  let failures = 0;
  return {
    wait(how, channel, urgency, now) {
      if (now < pausedUntil) return pausedUntil - now;
      if (how === "edit") return take(edits, editsPerMs, editsBurst, urgency === "progress" ? editsKept : 0, now);
      const bucket = posts.get(channel) ?? { tokens: postsBurst, at: now };
      posts.set(channel, bucket);
      if (posts.size > 1000) posts.clear();
      return take(bucket, postsPerMs, postsBurst, 0, now);
    },
    pause(now, forMs) {
      failures += 1;
      const backOff = Math.min(pauseMostMs, pauseFirstMs * 2 ** (failures - 1));
      pausedUntil = Math.max(pausedUntil, now + (forMs ?? backOff));
    },
    resume() {
      failures = 0;
    },
  };
}

/** A clock that was set back only delays the filling, never empties or overfills the bucket. */
function take(bucket: Bucket, perMs: number, burst: number, kept: number, now: number): number {
  bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
  bucket.at = now;
  if (bucket.tokens < 1 + kept) return Math.ceil((1 + kept - bucket.tokens) / perMs);
  bucket.tokens -= 1;
  return 0;
}
