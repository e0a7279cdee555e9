/** The only place that writes the monthly, hash-chained files: what was decided (audit) and what is finished (archive). */
import { hash as digest } from "node:crypto";
import type { Disk } from "./seams.ts";

export type Kind = "audit" | "archive";

/** The last line of a chain. `at` never goes back, whatever the clock does; `seq` is the order. */
export interface Tail {
  seq: number;
  hash: string;
  at: number;
}
/** Where a chain ends on disk: `size` is that of the file of its last line. */
export interface Position extends Tail {
  size: number;
}
export interface Line extends Tail {
  text: string;
}

export const noTail: Tail = { seq: 0, hash: "", at: 0 };
export const noPosition: Position = { ...noTail, size: 0 };

/** `hash` is over the hash before and the exact bytes of the line without its own. */
export function nextLine(tail: Tail, now: number, fields: Readonly<Record<string, unknown>>): Line {
  const at = Math.max(tail.at, now);
  const seq = tail.seq + 1;
  const body = JSON.stringify({ at, seq, ...fields });
  const hash = hashOf(tail.hash, body);
  return { seq, hash, at, text: `${body.slice(0, -1)},"hash":"${hash}"}` };
}

export interface Read extends Line {
  fields: Readonly<Record<string, unknown>>;
  /** The line without its hash. */
  body: string;
}

/** A line as it lies on disk, or null when it is none. Whether its hash fits is for `follows` to say. */
export function readLine(text: string): Read | null {
  const match = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/s.exec(text);
  const [, open, hash] = match ?? [];
  if (open === undefined || hash === undefined) return null;
  const body = `${open}}`;
  const fields = parsed(body);
  if (fields === null) return null;
  const { seq, at } = fields;
  if (typeof seq !== "number" || typeof at !== "number") return null;
  return { seq, at, hash, text, body, fields };
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

export function follows(hashBefore: string, line: Read): boolean {
  return hashOf(hashBefore, line.body) === line.hash;
}

function hashOf(before: string, body: string): string {
  return digest("sha256", before + body, "hex");
}

/** `audit-2026-11.jsonl`: one file a month, UTC. */
export function fileOf(kind: Kind, at: number): string {
  const date = new Date(at);
  return `${kind}-${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, "0")}.jsonl`;
}

/** The files of a chain among these names, oldest first. */
export function filesOf(kind: Kind, names: readonly string[]): string[] {
  return names.filter((name) => new RegExp(`^${kind}-\\d{4}-\\d{2}\\.jsonl$`).test(name)).sort();
}

/** Groups lines by the file they belong to, as the bytes to be added to it. */
export function bytesByFile(kind: Kind, lines: readonly Line[]): Map<string, Buffer> {
  const texts = new Map<string, string>();
  for (const line of lines) {
    const file = fileOf(kind, line.at);
    texts.set(file, `${texts.get(file) ?? ""}${line.text}\n`);
  }
  return new Map([...texts].map(([file, text]) => [file, Buffer.from(text, "utf8")]));
}

/**
 * Copies lines out of frames that are durable already, so nothing is lost when a copy is: at the next start what is missing is
 * copied again, by sequence number.
 */
export interface Ledger {
  add(lines: readonly Line[]): void;
  waitingBytes(): number;
  flush(): Promise<void>;
  /** Makes everything copied so far durable; after it the frames may go. */
  sync(): Promise<Position>;
}

export function ledger(disk: Disk, kind: Kind, start: Position): Ledger {
  let position = start;
  let waiting: Line[] = [];
  let waitingBytes = 0;
  const unsynced = new Set<string>();

  async function flush(): Promise<void> {
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    for (const [file, bytes] of bytesByFile(kind, lines)) {
      unsynced.add(file);
      await disk.append(file, bytes);
      const size = file === fileOf(kind, position.at) ? position.size : 0;
      const last = lines.findLast((line) => fileOf(kind, line.at) === file);
      if (last !== undefined) position = { seq: last.seq, hash: last.hash, at: last.at, size: size + bytes.length };
    }
  }
  return {
    add(lines) {
      waiting.push(...lines);
      for (const line of lines) waitingBytes += line.text.length;
    },
    waitingBytes: () => waitingBytes,
    flush,
    async sync() {
      await flush();
      for (const file of unsynced) await disk.sync(file);
      unsynced.clear();
      return position;
    },
  };
}
