/** The only place where time passes: one row of moments, the earliest first, and nothing between them. */
import type { Clock } from "../src/seams.ts";

/** Whoever waits. The moments of a dead one never come; those of a stalled one come when it wakes. */
export interface Owner {
  alive: boolean;
  stalledUntil: number;
}

interface Moment {
  at: number;
  order: number;
  owner: Owner | null;
  run: (() => void) | null;
}

export class Time {
  now: number;
  #order = 0;
  #heap: Moment[] = [];

  constructor(start: number) {
    this.now = start;
  }

  /** Runs so many milliseconds from now; gives the way to call it off. */
  in(ms: number, owner: Owner | null, run: () => void): () => void {
    this.#order += 1;
    const moment: Moment = { at: this.now + Math.max(0, ms), order: this.#order, owner, run };
    this.#push(moment);
    return () => {
      moment.run = null;
    };
  }

  /** The next moment comes; false when there is none. */
  step(): boolean {
    for (;;) {
      const moment = this.#pop();
      if (moment === undefined) return false;
      const { owner, run } = moment;
      if (run === null || owner?.alive === false) continue;
      if (owner !== null && owner.stalledUntil > moment.at) {
        moment.at = owner.stalledUntil;
        this.#push(moment);
        continue;
      }
      this.now = Math.max(this.now, moment.at);
      run();
      return true;
    }
  }

  #push(moment: Moment): void {
    const heap = this.#heap;
    heap.push(moment);
    let at = heap.length - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !earlier(moment, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = moment;
  }

  #pop(): Moment | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      if (child === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && earlier(right, child)) {
        child = right;
        down += 1;
      }
      if (!earlier(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

function earlier(one: Moment, other: Moment): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** The clock of one process: its waits end with it, and its wall time may be wrong. */
export function clockOf(time: Time, owner: Owner, offsetMs: () => number): Clock {
  return {
    now: () => Math.floor(time.now + offsetMs()),
    mono: () => time.now,
    after: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          callOff();
          reject(signal?.reason);
        };
        const callOff = time.in(ms, owner, () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        signal?.addEventListener("abort", stop, { once: true });
      }),
  };
}
