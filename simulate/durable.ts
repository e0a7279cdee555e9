/** The only place that knows what is durable: it reads every frame the moment its bytes are synced, and checks each change against the one before. */
import type { Of, Post, Request } from "../src/request.ts";
import { follows, readLine } from "../src/store-ledger.ts";
import { readFrame, type Stored } from "./reading.ts";
import type { Volume } from "./volume.ts";

/** One audit line. */
export interface Line {
  request: string;
  revision: number;
  from: string | null;
  to: string;
  by: string | null;
}

/** Where a request may go from each status. Nothing leads out of a closed one, and nothing back to pending. */
const onward: Readonly<Record<string, readonly string[]>> = {
  "": ["pending"],
  pending: ["running", "denied", "expired", "withdrawn", "replaced"],
  running: ["failed", "unsure", "done", "abandoned"],
  unsure: ["running", "failed"],
  failed: ["running", "abandoned"],
};

/** What a step may become. It goes back only where nothing came of it: what provably was not sent is still to be done. */
const onwardStep: Readonly<Record<string, readonly string[]>> = {
  todo: ["acting", "waiting", "done", "skipped", "failed"],
  acting: ["todo", "waiting", "done", "skipped", "failed"],
  waiting: ["done", "skipped", "failed"],
};
/** A soft stop that was not heeded is followed by a hard one. */
const actsAgain = "stop";

const headerBytes = 35;

export interface DurableTools {
  broken(says: string): void;
  /** Called for each request of a frame, with the record as it was before it. */
  changed(next: Stored, before: Stored | undefined, lines: readonly Line[]): void;
}

export class Durable {
  /** Hot ones by id, as they would be read after a power loss. */
  readonly hot = new Map<string, Stored>();
  readonly finished = new Map<string, Request>();
  /** Every status a request ever durably had, in order. */
  readonly statuses = new Map<string, string[]>();
  /** Wrapped keys of every secret that was ever stored. */
  readonly keys = new Set<string>();
  auditLines = 0;
  /** What was asked for and what the card was drawn of, as first stored: an approval is of these. */
  readonly #asked = new Map<string, readonly string[]>();
  #frame = 0;
  #hash = "";
  readonly #read = new Map<string, number>();
  readonly #tools: DurableTools;

  constructor(tools: DurableTools) {
    this.#tools = tools;
  }

  get(id: string): Request | undefined {
    return this.hot.get(id)?.whole() ?? this.finished.get(id);
  }

  /** The request that may do something to this server now: the lock lets there be one. */
  runningOn(account: string, server: string): Of<"running"> | undefined {
    for (const stored of this.hot.values()) {
      if (stored.status !== "running" || !stored.holds(server)) continue;
      const request = stored.whole() as Of<"running">;
      if (request.order.server.id === server && request.order.server.account === account) return request;
    }
    return undefined;
  }

  /** What is written down of the messages of a request. */
  posts(id: string): readonly Post[] {
    return this.hot.get(id)?.posts() ?? this.finished.get(id)?.posts ?? [];
  }

  /** A file was synced: what is new in it counts from now on. */
  synced(volume: Volume, name: string): void {
    if (!name.startsWith("log-")) return;
    let from = this.#read.get(name) ?? 0;
    const bytes = volume.durable(name, from);
    let at = 0;
    while (at + headerBytes < bytes.length) {
      const length = Number.parseInt(bytes.toString("latin1", at, at + 8), 16);
      const end = at + headerBytes + length + 1;
      if (!Number.isFinite(length) || end > bytes.length) break;
      this.#frameRead(bytes.subarray(at + headerBytes, end - 1));
      at = end;
    }
    from += at;
    this.#read.set(name, from);
  }

  #frameRead(payload: Buffer): void {
    const frame = readFrame(payload);
    if (frame.n === undefined) return;
    if (frame.n !== this.#frame + 1) this.#tools.broken(`frame ${frame.n} follows frame ${this.#frame}`);
    this.#frame = frame.n;
    const lines = frame.audit.map((line) => this.#line(line));
    const isNew = frame.put.filter(({ id }) => !this.hot.has(id));
    for (const next of frame.put)
      this.#put(
        next,
        lines.filter(({ request }) => request === next.id),
      );
    for (const next of isNew) this.#alone(next);
    for (const line of frame.archive) this.#retire(line);
  }

  #line(text: string): Line {
    const line = readLine(text);
    this.auditLines += 1;
    if (line === null || line.seq !== this.auditLines || !follows(this.#hash, line)) {
      this.#tools.broken(`the audit chain breaks at line ${this.auditLines}`);
    }
    this.#hash = line?.hash ?? "";
    return line?.fields as unknown as Line;
  }

  #put(next: Stored, lines: readonly Line[]): void {
    const before = this.hot.get(next.id);
    const statuses = this.statuses.get(next.id) ?? [];
    this.statuses.set(next.id, statuses);
    let revision = before?.revision ?? 0;
    let status = before?.status ?? "";
    for (const line of lines) {
      if (line.revision !== revision + 1) this.#tools.broken(`revision ${line.revision} follows ${revision}`);
      if ((line.from ?? "") !== status) this.#tools.broken(`a line leads from ${line.from}, the record is ${status}`);
      if (line.to !== status && !onward[status]?.includes(line.to)) {
        this.#tools.broken(`${next.id} goes from ${status || "nothing"} to ${line.to}`);
      }
      revision = line.revision;
      if (line.to !== status) statuses.push(line.to);
      status = line.to;
    }
    if (next.revision !== revision || next.status !== status) {
      this.#tools.broken(
        `${next.id} is stored as ${next.status} ${next.revision}, its lines end at ${status} ${revision}`,
      );
    }
    if (this.finished.has(next.id)) this.#tools.broken(`${next.id} was put away and came back`);
    this.#unchanged(next);
    if (before !== undefined) this.#stepsForward(next, before);
    this.hot.set(next.id, next);
    const key = next.wrapped();
    if (key !== undefined) this.keys.add(key);
    this.#tools.changed(next, before, lines);
  }

  #unchanged(next: Stored): void {
    const asked = this.#asked.get(next.id) ?? askedOf(next);
    this.#asked.set(next.id, asked);
    if (asked.every((text) => next.holds(text))) return;
    if (askedOf(next).some((text, n) => text !== asked[n])) this.#tools.broken(`the order of ${next.id} is changed`);
  }

  /** A server has one open request at most. */
  #alone(next: Stored): void {
    const { account, id } = next.whole().order.server;
    for (const other of this.hot.values()) {
      if (other === next || onward[other.status] === undefined || !other.holds(id)) continue;
      const { server } = other.whole().order;
      if (server.id === id && server.account === account) this.#tools.broken(`${id} has two open requests`);
    }
  }

  /** Steps are added at the end, none is taken away, and none goes back. */
  #stepsForward(next: Stored, before: Stored): void {
    const now = next.steps();
    for (const [at, { id, state }] of before.steps().entries()) {
      const then = now[at];
      const isHarder = id === actsAgain && state === "waiting" && then?.state === "acting";
      if (then?.id === id && (then.state === state || isHarder || onwardStep[state]?.includes(then.state))) continue;
      this.#tools.broken(`step ${id} of ${next.id} goes from ${state} to ${then?.id === id ? then.state : "nothing"}`);
    }
  }

  #retire(text: string): void {
    const { id, request } = JSON.parse(text) as { id: string; request: Request };
    if (onward[request.status] !== undefined) this.#tools.broken(`${id} was put away while it is ${request.status}`);
    if (request.secret !== undefined) this.#tools.broken(`${id} was put away with its secret`);
    this.hot.delete(id);
    this.finished.set(id, request);
  }
}

function askedOf(stored: Stored): readonly string[] {
  const { order, drawn } = stored.whole();
  return [`"order":${JSON.stringify(order)}`, `"drawn":${JSON.stringify(drawn)}`];
}
