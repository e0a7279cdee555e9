/** The only place that makes changes durable: one loop, in which each batch settles its own promises, so that nobody waits for those who come later. */
import type { Low } from "lowdb";
import type { Request } from "./request.ts";
import type { Clock, Die } from "./seams.ts";
import type { Data, LogAdapter } from "./store-adapter.ts";
import { noBatch } from "./store-adapter.ts";
import type { Line } from "./store-ledger.ts";
import { archive, put } from "./store-records.ts";
import { stopped } from "./store-words.ts";

/** One change on its way to the disk. `settle` tells the caller, once everything the change saw is durable. */
export interface Entry {
  put: readonly Request[];
  audit: readonly Line[];
  archive: readonly { request: Request; line: Line }[];
  dropsSecret: boolean;
  settle(): void;
}

export interface Commits {
  add(entry: Entry): void;
  /** Resolves when everything is durable, copied and shredded; nothing may be added after. */
  drain(): Promise<void>;
}

export interface CommitTools {
  db: Low<Data>;
  adapter: LogAdapter;
  clock: Clock;
  die: Die;
  finishedMax: number;
  /** How long secrets that were dropped may wait for each other, before the files are rewritten without them. */
  shredAfterMs: number;
  /** How long lines may wait for each other, before they are copied out to the monthly files. */
  copyAfterMs: number;
  /** Changes in one frame, at most. */
  batchMax: number;
  applied(entries: readonly Entry[]): void;
}

/** Work that waits for more of its kind. */
interface PutOff {
  is: "no" | "waiting" | "now";
}

export function commitLoop(tools: CommitTools): Commits {
  const { db, adapter } = tools;
  const queue: Entry[] = [];
  const waits = new AbortController();
  let state: "idle" | "running" | "dead" = "idle";
  const shred: PutOff = { is: "no" };
  const copy: PutOff = { is: "no" };
  let unsettled = 0;
  let drained: (() => void) | null = null;

  function kick(): void {
    if (state !== "idle") return;
    state = "running";
    void run();
  }

  /** After a failed write nothing more is said to anybody: a process that ends gives no answers. */
  async function run(): Promise<void> {
    try {
      await null;
      while (queue.length > 0 || copy.is === "now" || shred.is === "now" || drained !== null) await turn();
      state = "idle";
    } catch (error) {
      state = "dead";
      end(error);
    }
  }

  async function turn(): Promise<void> {
    if (queue.length > 0) await commit(queue.splice(0, tools.batchMax));
    // Taken before the wait: a time that comes while the files are written is for the next turn.
    const copyTime = copy.is === "now";
    if (copyTime) copy.is = "no";
    await adapter.tidy(db.data, copyTime);
    if (shred.is === "now" || (drained !== null && shred.is === "waiting")) {
      shred.is = "no";
      await adapter.shred(db.data);
    }
    if (drained === null || queue.length > 0) return;
    await adapter.close();
    drained();
    drained = null;
  }

  async function commit(entries: readonly Entry[]): Promise<void> {
    const changes = entries.filter((entry) => entry.audit.length + entry.archive.length > 0);
    if (changes.length > 0) {
      db.data.batch = {
        put: new Map(changes.flatMap((entry) => entry.put.map((request) => [request.id, request]))),
        audit: changes.flatMap((entry) => entry.audit),
        archive: changes.flatMap((entry) => entry.archive.map(({ line }) => line)),
      };
      await db.write();
      db.data.batch = noBatch;
      for (const entry of changes) applyTo(db.data, entry, tools.finishedMax);
      putOff(copy, tools.copyAfterMs);
      if (changes.some((entry) => entry.dropsSecret)) putOff(shred, tools.shredAfterMs);
    }
    unsettled -= changes.length;
    tools.applied(changes);
    for (const entry of entries) entry.settle();
  }

  function putOff(work: PutOff, waitMs: number): void {
    if (work.is !== "no") return;
    work.is = "waiting";
    const due = () => {
      work.is = "now";
      kick();
    };
    tools.clock.after(waitMs, waits.signal).then(due, () => {});
  }

  function end(error: unknown): void {
    waits.abort();
    try {
      tools.die(stopped(error), error);
    } catch {
      // Where `die` returns by throwing, there is nobody left to tell.
    }
  }

  return {
    add(entry) {
      if (state === "dead") return;
      const changes = entry.audit.length + entry.archive.length > 0;
      if (!changes && unsettled === 0) {
        entry.settle();
        return;
      }
      if (changes) unsettled += 1;
      queue.push(entry);
      kick();
    },
    drain: () =>
      new Promise((resolve) => {
        waits.abort();
        drained = resolve;
        if (state === "dead") resolve();
        else kick();
      }),
  };
}

function applyTo(data: Data, entry: Entry, finishedMax: number): void {
  for (const request of entry.put) put(data.records, request);
  for (const { request } of entry.archive) archive(data.records, request, finishedMax);
  data.audit = entry.audit.at(-1) ?? data.audit;
  data.archive = entry.archive.at(-1)?.line ?? data.archive;
}
