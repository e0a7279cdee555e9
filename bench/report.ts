/** The only place that says what `npm run bench` prints last: one line of JSON, the aims it is held to, and the figures beside them. */
import * as z from "zod";

const Figure = z.number().positive();
const Ratios = z.object({ rateRatio: Figure, p50Ratio: Figure, p99Ratio: Figure });
/** By how many presses are in hand at once. */
const ByConnections = z.object({ "1": Ratios, "16": Ratios, "64": Ratios });
/** Milliseconds of the middle save, without history and with 100,000 finished requests. */
const Save = z.object({ finished0Ms: Figure, finished100000Ms: Figure });
/** Calls a minute, by how many flows run. */
const Calls = z.object({ "1": Figure, "100": Figure, "1000": Figure });
/** `--quick` leaves the thousand out where no aim is set. */
const FewerCalls = Calls.partial({ "1000": true });

/** The shape of the last line. Ratios are ours divided by bare Bolt's, measured in the same run, with 100,000 finished requests. */
export const Report = z.object({
  durableAck: z.object({ http: ByConnections, socket: ByConnections }),
  save: z.object({ open10: Save, open1000: Save, open10000: Save }),
  start: z.object({ ratio: Figure }),
  polling: z.object({ tencent: Calls, huawei: FewerCalls, jdcloud: FewerCalls }),
  /** Null where there is no simulation to run. */
  simulate: z.object({ seedsPerSecond: Figure.nullable() }),
});
export type Report = z.infer<typeof Report>;

interface Aim {
  says: string;
  got(report: Report): number;
  holds(got: number): boolean;
}

/** How much slower a save may look with history before it is no longer the noise of a busy machine. */
const noise = 1.25;

export const aims: readonly Aim[] = [
  {
    says: "signed HTTP: at least 0.7 of bare Bolt's rate at 16 connections",
    got: ({ durableAck }) => durableAck.http["16"].rateRatio,
    holds: (got) => got >= 0.7,
  },
  {
    says: "Socket Mode: at least 0.7 of bare Bolt's rate at 16 presses in hand",
    got: ({ durableAck }) => durableAck.socket["16"].rateRatio,
    holds: (got) => got >= 0.7,
  },
  {
    says: `a save does not depend on history (within ${noise})`,
    got: ({ save }) => save.open1000.finished100000Ms / save.open1000.finished0Ms,
    holds: (got) => got <= noise,
  },
  {
    says: "ready within 1.5 of bare Bolt's start",
    got: ({ start }) => start.ratio,
    holds: (got) => got <= 1.5,
  },
  {
    says: "at most 120 calls a minute for 1,000 flows on Tencent Cloud",
    got: ({ polling }) => polling.tencent["1000"],
    holds: (got) => got <= 120,
  },
];

/** Rows of a table, the first of them its heading; numbers stand to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column === 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

function pad(cell: string, width: number, left: boolean): string {
  return left ? cell.padEnd(width) : cell.padStart(width);
}

/** Three digits that count. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
