/** The only place that measures what one save takes: the real store on the real disk, with and without history, in turns. */
import { join } from "node:path";
import { realDisk } from "../src/disk.ts";
import { realClock } from "../src/real.ts";
import type { Of, Request } from "../src/request.ts";
import { openStore } from "../src/store.ts";
import type { Store } from "../src/storeport.ts";
import { idOf, unsure } from "./records.ts";
import { quantile } from "./report.ts";
import { dataWith, type History, noHistory } from "./seed.ts";
import { silent } from "./world.ts";

/** Milliseconds. */
export interface SaveTimes {
  open: number;
  finished: number;
  p50: number;
  p99: number;
}

interface Saves {
  folder: string;
  of: Of<"running">;
  saves: number;
  warmUp: { saves: number };
}

export async function measureSaves(
  given: Saves & { history: History },
  openCount: number,
): Promise<readonly [SaveTimes, SaveTimes]> {
  const requests = Array.from({ length: openCount }, (_, n) => unsure(given.of, n));
  const without = await storeWith(join(given.folder, `save-${openCount}-0`), requests, noHistory);
  const with_ = await storeWith(join(given.folder, `save-${openCount}-all`), requests, given.history);
  const took: [number[], number[]] = [[], []];
  for (let n = -given.warmUp.saves; n < given.saves; n += 1) {
    for (const [which, store] of [without, with_].entries()) {
      const ms = await oneSave(store, idOf(Math.abs(n) % openCount));
      if (n >= 0) took[which]?.push(ms);
    }
  }
  await without.close();
  await with_.close();
  return [timesOf(openCount, 0, took[0]), timesOf(openCount, given.history.count, took[1])];
}

/** What the disk itself takes for as many bytes as a save writes: nothing durable can be quicker. */
export async function diskFloor(given: Saves): Promise<SaveTimes> {
  const folder = join(given.folder, "floor");
  const disk = await realDisk(folder);
  const unlock = await disk.lock();
  const bytes = Buffer.from(JSON.stringify(unsure(given.of, 0)));
  const took: number[] = [];
  for (let n = -given.warmUp.saves; n < given.saves; n += 1) {
    const from = performance.now();
    await disk.append("bytes", bytes);
    await disk.sync("bytes");
    if (n >= 0) took.push(performance.now() - from);
  }
  await unlock();
  return timesOf(0, 0, took);
}

async function storeWith(folder: string, requests: readonly Request[], history: History): Promise<Store> {
  return openBench(await dataWith(folder, requests, history));
}

export async function openBench(folder: string): Promise<Store> {
  const die = (why: string): never => {
    throw new Error(why);
  };
  return openStore({ disk: await realDisk(folder), clock: realClock(), log: silent, die });
}

async function oneSave(store: Store, id: string): Promise<number> {
  const from = performance.now();
  await store.change((records) => {
    const now = records.get(id);
    if (now === null) throw new Error(`there is no request ${id}`);
    return { put: [{ ...now, revision: now.revision + 1 }], give: null, by: "bench" };
  });
  return performance.now() - from;
}

function timesOf(open: number, finished: number, took: readonly number[]): SaveTimes {
  return { open, finished, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}
