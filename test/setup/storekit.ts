/** The only place that makes requests and a store for the tests of the store. */
import { Request, type Sealed } from "../../src/request.ts";
import type { Clock, Log } from "../../src/seams.ts";
import { openStore, type StoreOptions } from "../../src/store.ts";
import type { Store } from "../../src/storeport.ts";
import { type MemoryDisk, memoryDisk } from "./memorydisk.ts";

export const november = Date.UTC(2026, 10, 21, 3, 0, 0);

/** A clock that a test sets; waits end when it is set past them. */
export interface SetClock extends Clock {
  set(now: number): void;
}

export function setClock(start = november): SetClock {
  let now = start;
  let mono = 0;
  const waits = new Set<{ until: number; end: () => void }>();
  return {
    now: () => now,
    mono: () => mono,
    after: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (ms <= 0) return resolve();
        const wait = { until: mono + ms, end: resolve };
        waits.add(wait);
        signal?.addEventListener("abort", () => {
          waits.delete(wait);
          reject(signal.reason);
        });
        if (signal?.aborted) reject(signal.reason);
      }),
    set(next) {
      mono += Math.max(0, next - now);
      now = next;
      for (const wait of [...waits]) {
        if (wait.until > mono) continue;
        waits.delete(wait);
        wait.end();
      }
    },
  };
}

export interface Opened {
  store: Store;
  disk: MemoryDisk;
  clock: SetClock;
  /** The sentence of `die`, once it is called. */
  died: Promise<string>;
  warned: string[];
}

export async function open(
  disk: MemoryDisk = memoryDisk(),
  options: Partial<StoreOptions> & { clock?: SetClock } = {},
): Promise<Opened> {
  const clock = options.clock ?? setClock();
  const warned: string[] = [];
  let tell: (why: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const die = (why: string): never => {
    tell(why);
    throw new Error(why);
  };
  const store = await openStore({ disk, log: listing(warned), die, ...options, clock });
  return { store, disk, clock, died, warned };
}

export function listing(warned: string[]): Log {
  return { info: () => {}, warn: (words) => void warned.push(words), error: (words) => void warned.push(words) };
}

/** Why this store does not open. */
export async function whyNot(disk: MemoryDisk, options: Partial<StoreOptions> = {}): Promise<string> {
  try {
    await open(disk, options as Partial<StoreOptions> & { clock?: SetClock });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "it opened";
}

const ref = { cloud: "tencent", site: "main", account: "prod", region: "ap-guangzhou" };

/** A pending request; `server` is the id of its server. */
export function pending(id: string, more: { server?: string; sealed?: Sealed; reason?: string } = {}): Request {
  const server = { ...ref, id: more.server ?? `ins-${id}` };
  return Request.parse({
    v: 1,
    id,
    revision: 1,
    status: "pending",
    channel: "C1",
    askedBy: { team: "T1", user: "U1" },
    askedAt: november,
    reason: more.reason ?? "the disk is corrupt",
    order: {
      server,
      image: { id: "img-1", name: "Ubuntu", kind: "public", os: { family: "linux", name: "Ubuntu" }, same: false },
      login: { kind: "keep-image" },
    },
    drawn: {
      ref: server,
      name: "web-01",
      readAt: november,
      power: "running",
      state: "RUNNING",
      os: { family: "linux", name: "CentOS" },
      image: { id: "img-0", name: "CentOS" },
      dataDisks: [],
      ips: { public: [], private: [] },
      charge: "POSTPAID",
      tags: {},
      identity: {},
      trace: {},
      facts: {},
    },
    notices: [],
    rule: "default",
    approvers: { users: ["U2"], groups: [] },
    remindAt: november,
    expiresAt: november + 3_600_000,
    approvals: [],
    posts: [],
    ...(more.sealed === undefined ? {} : { secret: { sealed: more.sealed, kind: "typed" } }),
  });
}

export function next(request: Request, more: Readonly<Record<string, unknown>> = {}): Request {
  return Request.parse({ ...request, revision: request.revision + 1, ...more });
}

export function withdrawn(request: Request, endedAt = november): Request {
  const { secret: _, ...rest } = request;
  return Request.parse({
    ...rest,
    revision: request.revision + 1,
    status: "withdrawn",
    endedAt,
    endedBy: request.askedBy,
  });
}

export async function putOne(store: Store, request: Request, by?: string): Promise<void> {
  await store.change(() => ({ put: [request], give: null, ...(by === undefined ? {} : { by }) }));
}

/** Puts, withdraws and retires one request. */
export async function finish(store: Store, id: string, endedAt = november): Promise<void> {
  const request = pending(id);
  await putOne(store, request);
  await putOne(store, withdrawn(request, endedAt));
  await store.retire(id);
}
