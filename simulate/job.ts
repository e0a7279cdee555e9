/** The only place that says what a worker is asked and what it answers. */
import type { FaultKind } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { planOf } from "./plan.ts";
import type { Call } from "./process.ts";
import { type Outcome, run } from "./run.ts";
import { allShapes, type ShapeOf } from "./shapes.ts";
import { simClouds } from "./truth.ts";

export type Job =
  /** `until` ends it at the first violation. */
  | { do: "seeds"; seeds: readonly number[]; flows: number; until?: boolean }
  /** One shape, undisturbed and then cut off call by call. */
  | { do: "shape"; shape: number; until?: boolean }
  | { do: "trace"; plan: Plan };

export interface Violation {
  plan: Plan;
  /** Which shape, or how many flows. */
  about: string;
  says: string;
}

export interface Done {
  runs: number;
  violations: readonly Violation[];
  counts: Readonly<Partial<Record<FaultKind, number>>>;
  /** How often the one crash of an exhaustive run struck, by the kind of call and how. */
  died: Readonly<Record<string, number>>;
  trace: readonly string[];
}

const violationsMax = 10;

export function doer(): (job: Job) => Promise<Done> {
  const sims = simClouds();
  return async (job) => {
    const sum = summing();
    if (job.do === "trace") {
      const { trace } = await sum.add(job.plan, "", await run(job.plan, sims, true));
      return { ...sum.done(), trace };
    }
    const plans = job.do === "seeds" ? seeds(job.seeds, job.flows) : await everyCrash(job.shape);
    for (const { plan, about } of plans) {
      sum.add(plan, about, await run(plan, sims));
      if (sum.failed() >= (job.until === true ? 1 : violationsMax)) break;
    }
    return sum.done();

    /** The shape itself, which must be as it says, and then every way to cut it off. */
    async function everyCrash(index: number): Promise<readonly Planned[]> {
      const shape = allShapes()[index];
      if (shape === undefined) return [];
      const { name, plan } = shape;
      const outcome = await run(plan, sims);
      sum.add(plan, name, { ...outcome, violations: [...outcome.violations, ...unlike(shape, outcome)] });
      return crashes(shape, outcome.calls, index);
    }
  };
}

/** In what an undisturbed run is not what its shape says: it ended otherwise, or what it is about never struck. */
export function unlike(
  { plan, ends }: Pick<ShapeOf, "plan" | "ends">,
  { ended, counts }: Pick<Outcome, "ended" | "counts">,
): readonly string[] {
  const isSo = ended.join() === ends.join();
  const end = isSo ? [] : [`it is to end as ${ends.join(" and ")}, and ended as ${ended.join(" and ")}`];
  const meant = [...(plan.once ?? []), ...plan.timed.map(({ kind }) => kind)];
  return [...end, ...meant.filter((kind) => !counts.has(kind)).map((kind) => `“${kind}” never struck`)];
}

interface Planned {
  plan: Plan;
  about: string;
}

function seeds(all: readonly number[], flows: number): readonly Planned[] {
  return all.map((seed) => ({ plan: planOf(seed, flows), about: `seed ${seed}, ${flows} flows` }));
}

/**
 * One run for each call, in one of the ways to die at it. Who dies before a call dies as after the one before it, unless time has passed in
 * between; so nobody dies before a call that comes in the same moment.
 */
function crashes({ name, plan, every }: ShapeOf, calls: Outcome["calls"], index: number): readonly Planned[] {
  const met = new Map<Call, number>();
  return calls.flatMap(({ what: call, at }, before) => {
    if (before % every !== 0) return [];
    const nth = met.get(call) ?? index;
    met.set(call, nth + 1);
    const ways = [...(calls[before - 1]?.at === at ? [] : beforeIt), ...(waysToDie.get(call) ?? [])];
    const way = ways[nth % ways.length];
    if (way === undefined) return [];
    const { how, power } = way;
    return {
      plan: { ...plan, crash: { at: before + 1, how, power } },
      about: `${name}, dead ${how} call ${before + 1} (${call}), power ${power}`,
    };
  });
}

type Way = Pick<NonNullable<Plan["crash"]>, "how" | "power">;
/** Taken by turns, and in every shape beginning with another. */
type Ways = readonly Way[];

const beforeIt: Ways = [
  { how: "before", power: "kept" },
  { how: "before", power: "lost" },
];
const afterIt: Ways = [
  { how: "after", power: "lost" },
  { how: "after", power: "kept" },
];
/** What is appended may be cut short, and is on the disk for certain only when it was synced. */
const inIt: Ways = [
  { how: "torn", power: "kept" },
  { how: "after", power: "lost" },
  { how: "torn", power: "lost" },
  { how: "after", power: "kept" },
];

/** What only looks leaves the world as it is, so after it is as before it. */
const waysToDie: ReadonlyMap<Call, Ways> = new Map<Call, Ways>([
  ...(["Slack", "the cloud", "the ack"] as const).map((call) => [call, afterIt] as const),
  ...(["append log", "append audit", "append archive"] as const).map((call) => [call, inIt] as const),
  ...(["sync log", "sync audit", "sync archive"] as const).map((call) => [call, afterIt] as const),
  ...(["replace log", "replace snapshot", "replace store"] as const).map((call) => [call, afterIt] as const),
  ...(["remove log", "remove snapshot"] as const).map((call) => [call, afterIt] as const),
]);

/** Every kind of call with every way to die at it, as an exhaustive run must have seen it over all shapes. */
export const deaths: readonly string[] = [
  ...[...waysToDie].flatMap(([call, ways]) => ways.map((way) => deathOf(call, way))),
  ...beforeIt.map((way) => deathOf("reading of the cloud", way)),
  ...beforeIt.map((way) => deathOf("append log", way)),
];

/** Before a call of whatever kind, where time has passed. */
export function isBefore(death: string): boolean {
  return beforeIt.some((way) => death.endsWith(deathOf("" as Call, way)));
}

function deathOf(call: Call, { how, power }: Way): string {
  return `${call}: ${how}, power ${power}`;
}

function summing() {
  let runs = 0;
  const violations: Violation[] = [];
  const counts: Partial<Record<FaultKind, number>> = {};
  const died: Record<string, number> = {};
  return {
    add<T extends Awaited<ReturnType<typeof run>>>(plan: Plan, about: string, outcome: T): T {
      runs += 1;
      for (const [kind, count] of outcome.counts) counts[kind] = (counts[kind] ?? 0) + count;
      if (outcome.died !== null && plan.crash !== undefined) {
        const death = deathOf(outcome.died, plan.crash);
        died[death] = (died[death] ?? 0) + 1;
      }
      const [says] = outcome.violations;
      if (says !== undefined) violations.push({ plan, about, says });
      return outcome;
    },
    failed: () => violations.length,
    done: (): Done => ({ runs, violations, counts, died, trace: [] }),
  };
}
