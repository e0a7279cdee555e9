/** The only place that drives requests: takes those that are due, gives each one turn (advance by one move, then publish), and waits. Resuming after a restart is the same loop. */
import type { Traits } from "./clouds/cloud.ts";
import type { Draw } from "./drawings.ts";
import { advance } from "./flows/advance.ts";
import type { FlowTools } from "./flows/tools.ts";
import { keepShown, type PublishTools, publish } from "./publish.ts";
import { isOpen, type Request } from "./request.ts";

export interface LoopTools extends FlowTools, PublishTools {
  /** What a cloud is like, also when its account is no longer in the config. */
  traitsOf(request: Request): Traits;
  draw: Draw;
}

export interface Loop {
  /** Takes no more turns, waits for those in hand, and leaves nothing in memory alone. */
  stop(): Promise<void>;
  /** Turns in hand. */
  inFlight(): number;
}

/** A multiple of what the clouds answer for in one call, so that flows that look together are asked for together. */
const turnsMax = 200;
const leaseMs = 10 * 60_000;
const messagesMax = 20;
/** Between two turns of one request: whatever a turn wants, presses and other requests get a chance. */
const breathMs = 5;
/** The longest sleep: a clock that jumps is noticed within it. */
const sleepMs = 30_000;

export function runLoop(tools: LoopTools): Loop {
  const { store, clock, log } = tools;
  let stopped = false;
  const turns = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  let wake = new AbortController();
  const looks: Looks = { at: new Map(), asked: new Set() };
  const { draw } = tools;
  store.onDue((asked) => {
    if (asked !== undefined) looks.asked.add(asked);
    wake.abort("due");
  });

  async function one(id: string): Promise<void> {
    try {
      const dueAt = await turn(tools, id, looks, draw);
      failures.delete(id);
      store.done(id, Math.max(dueAt, clock.now() + breathMs));
    } catch (cause) {
      const count = (failures.get(id) ?? 0) + 1;
      failures.set(id, count);
      log.error("a turn failed; it is taken again", { request: id, error: nameOf(cause), count });
      store.done(id, clock.now() + Math.min(60_000, 1000 * 2 ** Math.min(count, 6)));
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      wake = new AbortController();
      for (const id of store.take(clock.now(), turnsMax - turns.size, leaseMs)) {
        // A stall outlasts the lease of a turn that is still in hand here: two at once would say everything twice.
        if (turns.has(id)) continue;
        const done = one(id).finally(() => {
          turns.delete(id);
          wake.abort("due");
        });
        turns.set(id, done);
      }
      const next = turns.size >= turnsMax ? null : store.nextDue();
      const wait = Math.min(sleepMs, Math.max(0, (next ?? Number.POSITIVE_INFINITY) - clock.now()));
      await clock.after(wait, wake.signal).catch(() => undefined);
    }
  }

  const running = run();
  return {
    inFlight: () => turns.size,
    async stop() {
      stopped = true;
      wake.abort("due");
      await running;
      await Promise.all(turns.values());
      // Of those that wanted another turn at once, or whose turn failed, it is in memory alone.
      await Promise.all(store.hot().map((request) => keepShown(tools, request)));
    },
  };
}

/** When requests want to be moved on (ms), and for which of them somebody asked since. A turn before its time only shows what Slack had no room for, and asks no cloud. */
interface Looks {
  at: Map<string, number>;
  asked: Set<string>;
}
/** A look further off than this was planned by a clock that has been set back since. */
const lookMaxMs = 2 * 60_000;

/** The time of a look that is yet to come; null when it is time. */
function tooEarly({ at, asked }: Looks, id: string, now: number): number | null {
  const planned = at.get(id) ?? 0;
  at.delete(id);
  return asked.delete(id) || planned <= now || planned > now + lookMaxMs ? null : planned;
}

/** One turn of one request. Returns when it wants the next. */
async function turn(tools: LoopTools, id: string, looks: Looks, draw: Draw): Promise<number> {
  const { store, clock } = tools;
  const planned = tooEarly(looks, id, clock.now());
  const before = await store.get(id);
  if (before === null) return Number.POSITIVE_INFINITY;
  const next = planned ?? (await advance(tools, before));
  const shown = await showAll(tools, id, draw);
  if (shown === null) return Number.POSITIVE_INFINITY;
  const { latest, again } = shown;
  if (again === null && !isOpen(latest) && latest.secret === undefined) {
    // In one go, so that they share a write.
    await Promise.all([keepShown(tools, latest), store.retire(id)]);
    tools.shown.forgetAll(id);
    return Number.POSITIVE_INFINITY;
  }
  if (again !== null) looks.at.set(id, next);
  const at = again === null ? next : Math.min(next, clock.now() + again);
  // What follows at once most likely changes the record.
  if (at > clock.now()) await keepShown(tools, latest);
  return at;
}

/** Every message that may go out now, one after the other, each from the record as it stands then. */
async function showAll(
  tools: LoopTools,
  id: string,
  draw: Draw,
): Promise<{ latest: Request; again: number | null } | null> {
  for (let count = 0; ; count += 1) {
    const latest = await tools.store.get(id);
    if (latest === null) return null;
    const again = await publish(tools, latest, tools.traitsOf(latest), draw);
    if (again !== 0 || count >= messagesMax) return { latest, again };
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : "unknown";
}
