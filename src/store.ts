/** The only place where requests are kept: the port of storeport.ts over lowdb, with an append log below it. */
import { Low } from "lowdb";
import { isOpen, type Request } from "./request.ts";
import type { Clock, Die, Disk, Log, Unlock } from "./seams.ts";
import { type Data, emptyData, logAdapter } from "./store-adapter.ts";
import { findArchived } from "./store-archive.ts";
import { type Commits, commitLoop, type Entry } from "./store-commit.ts";
import { type DueList, dueList } from "./store-due.ts";
import { type Line, nextLine, type Tail } from "./store-ledger.ts";
import {
  archive,
  checkPut,
  copyOf,
  find,
  findOpen,
  type Migrations,
  migrations,
  put,
  type RecordSet,
} from "./store-records.ts";
import { dropsSecret, keyOfSecret } from "./store-shred.ts";
import { refusal } from "./store-words.ts";
import type { Change, Records, Store } from "./storeport.ts";

export interface StoreOptions {
  disk: Disk;
  clock: Clock;
  log: Log;
  die: Die;
  /** How older records become those of today; the built-in table unless a test has its own. */
  migrations?: Migrations;
  logMaxBytes?: number;
  finishedMax?: number;
  shredAfterMs?: number;
  copyAfterMs?: number;
  batchMax?: number;
}

/** A snapshot holds the presses up while it is made, and a log of this size is read in a fraction of a second. */
const logMaxBytes = 16 * 1024 * 1024;
const finishedMax = 200;
const shredAfterMs = 5_000;
/** Who follows the audit file sees a line within it; who presses has one write less to wait for. */
const copyAfterMs = 1_000;
const batchMax = 500;

/** Throws `Locked`, or `StoreRefused` with a sentence that says what to do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const full = { migrations, logMaxBytes, finishedMax, shredAfterMs, copyAfterMs, batchMax, ...options };
  let unlock: Unlock | null = null;
  try {
    unlock = await options.disk.lock();
    const adapter = logAdapter(full);
    const db = new Low<Data>(adapter, emptyData());
    await db.read();
    const due = dueList(options.clock);
    due.add(db.data.records.hot.keys());
    const applied = (entries: readonly Entry[]) => follow(due, entries);
    const commits = commitLoop({ ...full, db, adapter, applied });
    return port({ ...full, data: db.data, due, commits, unlock });
  } catch (error) {
    await unlock?.();
    throw refusal("be opened", error);
  }
}

function follow(due: DueList, entries: readonly Entry[]): void {
  for (const { archive } of entries) for (const { request } of archive) due.remove(request.id);
  due.add(entries.flatMap((entry) => entry.put.filter((request) => request.revision === 1).map(({ id }) => id)));
}

interface Parts extends StoreOptions {
  data: Data;
  due: DueList;
  commits: Commits;
  unlock: Unlock;
  migrations: Migrations;
  finishedMax: number;
}

function port(parts: Parts): Store {
  const { data, due, commits } = parts;
  const durable = data.records;
  const stage = staging(parts);
  let closed: Promise<void> | null = null;

  function enter<T>(work: () => Staged<T>): Promise<T> {
    if (closed !== null) return Promise.reject(new Error("The store is closed."));
    return new Promise<T>((resolve, reject) => {
      try {
        const { give, ...entry } = work();
        commits.add({ ...entry, settle: () => resolve(give) });
      } catch (error) {
        commits.add({ ...nothing, settle: () => reject(error) });
      }
    });
  }
  async function shut(): Promise<void> {
    await commits.drain();
    await parts.unlock();
  }
  return {
    get: async (id) => find(durable, id) ?? findArchived(parts.disk, parts.migrations, id),
    openFor: (serverKey) => findOpen(durable, serverKey),
    hot: () => [...durable.hot.values()],
    latest: (max) => latest(durable, max),
    change: (fn) => enter(() => stage.change(fn)),
    retire: (id) => enter(() => stage.retire(id)),
    take: due.take,
    done: due.done,
    due: due.due,
    nextDue: due.nextDue,
    onDue: due.onDue,
    close() {
      closed ??= shut();
      return closed;
    },
  };
}

type Staged<T> = Omit<Entry, "settle"> & { give: T };
const nothing = { put: [], audit: [], archive: [], dropsSecret: false } satisfies Omit<Entry, "settle">;

/** The records as they will be once everything in hand is durable: what a change sees, and nobody else. */
function staging(parts: Parts) {
  const { clock, finishedMax } = parts;
  const ahead: RecordSet = copyOf(parts.data.records);
  const tails: { audit: Tail; archive: Tail } = { audit: parts.data.audit, archive: parts.data.archive };
  const records: Records = {
    get: (id) => find(ahead, id),
    openFor: (serverKey) => findOpen(ahead, serverKey),
  };

  function change<T>(fn: (records: Records) => Change<T>): Staged<T> {
    const wanted = fn(records);
    checkPut(ahead, wanted.put);
    const audit = wanted.put.map((request) => auditLine(wanted, request));
    const drops = wanted.put.some((request) => dropsSecret(ahead.hot.get(request.id), request));
    for (const request of wanted.put) put(ahead, request);
    return { put: wanted.put, audit, archive: [], dropsSecret: drops, give: wanted.give };
  }
  function auditLine(wanted: Change<unknown>, request: Request): Line {
    const { by = null, rule = null, shown = null } = wanted;
    const { id, revision, status: to } = request;
    const from = ahead.hot.get(id)?.status ?? null;
    const line = nextLine(tails.audit, clock.now(), { request: id, revision, from, to, by, rule, shown });
    tails.audit = line;
    return line;
  }
  function retire(id: string): Staged<void> {
    if (ahead.finished.has(id)) return { ...nothing, give: undefined };
    const found = ahead.hot.get(id);
    if (found === undefined) throw new Error(`There is no request ${id} to put away.`);
    if (isOpen(found)) throw new Error(`The request ${id} is open and cannot be put away.`);
    const { secret: _, ...request } = found;
    const line = nextLine(tails.archive, clock.now(), { id, request });
    tails.archive = line;
    archive(ahead, request, finishedMax);
    const drops = keyOfSecret(found) !== undefined;
    return { ...nothing, archive: [{ request, line }], dropsSecret: drops, give: undefined };
  }
  return { change, retire };
}

function latest(records: RecordSet, max: number): readonly Request[] {
  const closed = [...records.hot.values()].filter((request) => !isOpen(request));
  return [...records.finished.values(), ...closed]
    .sort((one, other) => endOf(other) - endOf(one))
    .slice(0, Math.max(0, max));
}

function endOf(request: Request): number {
  return "endedAt" in request ? request.endedAt : 0;
}
