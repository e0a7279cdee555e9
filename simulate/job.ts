/** The only place that says what a worker is asked and what it answers. */
import type { FaultKind, Plan } from "./plan.ts";
import { planOf } from "./plan.ts";
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
  const died = calls.flatMap((call, before) => {
    if (call === "nothing") return [];
    const ways = call === "the disk" ? onDisk[before % onDisk.length] : elsewhere;
    return (ways ?? elsewhere).map(({ how, power }) => ({
      plan: { ...plan, crash: { at: before + 1, how, power } },
      about: `${name}, dead ${how} call ${before + 1} (${call}), power ${power}`,
    }));
  });
  return [{ plan, about: name }, ...died];
}

type Way = Pick<NonNullable<Plan["crash"]>, "how" | "power">;
const elsewhere: readonly Way[] = [
  { how: "before", power: "lost" },
  { how: "after", power: "kept" },
];
/** By turns; before one is after the last. */
const onDisk: readonly (readonly Way[])[] = [
  [{ how: "before", power: "kept" }],
  [{ how: "torn", power: "lost" }],
  [{ how: "before", power: "lost" }],
];

function summing() {
  let runs = 0;
  const violations: Violation[] = [];
  const counts: Partial<Record<FaultKind, number>> = {};
  return {
    add<T extends Awaited<ReturnType<typeof run>>>(plan: Plan, about: string, outcome: T): T {
      runs += 1;
      for (const [kind, count] of outcome.counts) counts[kind] = (counts[kind] ?? 0) + count;
      const [says] = outcome.violations;
      if (says !== undefined) violations.push({ plan, about, says });
      return outcome;
    },
    failed: () => violations.length,
    done: (): Done => ({ runs, violations, counts, trace: [] }),
  };
}
