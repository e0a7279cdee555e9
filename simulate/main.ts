/** The entry of `npm run simulate`: reads what is wanted, spreads it over two threads, and says what came of it. */
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";
import { amounts } from "./amounts.ts";
import { huntMutants } from "./hunt.ts";
import { type Done, deaths, type Job, type Violation } from "./job.ts";
import { faultKinds, planOf } from "./plan.ts";
import { type Pool, pool } from "./pool.ts";
import { allShapes } from "./shapes.ts";

const usage = `usage: npm run simulate -- [--seeds N] [--seed S] [--flows K]
       npm run simulate -- --exhaustive
       npm run simulate -- --as-tested
       npm run simulate -- --mutants [name]`;

const workers = 2;
/** From so many seeds on, every kind of fault must have struck. */
const coverageFrom = 5_000;
const traceMax = 400;
/** A long run says how far it is. */
const tellEvery = 10_000;

interface Told {
  seed: number;
  flows: number;
}

async function main(): Promise<number> {
  const { values, positionals } = read();
  // It lasts for minutes and waits for nothing: whatever else the machine does waits for a clock or a person, and goes first.
  setPriority(constants.priority.PRIORITY_LOW);
  const script = new URL("./simulate-worker.js", import.meta.url);
  if (values.mutants) return huntMutants(positionals, workers);
  const crew = pool(script, workers);
  try {
    if (values.exhaustive) return await exhaustive(crew);
    if (values["as-tested"]) return await asTested(crew);
    const flows = whole(values.flows ?? "1");
    if (values.seed !== undefined && values.seeds === undefined) return await one(crew, whole(values.seed), flows);
    return await many(crew, whole(values.seed ?? "1"), whole(values.seeds ?? "1000"), flows);
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
  return last(1, done.violations.length, began);
}

async function many(crew: Pool, first: number, count: number, flows: number): Promise<number> {
  const began = performance.now();
  const told = corpus();
  const jobs = [
    ...told.map((one) => ({ do: "seeds" as const, seeds: [one.seed], flows: one.flows })),
    ...chunks(first, count, flows),
  ];
  const sum = await doAll(crew, jobs, (runs, violations) => {
    console.error(`${runs} of ${count} seeds, ${violations} violations, ${rate(runs, began)} seeds/s`);
  });
  const struck = faultKinds.filter((kind) => (sum.counts[kind] ?? 0) > 0);
  console.log(`faults: ${struck.map((kind) => `${kind} ${sum.counts[kind]}`).join(", ")}`);
  const never = faultKinds.filter((kind) => !struck.includes(kind));
  const uncovered = count >= coverageFrom && never.length > 0;
  if (uncovered) console.log(`never struck: ${never.join(", ")}`);
  await tell(crew, sum.violations);
  const code = last(sum.runs, sum.violations.length, began);
  return uncovered ? 1 : code;
}

async function exhaustive(crew: Pool): Promise<number> {
  const began = performance.now();
  const shapes = allShapes();
  const sum = await doAll(
    crew,
    shapes.map((_, shape) => ({ do: "shape" as const, shape })),
  );
  console.log(`${shapes.length} shapes of a flow, killed at every call`);
  const all = everyDeath(sum.died);
  await tell(crew, sum.violations);
  const code = last(sum.runs, sum.violations.length, began);
  return all ? code : 1;
}

/** Says how often each kind of call was the last one, and in which way; false when one of them never was, or is not known here. */
function everyDeath(died: Done["died"]): boolean {
  const told = Object.entries(died).map(([death, count]) => `${death} ${count}`);
  console.log(`died at ${told.sort().join("; ")}`);
  const never = deaths.filter((death) => died[death] === undefined);
  if (never.length > 0) console.log(`never died at ${never.join("; ")}`);
  const unknown = Object.keys(died).filter((death) => !deaths.includes(death));
  if (unknown.length > 0) console.log(`died at calls that are not listed: ${unknown.join("; ")}`);
  return never.length + unknown.length === 0;
}

/** All kinds in one go, as the code is slow until it has run a thousand times. */
async function asTested(crew: Pool): Promise<number> {
  const codes = [
    await many(crew, 1, amounts.ofOne, 1),
    await many(crew, 1, amounts.ofMany, amounts.flows),
    await exhaustive(crew),
  ];
  return Math.max(...codes);
}

async function doAll(crew: Pool, jobs: readonly Job[], far?: (runs: number, violations: number) => void) {
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

/** Each violation in a line, and the history of the first. */
async function tell(crew: Pool, violations: readonly Violation[]): Promise<void> {
  for (const { about, says } of violations) console.log(`VIOLATION in ${about}: ${says}`);
  const [first] = violations;
  if (first === undefined) return;
  const { trace } = await crew.one({ do: "trace", plan: first.plan });
  console.log(`\nThe history of ${first.about}:\n${trace.slice(-traceMax).join("\n")}`);
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

function last(runs: number, violations: number, began: number): number {
  console.log(`${runs} seeds, ${violations} violations, ${rate(runs, began)} seeds/s`);
  return violations === 0 ? 0 : 1;
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
