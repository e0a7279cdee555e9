/** The only place that says what the store must do, so that the same records can live elsewhere with flows, views and commands unchanged. */
import type { Request } from "./request.ts";

/** What a change sees: the latest records. It must be pure: it may be called again. */
export interface Records {
  get(id: string): Request | null;
  /** The open request for a server key, if any. */
  openFor(serverKey: string): Request | null;
}

/** What a change wants. `put` is empty when it refuses; `by` and `rule` go to the audit line. */
export interface Change<T> {
  put: readonly Request[];
  give: T;
  by?: string;
  rule?: string;
  /** Digest of what was shown to the person who decided. */
  shown?: string;
}

export interface Store {
  /** The durable record, open or finished; null when there never was one or it is no longer kept. */
  get(id: string): Promise<Request | null>;
  openFor(serverKey: string): Request | null;
  /** Every hot record (open, or finished with something still to show or shred), oldest first. */
  hot(): readonly Request[];
  /** The latest finished ones, newest first. */
  latest(max: number): readonly Request[];
  /**
   * The only way a record changes. `fn` is applied to the latest records, one change after the other; the promise resolves with
   * `give` only when everything `fn` saw and put is durable, also when it put nothing. A failed write ends the process.
   * Each put record must have `revision` one higher than the one it replaces (1 for a new one).
   */
  change<T>(fn: (records: Records) => Change<T>): Promise<T>;
  /** Moves a finished record out of the hot set; only with its last picture shown and its secret gone. */
  retire(id: string): Promise<void>;
  /** Ids of hot records that are due, none of them leased to another turn; each is leased for `leaseMs`. */
  take(now: number, max: number, leaseMs: number): readonly string[];
  /** Ends the lease and says when the record is due next. */
  done(id: string, dueAt: number): void;
  /** Makes a record due now (also when it is leased: it is then due again right after). */
  due(id: string): void;
  /** The earliest time at which something will be due; null when nothing is hot. */
  nextDue(): number | null;
  /** Called whenever something became due; with its id where somebody asked for it by `due`. */
  onDue(wake: (asked?: string) => void): void;
  /** Waits for everything in hand, then gives the lock back. */
  close(): Promise<void>;
}
