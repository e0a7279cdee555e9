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
/** Nobody is told to stay away for longer, however long the line: places are given up, and clocks jump. */
const lineMostMs = 20_000;

interface Bucket {
  tokens: number;
  at: number;
  /** By request, when those who wait were told to come back: a thousand that all came for the next token would all be drawn for it. */
  line: Map<string, { at: number; rank: number }>;
}

const ranks = { final: 0, approval: 1, reply: 2, progress: 3 } as const satisfies Record<Picture["urgency"], number>;

export interface Pace {
  /** Milliseconds to wait before this may go out; 0 takes a token. A request has one place in a line, however often it asks. */
  wait(how: "post" | "edit", channel: string, urgency: Picture["urgency"], now: number, request: string): number;
  /** Slack asked to wait, or did not answer: nothing goes out until then; without a time it backs off. */
  pause(now: number, forMs?: number): void;
  /** Slack answered. */
  resume(): void;
}

export function pace(): Pace {
  const posts = new Map<string, Bucket>();
  const edits: Bucket = { tokens: editsBurst, at: 0, line: new Map() };
  let pausedUntil = 0;
  let failures = 0;
  return {
    wait(how, channel, urgency, now, request) {
      if (now < pausedUntil) return pausedUntil - now;
      const wish = { request, rank: ranks[urgency], now };
      const kept = urgency === "progress" ? editsKept : 0;
      if (how === "edit") return take(edits, { perMs: editsPerMs, burst: editsBurst, kept, ...wish });
      const bucket = posts.get(channel) ?? { tokens: postsBurst, at: now, line: new Map() };
      posts.set(channel, bucket);
      if (posts.size > 1000) posts.clear();
      return take(bucket, { perMs: postsPerMs, burst: postsBurst, kept: 0, ...wish });
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

interface Wish {
  request: string;
  perMs: number;
  burst: number;
  kept: number;
  rank: number;
  now: number;
}

/** A clock that was set back only delays the filling, never empties or overfills the bucket. */
function take(bucket: Bucket, wish: Wish): number {
  const { perMs, burst, kept, now } = wish;
  bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
  bucket.at = now;
  if (bucket.tokens < 1 + kept) return placeInLine(bucket, wish);
  bucket.tokens -= 1;
  bucket.line.delete(wish.request);
  return 0;
}

/** Behind those who wait already and are no less urgent, one token each. Whose time has come is next, if somebody else was quicker. */
function placeInLine({ tokens, line }: Bucket, { request, perMs, kept, rank, now }: Wish): number {
  const nextMs = (1 + kept - tokens) / perMs;
  for (const [each, { at }] of line) if (at < now - lineMostMs) line.delete(each);
  const place = line.get(request);
  const stands = place !== undefined && place.rank <= rank ? place : undefined;
  const ahead = () => [...line].filter(([each, other]) => each !== request && other.rank <= rank && other.at > now);
  const at = Math.max(now + nextMs, stands?.at ?? now + nextMs + ahead().length / perMs);
  line.set(request, { at, rank: stands?.rank ?? rank });
  return Math.ceil(Math.min(at - now, Math.max(nextMs, lineMostMs)));
}
