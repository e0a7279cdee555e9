/** The only place that says what a worker is asked and what it answers. */
import type { FaultKind, Plan } from "./plan.ts";
import { planOf } from "./plan.ts";
import type { Call } from "./process.ts";
import { run } from "./run.ts";
import { allShapes } from "./shapes.ts";
import { type SimCloud, simClouds } from "./truth.ts";

export type Job =
  /** `until` ends it at the first violation. */
  | { do: "seeds"; seeds: readonly number[]; flows: number; until?: boolean }
  /** Every crash of one shape. */
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
    const plans = job.do === "seeds" ? seeds(job.seeds, job.flows) : await crashes(job.shape, sims);
    for (const { plan, about } of plans) {
      sum.add(plan, about, await run(plan, sims));
      if (sum.failed() >= (job.until === true ? 1 : violationsMax)) break;
    }
    return sum.done();
  };
}

interface Planned {
  plan: Plan;
  about: string;
}

function seeds(all: readonly number[], flows: number): readonly Planned[] {
  return all.map((seed) => ({ plan: planOf(seed, flows), about: `seed ${seed}, ${flows} flows` }));
}

/**
 * One run to list the calls, then one for each call that does something and each way to die at it. Dying before a mere reading
 * leaves the same world behind as dying after the call before it.
 */
async function crashes(index: number, sims: readonly SimCloud[]): Promise<readonly Planned[]> {
  const shape = allShapes()[index];
  if (shape === undefined) return [];
  const { plan, name } = shape;
  const { calls } = await run(plan, sims);
  const met = new Map<Call, number>();
  const died = calls.flatMap((call, before) => {
    if (call === "nothing") return [];
    const nth = met.get(call) ?? index;
    met.set(call, nth + 1);
    return waysToDie(call, nth).map(({ how, power }) => ({
      plan: { ...plan, crash: { at: before + 1, how, power } },
      about: `${name}, dead ${how} call ${before + 1} (${call}), power ${power}`,
    }));
  });
  return [{ plan, about: name }, ...died];
}

/**
 * Of the disk's calls each dies in one way, by turns and in every shape beginning with another; what is appended to the log, which
 * decides what happened, both before it and in the middle of it.
 */
function waysToDie(call: Call, nth: number): readonly Way[] {
  const ways = atDisk.get(call);
  if (ways === undefined) return elsewhere;
  const many = call === "append log" ? 2 : 1;
  return [...ways, ...ways].slice(nth % ways.length, (nth % ways.length) + many);
}

type Way = Pick<NonNullable<Plan["crash"]>, "how" | "power">;
const elsewhere: readonly Way[] = [
  { how: "before", power: "lost" },
  { how: "after", power: "kept" },
];
/** What is appended may be cut short, with and without the power. */
const appending: readonly Way[] = [
  { how: "before", power: "kept" },
  { how: "torn", power: "lost" },
  { how: "before", power: "lost" },
  { how: "torn", power: "kept" },
];
/** These happen whole or not at all. */
const atOnce: readonly Way[] = [
  { how: "before", power: "kept" },
  { how: "after", power: "lost" },
  { how: "before", power: "lost" },
];
const atDisk: ReadonlyMap<Call, readonly Way[]> = new Map<Call, readonly Way[]>([
  ...(["append log", "append audit", "append archive"] as const).map((call) => [call, appending] as const),
  ...(["sync log", "sync audit", "sync archive"] as const).map((call) => [call, atOnce] as const),
  ...(["replace log", "replace snapshot", "replace store"] as const).map((call) => [call, atOnce] as const),
  ...(["remove log", "remove snapshot"] as const).map((call) => [call, atOnce] as const),
]);

/** Every kind of call with every way to die at it, as an exhaustive run must have seen it over all shapes. */
export const deaths: readonly string[] = [
  ...(["Slack", "the cloud", "the ack"] as const).map((call) => [call, elsewhere] as const),
  ...atDisk,
].flatMap(([call, ways]) => ways.map((way) => deathOf(call, way)));

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
