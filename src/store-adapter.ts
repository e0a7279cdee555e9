/** The only place that writes the log and the snapshots: lowdb's documented extension point, an adapter that gets the data and stores it. */
import type { Adapter } from "lowdb";
import { isOpen, keyOf, type Request } from "./request.ts";
import type { Disk, Log } from "./seams.ts";
import { loadLatest } from "./store-archive.ts";
import {
  type Batch,
  commitFrame,
  generations,
  logHead,
  logName,
  markBytes,
  markName,
  snapshotBytes,
  snapshotName,
} from "./store-files.ts";
import { type Ledger, ledger, noPosition, noTail, type Position, type Tail } from "./store-ledger.ts";
import { compare, type Mend } from "./store-ledger-read.ts";
import { type PiecesOf, requestPieces } from "./store-pieces.ts";
import { emptySet, findOpen, type Migrations, put, type RecordSet, recordFrom } from "./store-records.ts";
import { type Recovered, recover } from "./store-recover.ts";
import { staleSecrets } from "./store-shred.ts";
import { damaged } from "./store-words.ts";

/** What lowdb holds: the durable records, where the chains end, and what the next write adds. */
export interface Data {
  records: RecordSet;
  audit: Tail;
  archive: Tail;
  batch: Batch;
}

export const noBatch: Batch = { put: new Map(), audit: [], archive: [] };

export function emptyData(): Data {
  return { records: emptySet(), audit: noTail, archive: noTail, batch: noBatch };
}

export interface LogAdapter extends Adapter<Data> {
  /** Appends one frame with the whole batch and syncs it: after that, everything in it is durable. */
  write(data: Data): Promise<void>;
  /** After a write, off the path of the answer: copies lines out to the monthly files when it is time or they are many, and makes a snapshot when the log is long. */
  tidy(data: Data, copyTime: boolean): Promise<void>;
  /** Rewrites both generations, so that what is no longer in the records is no longer in any file. */
  shred(data: Data): Promise<void>;
  close(): Promise<void>;
}

export interface AdapterTools {
  disk: Disk;
  log: Log;
  migrations: Migrations;
  /** A snapshot is made when the log is longer than this, and longer than the snapshot. */
  logMaxBytes: number;
  /** How many finished requests are kept in memory. */
  finishedMax: number;
}

/** Lines wait to be copied out, but no more than this many bytes of them. */
const waitingMaxBytes = 64 * 1024;

export function logAdapter(tools: AdapterTools): LogAdapter {
  const { disk } = tools;
  const piecesOf = requestPieces();
  let at = { generation: 1, base: 1, frame: 0, logBytes: 0, snapshotBytes: 0 };
  let ledgers: { audit: Ledger; archive: Ledger } = {
    audit: ledger(disk, "audit", noPosition),
    archive: ledger(disk, "archive", noPosition),
  };

  async function read(): Promise<Data | null> {
    const found = await recover(disk, "start");
    if (found === null) {
      await writeGeneration(disk, { generation: 1, after: 0, audit: noPosition, archive: noPosition }, []);
      return null;
    }
    const data = dataFrom(found, tools.migrations);
    const audit = await compare(disk, "audit", found.head.audit, found.audit);
    const archive = await compare(disk, "archive", found.head.archive, found.archive);
    const stale = await staleSecrets(disk, data.records);
    await mend(tools, found, [...audit.mends, ...archive.mends]);
    const { generation, base, frame, logBytes } = found;
    at = { generation, base, frame, logBytes, snapshotBytes: 0 };
    ledgers = {
      audit: ledger(disk, "audit", audit.position),
      archive: ledger(disk, "archive", archive.position),
    };
    data.audit = audit.position;
    data.archive = archive.position;
    data.records.finished = await loadLatest(tools, tools.finishedMax);
    if (stale) await shred(data);
    else if (found.badSnapshots.length > 0) await snapshot(data);
    return data;
  }

  async function write(data: Data): Promise<void> {
    const bytes = commitFrame(at.frame + 1, data.batch, piecesOf);
    await disk.append(logName(at.generation), bytes);
    await disk.sync(logName(at.generation));
    at.frame += 1;
    at.logBytes += bytes.length;
    ledgers.audit.add(data.batch.audit);
    ledgers.archive.add(data.batch.archive);
  }

  async function tidy(data: Data, copyTime: boolean): Promise<void> {
    for (const each of [ledgers.audit, ledgers.archive])
      if (each.waitingBytes() > (copyTime ? 0 : waitingMaxBytes)) await each.flush();
    if (at.logBytes > Math.max(tools.logMaxBytes, at.snapshotBytes)) await snapshot(data);
  }

  /** The lines that only frames hold come first, and what is too old goes last. */
  async function snapshot(data: Data): Promise<void> {
    const audit = await ledgers.audit.sync();
    const archive = await ledgers.archive.sync();
    const generation = at.generation + 1;
    const head = { generation, after: at.frame, audit, archive };
    const size = await writeGeneration(disk, head, [...data.records.hot.values()], piecesOf);
    await removeOld(disk, at.base, generation);
    at = { ...at, generation, base: generation, logBytes: 0, snapshotBytes: size };
  }

  async function shred(data: Data): Promise<void> {
    await snapshot(data);
    await snapshot(data);
  }
  async function close(): Promise<void> {
    await ledgers.audit.sync();
    await ledgers.archive.sync();
  }
  return { read, write, tidy, shred, close };
}

/** The new log before its snapshot, so that a crash between leaves a log to go on with; the mark when both are there. */
export async function writeGeneration(
  disk: Disk,
  head: { generation: number; after: number; audit: Position; archive: Position },
  requests: readonly Request[],
  piecesOf: PiecesOf = requestPieces(),
): Promise<number> {
  const bytes = snapshotBytes(head, requests, piecesOf);
  await disk.replace(logName(head.generation), logHead(head.generation, head.after));
  await disk.replace(snapshotName(head.generation), bytes);
  await disk.replace(markName, markBytes(head.generation));
  return bytes.length;
}

/** Keeps the good generation before the newest one, with every log since; what could not be read goes too. */
async function removeOld(disk: Disk, keepFrom: number, newest: number): Promise<void> {
  const names = await disk.list();
  for (const generation of generations("snapshot", names))
    if (generation !== keepFrom && generation !== newest) await disk.remove(snapshotName(generation));
  for (const generation of generations("log", names)) if (generation < keepFrom) await disk.remove(logName(generation));
}

export function dataFrom(found: Recovered, migrations: Migrations): Data {
  const data = emptyData();
  for (const raw of found.records.values()) {
    const request = recordFrom(raw, migrations);
    const other = isOpen(request) ? findOpen(data.records, keyOf(request)) : null;
    if (other !== null) throw damaged(`Two open requests are stored for one server: ${other.id} and ${request.id}.`);
    put(data.records, request);
  }
  return data;
}

/** Trims the write that was cut short, brings the monthly files level with the log, and makes durable what a killed process had only written. */
async function mend(tools: AdapterTools, found: Recovered, mends: readonly Mend[]): Promise<void> {
  const { disk, log } = tools;
  for (const generation of found.badSnapshots)
    log.warn("a snapshot cannot be read; the one before it and the logs since were used instead", {
      file: snapshotName(generation),
    });
  if (found.torn !== null) {
    log.warn("the last write was cut short and never acknowledged; it is trimmed", { file: found.torn.name });
    await disk.replace(found.torn.name, found.torn.keep);
  }
  // First, so that no monthly file ever durably holds a line whose frame the power could still take.
  await disk.sync(logName(found.generation));
  for (const { name, how, bytes } of mends) {
    if (how === "append") await disk.append(name, bytes);
    if (how === "replace")
      log.warn("the end of a monthly file was not what the log knows; it is written again", { file: name });
    if (how === "replace") await disk.replace(name, bytes);
    else await disk.sync(name);
  }
}
