/** The only place that knows which records want a turn, and which have one now. In memory alone: after a start all of them do. Times in are wall times; inside only the monotonic clock counts. */
import type { Clock } from "./seams.ts";

export interface DueList {
  /** A record became hot: due at once. */
  add(ids: Iterable<string>): void;
  remove(id: string): void;
  take(now: number, max: number, leaseMs: number): readonly string[];
  done(id: string, dueAt: number): void;
  due(id: string): void;
  nextDue(): number | null;
  onDue(wake: (asked?: string) => void): void;
}

interface Turn {
  /** 0 is now, whatever the clock says, so that a clock set back delays nothing. */
  dueAt: number;
  leasedUntil: number | null;
  /** Became due while it was leased. */
  again: boolean;
}

/** A clock that jumps must neither hold a record back for hours nor wake it early for ever: nothing is due later than this from now. */
const farthestMs = 60_000;

export function dueList(clock: Clock): DueList {
  const mono = (at: number): number => clock.mono() + Math.min(farthestMs, Math.max(0, at - clock.now()));
  const turns = new Map<string, Turn>();
  const wakes = new Set<(asked?: string) => void>();

  function wake(asked?: string): void {
    for (const each of wakes) each(asked);
  }
  return {
    add(ids) {
      let fresh = false;
      for (const id of ids) {
        if (turns.has(id)) continue;
        turns.set(id, { dueAt: 0, leasedUntil: null, again: false });
        fresh = true;
      }
      if (fresh) wake();
    },
    remove: (id) => void turns.delete(id),
    take(wall, max, leaseMs) {
      const now = clock.mono() + (wall - clock.now());
      const ready = [...turns].filter(([, turn]) => wantedAt(turn) <= now);
      ready.sort(([, one], [, other]) => one.dueAt - other.dueAt);
      const taken = ready.slice(0, max);
      for (const [, turn] of taken) {
        turn.leasedUntil = now + leaseMs;
        turn.again = false;
      }
      return taken.map(([id]) => id);
    },
    done(id, dueAt) {
      const turn = turns.get(id);
      if (turn === undefined) return;
      turns.delete(id);
      turns.set(id, { dueAt: turn.again ? 0 : mono(dueAt), leasedUntil: null, again: false });
      wake();
    },
    due(id) {
      const turn = turns.get(id);
      if (turn === undefined) return;
      if (turn.leasedUntil === null) turn.dueAt = 0;
      else turn.again = true;
      wake(id);
    },
    nextDue() {
      let next: number | null = null;
      for (const turn of turns.values()) next = Math.min(next ?? Number.POSITIVE_INFINITY, wantedAt(turn));
      if (next === null || next === 0) return next;
      return clock.now() + Math.max(0, next - clock.mono());
    },
    onDue: (each) => void wakes.add(each),
  };
}

/** A lease that ran out means that its turn was lost, so the record is due when the lease ends. */
function wantedAt(turn: Turn): number {
  return turn.leasedUntil ?? turn.dueAt;
}
