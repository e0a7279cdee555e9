/** The entry of `npm run simulate`: reads what is wanted, spreads it over two threads, and says what came of it. */
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";
import { amounts } from "./amounts.ts";
import { type FaultKind, faultKinds } from "./faults.ts";
import { huntMutants } from "./hunt.ts";
import { type Done, deaths, isBefore, type Job, type Violation } from "./job.ts";
import { type Plan, planOf } from "./plan.ts";
import { type Pool, pool } from "./pool.ts";
import { allShapes } from "./shapes.ts";

const usage = `usage: npm run simulate -- [--seeds N] [--seed S] [--flows K]
       npm run simulate -- --exhaustive
       npm run simulate -- --as-tested
       npm run simulate -- --mutants [name]`;

const workers = 2;
/** In so many histories every kind of fault must have struck, whatever their flows; in fewer where each is as crowded as in the tests. */
const coverageFrom = 5_000;
const traceMax = 400;
/** A long run says how far it is. */
const tellEvery = 10_000;

interface Told {
  seed: number;
  flows: number;
}

/** What a part of the run came to. Violations are those of the parts before it too: each line says how the whole run stands. */
interface Part {
  violations: number;
  holds: boolean;
}
const nothing: Part = { violations: 0, holds: true };

async function main(): Promise<number> {
  const { values, positionals } = read();
  // It lasts for minutes and waits for nothing: whatever else the machine does waits for a clock or a person, and goes first.
  setPriority(constants.priority.PRIORITY_LOW);
  const script = new URL("./simulate-worker.js", import.meta.url);
  if (values.mutants) return huntMutants(positionals, workers);
  const crew = pool(script, workers);
  try {
    if (values.exhaustive) return code(await exhaustive(crew));
    if (values["as-tested"]) return await asTested(crew);
    const flows = whole(values.flows ?? "1");
    if (values.seed !== undefined && values.seeds === undefined) return await one(crew, whole(values.seed), flows);
    const [first, count] = [whole(values.seed ?? "1"), whole(values.seeds ?? "1000")];
    return code(await many(crew, first, count, flows, await replayed(crew)));
  } finally {
    await crew.close();
  }
}

function read() {
  const options = {
    seeds: { type: "string" },
    seed: { type: "string" },
    flows: { type: "string" },
    exhaustive: { type: "boolean" },
    "as-tested": { type: "boolean" },
    mutants: { type: "boolean" },
  } as const;
  return parseArgs({ options, allowPositionals: true });
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`“${text}” is not a whole number\n${usage}`);
  return Number(text);
}

/** One seed, told from its beginning. */
async function one(crew: Pool, seed: number, flows: number): Promise<number> {
  const began = performance.now();
  const done = await crew.one({ do: "trace", plan: planOf(seed, flows) });
  console.log(done.trace.join("\n"));
  return code(last(1, done.violations.length, began, nothing));
}

/** What once failed goes first, and is counted apart: the last line is about the seeds that were asked for. */
async function replayed(crew: Pool): Promise<Part> {
  const jobs = corpus().map(({ seed, flows }) => ({ do: "seeds" as const, seeds: [seed], flows }));
  const { runs, violations } = await doAll(crew, jobs);
  await tell(crew, violations, commandOf);
  console.log(`corpus: ${runs} seeds, ${violations.length} violations`);
  return { violations: violations.length, holds: violations.length === 0 };
}

async function many(crew: Pool, first: number, count: number, flows: number, before: Part): Promise<Part> {
  const began = performance.now();
  const sum = await doAll(crew, chunks(first, count, flows), (runs, violations) => {
    console.error(`${runs} of ${count} seeds, ${violations} violations, ${rate(runs, began)} seeds/s`);
  });
  const struck = faultKinds.filter((kind) => (sum.counts[kind] ?? 0) > 0);
  console.log(`faults: ${struck.map((kind) => `${kind} ${sum.counts[kind]}`).join(", ")}`);
  const never = faultKinds.filter((kind) => !struck.includes(kind));
  if (never.length > 0) console.log(`never struck: ${never.join(", ")}`);
  const missed = mustStrike(count, flows).filter((kind) => never.includes(kind));
  if (missed.length > 0) console.log(`must strike in so many histories, so the run failed: ${missed.join(", ")}`);
  await tell(crew, sum.violations, commandOf);
  const part = last(sum.runs, sum.violations.length, began, before);
  return { ...part, holds: part.holds && missed.length === 0 };
}

/** What a run of this size must have met. */
function mustStrike(count: number, flows: number): readonly FaultKind[] {
  const isMany = count >= coverageFrom || (count >= amounts.ofMany && flows >= amounts.flows);
  return isMany ? faultKinds : [];
}

async function exhaustive(crew: Pool, before = nothing): Promise<Part> {
  const began = performance.now();
  const shapes = allShapes();
  const sum = await doAll(
    crew,
    shapes.map((_, shape) => ({ do: "shape" as const, shape })),
  );
  console.log(`${shapes.length} shapes of a flow, killed at every call`);
  const all = everyDeath(sum.died);
  await tell(crew, sum.violations);
  const part = last(sum.runs, sum.violations.length, began, before);
  return { ...part, holds: part.holds && all };
}

/** Says how often each kind of call was the last one, and in which way; false when one of them never was, or is not known here. */
function everyDeath(died: Done["died"]): boolean {
  const told = Object.entries(died).map(([death, count]) => `${death} ${count}`);
  console.log(`died at ${told.sort().join("; ")}`);
  const never = deaths.filter((death) => died[death] === undefined);
  if (never.length > 0) console.log(`never died at ${never.join("; ")}`);
  const unknown = Object.keys(died).filter((death) => !deaths.includes(death) && !isBefore(death));
  if (unknown.length > 0) console.log(`died at calls that are not listed: ${unknown.join("; ")}`);
  return never.length + unknown.length === 0;
}

/** All kinds in one go, as the code is slow until it has run a thousand times. */
async function asTested(crew: Pool): Promise<number> {
  const once = await replayed(crew);
  const ofOne = await many(crew, 1, amounts.ofOne, 1, once);
  const ofMany = await many(crew, 1, amounts.ofMany, amounts.flows, ofOne);
  return code(await exhaustive(crew, ofMany));
}

async function doAll(crew: Pool, jobs: Iterable<Job>, far?: (runs: number, violations: number) => void) {
  let runs = 0;
  let told = 0;
  const violations: Violation[] = [];
  const counts: Record<string, number> = {};
  const died: Record<string, number> = {};
  await crew.all(jobs, (done: Done) => {
    runs += done.runs;
    violations.push(...done.violations);
    for (const [kind, count] of Object.entries(done.counts)) counts[kind] = (counts[kind] ?? 0) + count;
    for (const [death, count] of Object.entries(done.died)) died[death] = (died[death] ?? 0) + count;
    if (runs - told >= tellEvery) {
      told = runs;
      far?.(runs, violations.length);
    }
    return violations.length > 20 ? "enough" : "go on";
  });
  return { runs, violations, counts: counts as Done["counts"], died };
}

/** Each violation in a line, beneath it how to see it again where a command does that, and the history of the first. */
async function tell(crew: Pool, violations: readonly Violation[], again?: (plan: Plan) => string): Promise<void> {
  for (const { plan, about, says } of violations) {
    console.log(`VIOLATION in ${about}: ${says}`);
    if (again !== undefined) console.log(`  see it again: ${again(plan)}`);
  }
  const [first] = violations;
  if (first === undefined) return;
  const { trace } = await crew.one({ do: "trace", plan: first.plan });
  console.log(`\nThe history of ${first.about}:\n${trace.slice(-traceMax).join("\n")}`);
}

function commandOf({ seed, flows }: Plan): string {
  return `npm run simulate -- --seed ${seed} --flows ${flows.length}`;
}

function* chunks(first: number, count: number, flows: number): Iterable<Job> {
  const size = flows > 1 ? 5 : 50;
  for (let from = 0; from < count; from += size) {
    const seeds = Array.from({ length: Math.min(size, count - from) }, (_, at) => first + from + at);
    yield { do: "seeds", seeds, flows };
  }
}

/** Seeds that ever failed. */
function corpus(): readonly Told[] {
  return JSON.parse(readFileSync(new URL("../simulate/corpus.json", import.meta.url), "utf8"));
}

function last(runs: number, violations: number, began: number, before: Part): Part {
  const all = before.violations + violations;
  console.log(`${runs} seeds, ${all} violations, ${rate(runs, began)} seeds/s`);
  return { violations: all, holds: before.holds && all === 0 };
}

function code({ holds }: Part): number {
  return holds ? 0 : 1;
}

function rate(runs: number, began: number): number {
  return Math.round(runs / ((performance.now() - began) / 1000));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : cause);
    process.exitCode = 2;
  },
);
