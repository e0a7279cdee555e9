/** The only place that compares the monthly files with the log at start, and that checks their chains. */
import type { Disk } from "./seams.ts";
import {
  bytesByFile,
  fileOf,
  filesOf,
  follows,
  type Kind,
  type Line,
  noPosition,
  type Position,
  type Read,
  readLine,
} from "./store-ledger.ts";
import { lastLines, linesOf, readPart, sizeOf } from "./store-part.ts";
import { damaged } from "./store-words.ts";

/** What must be done to a monthly file so that it holds what the log knows. */
export interface Mend {
  name: string;
  /** Nothing to add: it is only made durable. */
  how: "append" | "replace" | "sync";
  bytes: Uint8Array;
}

export interface Compared {
  position: Position;
  mends: readonly Mend[];
}

/** How much of the chain is checked at every start; `check` goes through all of it. */
const tailBytes = 128 * 1024;
/** Enough for any one line. */
const lineBytes = 16 * 1024 * 1024;

/**
 * `since` is where the chain ended when the snapshot was made, durable by then; `lines` are those of the frames after it.
 * Throws `StoreRefused` when the files hold less than the snapshot or more than the log: then something was removed or exchanged.
 */
export async function compare(disk: Disk, kind: Kind, since: Position, lines: readonly Line[]): Promise<Compared> {
  await checkTail(disk, kind, since);
  const expected = bytesByFile(kind, lines);
  const last = lines.at(-1) ?? since;
  await refuseLater(disk, kind, since, last.at);
  const mends: Mend[] = [];
  const sinceFile = fileOf(kind, since.at);
  if (since.seq > 0 && !expected.has(sinceFile)) expected.set(sinceFile, Buffer.alloc(0));
  for (const [name, bytes] of expected) {
    const base = since.seq > 0 && name === sinceFile ? since.size : 0;
    mends.push(await mendFor(disk, name, base, bytes));
  }
  const file = fileOf(kind, last.at);
  const base = file === sinceFile ? since.size : 0;
  const size = last.seq === 0 ? 0 : base + (expected.get(file)?.length ?? 0);
  return { position: { seq: last.seq, hash: last.hash, at: last.at, size }, mends };
}

/** The monthly files as they will be once this is done, for those who read them before. */
export function asMended(disk: Disk, mends: readonly Mend[]): Disk {
  const mendOf = new Map(mends.map((mend) => [mend.name, mend]));
  return {
    ...disk,
    list: async () => [...new Set([...(await disk.list()), ...mendOf.keys()])].sort(),
    async readPart(name, from, length) {
      const mend = mendOf.get(name);
      const found = mend?.how === "replace" ? null : await readPart(disk, name, from, length);
      if (mend === undefined) return found;
      const before = found?.size ?? 0;
      const added = mend.bytes.subarray(Math.max(0, from - before), Math.max(0, from + length - before));
      return { bytes: Buffer.concat([found?.bytes ?? Buffer.alloc(0), added]), size: before + mend.bytes.length };
    },
  };
}

async function mendFor(disk: Disk, name: string, base: number, expected: Buffer): Promise<Mend> {
  const size = (await sizeOf(disk, name)) ?? 0;
  const found = (await readPart(disk, name, base, size - base))?.bytes ?? Buffer.alloc(0);
  if (found.equals(expected.subarray(0, found.length))) {
    const missing = expected.subarray(found.length);
    return { name, how: missing.length === 0 ? "sync" : "append", bytes: missing };
  }
  const known = new Set(expected.toString("utf8").split("\n"));
  const ahead = found
    .toString("utf8")
    .split("\n")
    .some((text) => readLine(text) !== null && !known.has(text));
  if (ahead) throw damaged(`${name} holds lines that the log does not know: a log file was removed or exchanged.`);
  const before = (await readPart(disk, name, 0, base))?.bytes ?? Buffer.alloc(0);
  return { name, how: "replace", bytes: Buffer.concat([before, expected]) };
}

async function refuseLater(disk: Disk, kind: Kind, since: Position, lastAt: number): Promise<void> {
  const newest = filesOf(kind, await disk.list()).at(-1);
  if (newest === undefined) return;
  const none = since.seq === 0 && lastAt === 0;
  if (none || newest > fileOf(kind, lastAt))
    throw damaged(`${newest} holds lines that the log does not know: a log file was removed or exchanged.`);
}

/** The line at which the snapshot was made must still be there, with its hash, at the end of an unbroken chain. */
async function checkTail(disk: Disk, kind: Kind, since: Position): Promise<void> {
  if (since.seq === 0) return;
  const name = fileOf(kind, since.at);
  const size = await sizeOf(disk, name);
  if (size === null) throw damaged(`${name} is missing.`);
  if (size < since.size) throw damaged(`${name} is ${since.size - size} bytes shorter than it was.`);
  const short = await lastLines(disk, name, since.size, tailBytes);
  const texts = short.length > 0 ? short : await lastLines(disk, name, since.size, lineBytes);
  const all = texts.map(readLine);
  // A repair goes on behind a broken chain, and says so in the chain.
  const lines = all.slice(
    Math.max(
      0,
      all.findLastIndex((line) => line !== null && isRepair(line)),
    ),
  );
  for (const [n, line] of lines.entries()) {
    const before = lines[n - 1];
    const fits = n === 0 || (line !== null && before !== null && before !== undefined && follows(before.hash, line));
    if (line === null || !fits) throw damaged(`${name} has been changed: its chain of hashes breaks near its end.`);
  }
  if (lines.at(-1)?.hash !== since.hash)
    throw damaged(`${name} has been changed: its last line is not the one that the snapshot knows.`);
}

export interface Chain {
  position: Position;
  /** Where its last readable line stands; "" when there is none. */
  file: string;
  lines: number;
  /** A sentence for each place where the chain does not hold. */
  breaks: readonly string[];
}

/** Goes through the whole chain. A line that a repair wrote may skip numbers, because it says so itself. */
export async function verifyChain(disk: Disk, kind: Kind): Promise<Chain> {
  let position: Position = noPosition;
  let file = "";
  let count = 0;
  const breaks: string[] = [];
  for (const name of filesOf(kind, await disk.list())) {
    let number = 0;
    let size = 0;
    for await (const { text, ended } of linesOf(disk, name)) {
      number += 1;
      const line = ended ? readLine(text) : null;
      if (line === null) {
        breaks.push(`${name} line ${number} ${ended ? "cannot be read" : "was never ended"}.`);
      } else {
        const says = wrong(position, line);
        if (says !== null) breaks.push(`${name} line ${number} ${says}`);
        count += 1;
      }
      size += Buffer.byteLength(text) + (ended ? 1 : 0);
      if (line === null) continue;
      position = { seq: line.seq, hash: line.hash, at: line.at, size };
      file = name;
    }
  }
  return { position, file, lines: count, breaks };
}

/** The line a repair begins with. */
export function isRepair(line: Read): boolean {
  return line.fields["to"] === "repaired";
}

function wrong(before: Position, line: Read): string | null {
  if (!follows(before.hash, line)) return "does not carry the hash that follows from the line before.";
  if (line.seq !== before.seq + 1 && !isRepair(line)) return `has number ${line.seq} where ${before.seq + 1} was due.`;
  return line.at < before.at ? "is older than the line before." : null;
}
