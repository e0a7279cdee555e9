/** The only place that plays time for stories: it moves only when a test lets it. */
import type { Clock } from "../../src/seams.ts";

export interface StoryClock extends Clock {
  /** Moves time on and ends every wait that is over, in order. */
  pass(ms: number): void;
  /** As for a process that stands still: time moves on, and no wait ends before it passes again. */
  stall(ms: number): void;
  /** Somebody sets the wall clock: no wait ends sooner or later for it. */
  jump(ms: number): void;
  /** The next moment at which a wait ends; null when nobody waits. */
  next(): number | null;
}

export function storyClock(start: number): StoryClock {
  let now = start;
  let jumped = 0;
  const waits = new Set<{ at: number; end: () => void }>();
  return {
    now: () => now,
    mono: () => now - jumped - start,
    after: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = (): void => {
          waits.delete(wait);
          reject(signal?.reason);
        };
        const end = (): void => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const wait = { at: now + Math.max(0, ms), end };
        waits.add(wait);
        signal?.addEventListener("abort", stop, { once: true });
      }),
    pass(ms) {
      now += ms;
      for (const wait of [...waits].sort((a, b) => a.at - b.at)) {
        if (wait.at > now) break;
        waits.delete(wait);
        wait.end();
      }
    },
    stall(ms) {
      now += ms;
    },
    jump(ms) {
      now += ms;
      jumped += ms;
      for (const wait of waits) wait.at += ms;
    },
    next: () => (waits.size === 0 ? null : Math.min(...[...waits].map(({ at }) => at))),
  };
}
