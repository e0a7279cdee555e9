/** The only place that reads the store's files back at start, and that decides whether what is there can be trusted. */
import type { Disk } from "./seams.ts";
import {
  generations,
  logName,
  type Mark,
  markName,
  readCommit,
  readCommitOfOne,
  readLogHead,
  readMark,
  readRecord,
  readSnapshot,
  type SnapshotHead,
  snapshotName,
} from "./store-files.ts";
import { type Scan, scan } from "./store-frames.ts";
import { filesOf, type Line, type Read, readLine } from "./store-ledger.ts";
import type { Raw } from "./store-records.ts";
import { damaged } from "./store-words.ts";

/** What the files say, before records are parsed. Nothing on the disk has been changed. */
export interface Recovered {
  records: Map<string, Raw>;
  head: SnapshotHead;
  /** The newest good snapshot, and the newest log. */
  base: number;
  generation: number;
  /** The number of the last change. */
  frame: number;
  logBytes: number;
  audit: readonly Line[];
  archive: readonly Line[];
  /** The log whose last write was cut short, with the bytes to keep. */
  torn: { name: string; keep: Uint8Array } | null;
  /** Snapshots that cannot be read; an older one took their place. */
  badSnapshots: readonly number[];
  /** False when the mark itself was missing, and reading went on without it. */
  marked: boolean;
  /** Where reading stopped, when it was told to go as far as it could. */
  damage: Damage | null;
}

export interface Damage {
  generation: number;
  says: string;
  /** Good changes behind the damage, which cannot be put back because something before them is missing. */
  behind: readonly string[];
}

/**
 * `start`: of each record only the version that counts is taken apart, for a log holds many that a later one replaced, and their
 * checksums say that they are as they were written. `whole`: every one. `far`: every one, as far as it can.
 */
export type How = "start" | "whole" | "far";

/** Null when nothing was ever stored here. Throws `StoreRefused` at damage, unless it is to go as `far` as it can. */
export async function recover(disk: Disk, how: How = "whole"): Promise<Recovered | null> {
  const names = await disk.list();
  const mark = await readOrRefuse(disk, names, how);
  if (mark === null) return null;
  const start = await newestSnapshot(disk, names);
  const newest = Math.max(start.base, generations("log", names).at(-1) ?? 0);
  const state: State = {
    ...start,
    generation: newest,
    frame: start.head.after,
    audit: [],
    archive: [],
    logBytes: 0,
    torn: null,
    marked: mark.generation > 0,
    damage: null,
  };
  for (let generation = start.base; generation <= Math.max(newest, mark.generation); generation += 1) {
    state.damage = await replay(disk, state, generation, generation === newest, how);
    if (state.damage === null) continue;
    if (how !== "far") throw damaged(state.damage.says);
    break;
  }
  const records = takenApart(state.records);
  // Which change it is that holds a record in a wrong shape, the whole reading says.
  return records === null ? recover(disk, "whole") : { ...state, records };
}

/** Null when one cannot be read. */
function takenApart(stored: State["records"]): Map<string, Raw> | null {
  const records = new Map<string, Raw>();
  for (const [id, record] of stored) {
    const raw = typeof record === "string" ? readRecord(record) : record;
    if (raw?.["id"] !== id) return null;
    records.set(id, raw);
  }
  return records;
}

/** Null when this is a new data directory. */
async function readOrRefuse(disk: Disk, names: readonly string[], how: How): Promise<Mark | null> {
  const mark = readMark((await disk.read(markName)) ?? Buffer.alloc(0));
  if (mark !== null) return mark;
  if (how === "far" && generations("snapshot", names).length > 0) return { v: 1, generation: 0 };
  if (names.includes(markName))
    throw damaged(`${markName} cannot be read, or was written by a newer version of the bot.`);
  await refuseWithoutMark(disk, names);
  return null;
}

/** While logs are read, a record may still be the text of one. */
type State = Omit<Recovered, "records" | "audit" | "archive"> & {
  records: Map<string, Raw | string>;
  audit: Line[];
  archive: Line[];
};

/** The mark is the last thing that the first start writes, before any change is taken: without it there may be nothing but empty beginnings. */
async function refuseWithoutMark(disk: Disk, names: readonly string[]): Promise<void> {
  const [history] = [...filesOf("audit", names), ...filesOf("archive", names)];
  const snapshots = generations("snapshot", names);
  const logs = generations("log", names);
  const bytes = (await disk.read(logName(1))) ?? Buffer.alloc(0);
  const begun = scan(bytes).frames.length <= 1 && [...snapshots, ...logs].every((generation) => generation === 1);
  if (history === undefined && begun) return;
  const found = history ?? `${snapshots.length + logs.length} snapshots and logs`;
  throw damaged(`${markName} is missing, though there is ${found}: this is not a new data directory.`);
}

async function newestSnapshot(disk: Disk, names: readonly string[]) {
  const badSnapshots: number[] = [];
  for (const base of generations("snapshot", names).reverse()) {
    const snapshot = readSnapshot(await disk.read(snapshotName(base)));
    if (snapshot !== null && snapshot.head.snapshot === base) {
      const records = new Map<string, Raw | string>(snapshot.records.map((record) => [String(record["id"]), record]));
      return { base, records, head: snapshot.head, badSnapshots };
    }
    badSnapshots.push(base);
  }
  const what = badSnapshots.length === 0 ? "There is no snapshot" : "No snapshot can be read";
  throw damaged(`${what}, though this data directory has been in use.`);
}

/** Applies one log; what is wrong with it comes back as damage. */
async function replay(disk: Disk, state: State, generation: number, last: boolean, how: How): Promise<Damage | null> {
  const name = logName(generation);
  const bytes = await disk.read(name);
  const found = scan(bytes ?? Buffer.alloc(0));
  const stop = (says: string) => ({ generation, says, behind: found.behind });
  if (bytes === null) return stop(`${name} is missing.`);
  const head = readLogHead(found.frames[0]);
  if (head === null || head.log !== generation) return stop(`${name} has no readable beginning.`);
  if (head.after !== state.frame)
    return stop(`${name} begins after change ${head.after}, but the changes before it end at ${state.frame}.`);
  for (const text of found.frames.slice(1)) {
    const says = apply(state, text, how);
    if (says !== null) return stop(`${name}: ${says}`);
  }
  state.logBytes += found.goodBytes;
  if (found.tail === "damaged" || (found.tail === "torn" && !last))
    return stop(`${name} is damaged at byte ${found.goodBytes}, where ${describe(found)}`);
  if (found.tail === "torn") state.torn = { name, keep: bytes.subarray(0, found.goodBytes) };
  return null;
}

function describe(found: Scan): string {
  if (found.behind.length > 0) return `${found.behind.length} good changes follow the damaged bytes.`;
  return "a change had been stored whole and is now unreadable.";
}

function apply(state: State, text: string, how: How): string | null {
  const commit = (how === "start" ? readCommitOfOne(text) : null) ?? readCommit(text);
  if (commit === null) return `the change after ${state.frame} is not in the shape of one.`;
  if (commit.n !== state.frame + 1) return `change ${commit.n} follows change ${state.frame}.`;
  const audit = commit.audit.map(readLine);
  const archive = commit.archive.map(readLine);
  if (!audit.every(isRead) || !archive.every(isRead)) return `change ${commit.n} holds a line that cannot be read.`;
  for (const { id, record } of commit.put) state.records.set(id, record);
  for (const line of archive) state.records.delete(String(line.fields["id"]));
  state.audit.push(...audit);
  state.archive.push(...archive);
  state.frame = commit.n;
  return null;
}

function isRead(line: Read | null): line is Read {
  return line !== null;
}
