/** The entry of `npm run bench`: measures one thing after the other, prints a table of each, and as its last line one object of JSON. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connections, type Measured, type Mode, measurePresses, type Presses } from "./durable.ts";
import { anyRunning } from "./flows.ts";
import { help } from "./helper.ts";
import { aims, Report, round, table } from "./report.ts";
import { diskFloor, measureSaves, type SaveTimes } from "./save.ts";
import { writeHistory } from "./seed.ts";
import { seedsPerSecond } from "./simulated.ts";
import { Stage } from "./stage.ts";
import { measureStarts } from "./start.ts";
import type { CloudName } from "./world.ts";

/** How often each thing is done. */
interface Effort {
  /** Requests that finished before. */
  finished: number;
  /** Open requests: while presses are measured, and of the stores that are saved to. */
  open: { presses: number; saves: readonly [number, number, number] };
  rounds: number;
  presses: Readonly<Record<Connections, number>>;
  /** Done before anything is timed. */
  warmUp: { presses: number; saves: number };
  saves: number;
  starts: number;
  seeds: number;
  /** Running at once: on the cloud for which an aim is set, and on the others. */
  flows: { aimed: readonly [number, number, number]; others: readonly number[] };
}
/** By these the last line names what was counted. */
const flowCounts = [1, 100, 1_000] as const;
const open = { presses: 1_000, saves: [10, 1_000, 10_000] } as const;
const whole: Effort = {
  finished: 100_000,
  open,
  rounds: 7,
  presses: { 1: 250, 16: 1_000, 64: 1_000 },
  warmUp: { presses: 600, saves: 50 },
  saves: 300,
  starts: 9,
  seeds: 600,
  flows: { aimed: flowCounts, others: flowCounts },
};
const quick: Effort = {
  finished: 100_000,
  open,
  rounds: 2,
  presses: { 1: 60, 16: 250, 64: 250 },
  warmUp: { presses: 600, saves: 50 },
  saves: 150,
  starts: 2,
  seeds: 60,
  flows: { aimed: flowCounts, others: [1, 100] },
};
/** Shows that everything can be measured. Its figures say nothing, and the amounts in the names of the last line are those of the whole benchmark, not its own. */
const once: Effort = {
  finished: 1_000,
  open: { presses: 64, saves: [10, 20, 40] },
  rounds: 1,
  presses: { 1: 8, 16: 64, 64: 128 },
  warmUp: { presses: 64, saves: 2 },
  saves: 8,
  starts: 1,
  seeds: 8,
  flows: { aimed: [1, 10, 40], others: [1, 10] },
};
const efforts: Readonly<Record<string, Effort>> = { "": whole, "--quick": quick, "--once": once };

type Given = Omit<Presses, "open"> & Effort;

async function bench(effort: Effort): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "reinstall-bench-"));
  const stage = new Stage();
  const cleared = (): void => rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      cleared();
      process.exit(1);
    });
  }
  try {
    const of = await anyRunning("tencent");
    const history = await writeHistory(folder, of, effort.finished);
    const given = { stage, folder, of, history, ...effort };
    const http = await presses(given, "http");
    const socket = await presses(given, "socket");
    const save = await saves(given);
    const start = await starts(given);
    const polling = await polls(given);
    const simulate = await simulation(effort.seeds);
    const report = Report.parse({ durableAck: { http, socket }, save, start, polling, simulate });
    section("Aims", aimRows(report));
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await stage.end();
    cleared();
  }
}

async function presses(given: Given, mode: Mode): Promise<Report["durableAck"][Mode]> {
  const measured = await measurePresses({ ...given, open: given.open.presses }, mode);
  const heading = ["in hand", "", "presses/s", "p50 ms", "p99 ms", "of bare: rate", "p50", "p99"];
  const title = `Signed HTTP: press, durable change, ack (${shown(given.open.presses)} open)`;
  section(mode === "http" ? title : "Socket Mode: the same", [
    heading,
    ...measured.flatMap((one) => pressRows(one, given.finished)),
  ]);
  const at = (wanted: Connections) => {
    const found = measured.find(({ connections }) => connections === wanted)?.ours.finishedAll;
    const { rateRatio = 0, p50Ratio = 0, p99Ratio = 0 } = found ?? {};
    return { rateRatio: round(rateRatio), p50Ratio: round(p50Ratio), p99Ratio: round(p99Ratio) };
  };
  return { "1": at(1), "16": at(16), "64": at(64) };
}

function pressRows({ connections, bare, ours }: Measured, finished: number): readonly (readonly string[])[] {
  const row = (name: string, { ratePerSecond, p50, p99 }: Measured["bare"]) => [
    ...[String(connections), name, shown(ratePerSecond), shown(p50), shown(p99)],
  ];
  const beside = (one: Measured["ours"]["finished0"]) => [one.rateRatio, one.p50Ratio, one.p99Ratio].map(shown);
  return [
    row("bare Bolt", bare),
    [...row("0 finished", ours.finished0), ...beside(ours.finished0)],
    [...row(`${shown(finished)} finished`, ours.finishedAll), ...beside(ours.finishedAll)],
  ];
}

async function saves(given: Given): Promise<Report["save"]> {
  const rows: SaveTimes[][] = [];
  for (const count of given.open.saves) rows.push([...(await measureSaves(given, count))]);
  const heading = ["open", "finished", "p50 ms", "p99 ms"];
  const cells = rows.flat().map(({ open, finished, p50, p99 }) => [open, finished, p50, p99].map(shown));
  const { p50, p99 } = await diskFloor(given);
  const floor = ["the disk alone", "", shown(p50), shown(p99)];
  section("One save, one after the other", [heading, ...cells, floor]);
  const of = (at: number) => {
    const [without, all] = rows[at] ?? [];
    return { finished0Ms: round(without?.p50 ?? 0), finished100000Ms: round(all?.p50 ?? 0) };
  };
  return { open10: of(0), open1000: of(1), open10000: of(2) };
}

async function starts({ stage, folder, starts: times }: Given): Promise<Report["start"]> {
  const { bare, ours, ratio } = await measureStarts(stage, folder, times);
  const heading = ["", "ms", "of bare"];
  section("Start, until connected with Slack", [
    heading,
    ["bare Bolt", shown(bare)],
    ["the bot", shown(ours), shown(ratio)],
  ]);
  return { ratio: round(ratio) };
}

/** Each cloud in a process of its own, since nothing of it is timed. */
async function polls({ stage, flows }: Given): Promise<Report["polling"]> {
  const of = async (name: CloudName, counts: readonly number[]) => {
    const helper = stage.helper();
    const calls: number[] = [];
    for (const count of counts) calls.push(await helper.poll(name, count));
    await helper.end();
    return calls;
  };
  const [tencent, huawei, jdcloud] = await Promise.all([
    of("tencent", flows.aimed),
    of("huawei", flows.others),
    of("jdcloud", flows.others),
  ]);
  const rows = Object.entries({ tencent, huawei, jdcloud }).map(([name, calls]) => [name, ...calls.map(shown)]);
  section("Calls to a cloud in a minute, by running flows", [["", ...flowCounts.map(shown)], ...rows]);
  const byCount = (calls: readonly number[]) => Object.fromEntries(calls.map((each, n) => [flowCounts[n], each]));
  return Report.shape.polling.parse({
    tencent: byCount(tencent),
    huawei: byCount(huawei),
    jdcloud: byCount(jdcloud),
  });
}

async function simulation(seeds: number): Promise<Report["simulate"]> {
  const rate = await seedsPerSecond(seeds);
  section("Simulation", [["seeds/s", rate === null ? "there is no simulation here" : shown(rate)]]);
  return { seedsPerSecond: rate };
}

function aimRows(report: Report): readonly (readonly string[])[] {
  return aims.map(({ says, got, holds }) => [says, shown(got(report)), holds(got(report)) ? "reached" : "missed"]);
}

function section(title: string, rows: readonly (readonly string[])[]): void {
  process.stdout.write(`\n${title}\n${table(rows)}\n`);
}

function shown(value: number): string {
  return round(value).toLocaleString("en");
}

const given = process.argv.slice(2).join(" ");
const effort = efforts[given];
if (given === "helper") help();
else if (effort !== undefined) await bench(effort);
else {
  process.stderr.write("npm run bench [-- --quick | --once]\n");
  process.exitCode = 2;
}
