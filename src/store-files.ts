/** The only place that names the files of the store and knows what is written in each. */
import * as z from "zod";
import type { Request } from "./request.ts";
import { frame, scan } from "./store-frames.ts";
import type { Line, Position } from "./store-ledger.ts";
import type { Piece, PiecesOf } from "./store-pieces.ts";
import type { Raw } from "./store-records.ts";

/** Written last at the very first start and renewed with every snapshot: where it stands, a missing file is a loss. */
export const markName = "store.json";
export const snapshotName = (generation: number) => `snapshot-${generation}`;
export const logName = (generation: number) => `log-${generation}`;

const version = 1;
export const Mark = z.object({ v: z.literal(version), generation: z.number().int().positive() });
export type Mark = z.infer<typeof Mark>;

const Count = z.number().int().nonnegative();
const StoredPosition = z.object({ seq: Count, hash: z.string(), at: Count, size: Count });
/** Taken as it lies, since a change writes its fields in the order in which they were read. */
const StoredRecord = z.custom<Raw & { id: string }>(
  (value) => typeof value === "object" && value !== null && "id" in value && typeof value.id === "string",
);

/** The first frame of a snapshot; one frame a record follows. `after` is the number of the last change in it. */
const SnapshotHead = z.object({
  v: z.literal(version),
  snapshot: Count,
  after: Count,
  audit: StoredPosition,
  archive: StoredPosition,
  count: Count,
});
export type SnapshotHead = z.infer<typeof SnapshotHead>;

/** The first frame of a log. */
const LogHead = z.object({ v: z.literal(version), log: Count, after: Count });
export type LogHead = z.infer<typeof LogHead>;

/** Every further frame: what was made durable by one sync. `archive` lines take their requests out of the hot ones. */
const Lines = z.object({ n: Count, audit: z.array(z.string()), archive: z.array(z.string()) });
const Frame = Lines.extend({ put: z.array(StoredRecord) });
const putOpens = ',"put":[';
export interface Commit extends z.infer<typeof Lines> {
  put: readonly Put[];
}
/** A record in a frame, or the text of it where it was not taken apart. */
export interface Put {
  id: string;
  record: Raw | string;
}

/** What the next frame adds. */
export interface Batch {
  put: ReadonlyMap<string, Request>;
  audit: readonly Line[];
  archive: readonly Line[];
}

export function markBytes(generation: number): Buffer {
  return Buffer.from(`${JSON.stringify({ v: version, generation } satisfies Mark)}\n`);
}

export function logHead(generation: number, after: number): Buffer {
  return frame([JSON.stringify({ v: version, log: generation, after } satisfies LogHead)]);
}

export function commitFrame(n: number, batch: Batch, piecesOf: PiecesOf): Buffer {
  const texts = (lines: readonly Line[]) => JSON.stringify(lines.map((line) => line.text));
  const pieces: Piece[] = [`{"n":${n},"audit":${texts(batch.audit)},"archive":${texts(batch.archive)}${putOpens}`];
  let between = "";
  for (const request of batch.put.values()) {
    pieces.push(between, ...piecesOf(request));
    between = ",";
  }
  pieces.push("]}");
  return frame(pieces);
}

export function snapshotBytes(
  head: { generation: number; after: number; audit: Position; archive: Position },
  requests: readonly Request[],
  piecesOf: PiecesOf,
): Buffer {
  const { generation, after, audit, archive } = head;
  const first = { v: version, snapshot: generation, after, audit, archive, count: requests.length } as const;
  const frames = requests.map((request) => frame(piecesOf(request)));
  return Buffer.concat([frame([JSON.stringify(first satisfies SnapshotHead)]), ...frames]);
}

/** Null when any byte of it is wrong. */
export function readSnapshot(bytes: Uint8Array | null): { head: SnapshotHead; records: Raw[] } | null {
  if (bytes === null) return null;
  const { frames, tail } = scan(bytes);
  const [first, ...rest] = frames;
  if (tail !== "whole" || first === undefined) return null;
  const head = SnapshotHead.safeParse(JSON.parse(first));
  if (!head.success || head.data.count !== rest.length) return null;
  return { head: head.data, records: rest.map((text) => StoredRecord.parse(JSON.parse(text))) };
}

export function readLogHead(text: string | undefined): LogHead | null {
  return text === undefined ? null : (LogHead.safeParse(parsed(text)).data ?? null);
}

export function readCommit(text: string): Commit | null {
  const { data } = Frame.safeParse(parsed(text));
  return data === undefined ? null : { ...data, put: data.put.map((record) => ({ id: record.id, record })) };
}

/** The same of a frame with one record, which is left as text. Null where that cannot be told so easily. */
export function readCommitOfOne(text: string): Commit | null {
  // Before the records stand numbers and quoted texts alone, in which a quotation mark is never bare.
  const at = text.indexOf(putOpens);
  const record = text.slice(at + putOpens.length, -"]}".length);
  const id = /^\{"v":\d+,"id":"([^"\\]+)",/.exec(record)?.[1];
  if (at === -1 || id === undefined || !text.endsWith("}]}")) return null;
  const lines = Lines.safeParse(parsed(`${text.slice(0, at)}}`)).data;
  // Each record of a frame has its audit line there.
  return lines?.audit.length === 1 ? { ...lines, put: [{ id, record }] } : null;
}

/** Null when it is no record. */
export function readRecord(text: string): Raw | null {
  return StoredRecord.safeParse(parsed(text)).data ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function readMark(bytes: Uint8Array): Mark | null {
  return Mark.safeParse(parsed(Buffer.from(bytes).toString("utf8"))).data ?? null;
}

/** The generations of which there is a file of this kind, oldest first. */
export function generations(kind: "snapshot" | "log", names: readonly string[]): number[] {
  const pattern = new RegExp(`^${kind}-([1-9]\\d*)$`);
  const found = names.map((name) => pattern.exec(name)?.[1]).filter((n) => n !== undefined);
  return found.map(Number).sort((a, b) => a - b);
}
