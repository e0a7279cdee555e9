/** The only place where readings asked for by many at once become few calls. */
import DataLoader from "dataloader";
import type { Clock } from "../seams.ts";
import { CloudDown } from "./cloud.ts";

export interface BatchLimits {
  /** How long the first asker waits for others to join. */
  windowMs: number;
  /** The most ids the provider takes in one call. */
  idsMax: number;
  /** After this a batch is given up, whatever it is doing; the next one starts afresh. */
  timeoutMs: number;
}

/** One call for the ids of one group (a region, a project). An id may have an error of its own; one that throws fails them all. */
export type ReadBatch<T> = (group: string, ids: readonly string[]) => Promise<ReadonlyMap<string, T | Error>>;

/** Nothing is kept: each asker gets a reading made after it asked. */
export function batches<T>(
  clock: Clock,
  limits: BatchLimits,
  read: ReadBatch<T>,
): (group: string, id: string) => Promise<T> {
  const groups = new Map<string, DataLoader<string, T>>();
  return (group, id) => {
    const loader = groups.get(group) ?? loaderOf(clock, limits, (ids) => read(group, ids));
    groups.set(group, loader);
    return loader.load(id);
  };
}

function loaderOf<T>(
  clock: Clock,
  limits: BatchLimits,
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T | Error>>,
): DataLoader<string, T> {
  return new DataLoader<string, T>(
    async (asked) => {
      const found = await within(clock, limits.timeoutMs, read([...new Set(asked)]));
      return asked.map((id) => found.get(id) ?? new CloudDown("The answer left this server out.", "left-out"));
    },
    {
      cache: false,
      maxBatchSize: limits.idsMax,
      batchScheduleFn: (start) => {
        clock.after(limits.windowMs).then(start, start);
      },
    },
  );
}

async function within<T>(clock: Clock, timeoutMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = clock.after(timeoutMs, over.signal).then(() => {
    throw new CloudDown(`The cloud did not answer within ${Math.round(timeoutMs / 1000)} seconds.`, "timeout");
  });
  // When the work wins, aborting the timer rejects this; nobody is left to hear it.
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort("over");
  }
}
