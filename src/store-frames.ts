/** The only place that knows how bytes are laid out in the log and in snapshots: one frame a line, so that a person can read it. */
import { hash } from "node:crypto";
import type { Pieces } from "./store-pieces.ts";

/**
 * A frame is `length sum check payload\n`: 8 hex digits for the bytes of the payload, 16 for its checksum, 8 for the checksum of
 * the two before, so that a header which was hit is told from a frame that was cut short. The sums are SHA-256, cut: the audit
 * chain needs SHA-256 anyway, and a search for good frames behind damage must not be fooled, which 32 bits would now and then be.
 */
const headerBytes = 8 + 1 + 16 + 1 + 8 + 1;
const newline = 0x0a;

export function frame(pieces: Pieces): Buffer {
  let length = 0;
  for (const piece of pieces) length += typeof piece === "string" ? Buffer.byteLength(piece) : piece.length;
  const bytes = Buffer.allocUnsafe(headerBytes + length + 1);
  let at = headerBytes;
  for (const piece of pieces) {
    if (typeof piece === "string") at += bytes.write(piece, at);
    else {
      bytes.set(piece, at);
      at += piece.length;
    }
  }
  bytes[at] = newline;
  const sums = `${hex(length)} ${digest(bytes.subarray(headerBytes, at), 16)}`;
  bytes.write(`${sums} ${digest(sums, 8)} `, 0, "latin1");
  return bytes;
}

/**
 * whole: nothing but good frames. torn: the last write was cut short, so it was never acknowledged.
 * damaged: bytes that had been written whole are wrong, or good frames follow wrong ones.
 */
export interface Scan {
  frames: readonly string[];
  /** Where the good frames from the start on end. */
  goodBytes: number;
  tail: "whole" | "torn" | "damaged";
  /** Good frames found behind the damage. */
  behind: readonly string[];
}

export function scan(bytes: Uint8Array): Scan {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const good = framesFrom(buffer, 0);
  if (good.end === buffer.length) return { frames: good.found, goodBytes: good.end, tail: "whole", behind: [] };
  const rest = buffer.subarray(good.end);
  const behind = framesBehind(rest);
  const tail = behind.length === 0 && cutShort(rest) ? "torn" : "damaged";
  return { frames: good.found, goodBytes: good.end, tail, behind };
}

function framesFrom(buffer: Buffer, start: number): { found: string[]; end: number } {
  const found: string[] = [];
  let end = start;
  for (;;) {
    const payload = payloadAt(buffer, end);
    if (payload === null) return { found, end };
    found.push(payload.toString("utf8"));
    end += headerBytes + payload.length + 1;
  }
}

/** Payloads never hold a bare newline, so every frame behind the damage begins after one. */
function framesBehind(rest: Buffer): string[] {
  const found: string[] = [];
  let at = rest.indexOf(newline);
  while (at !== -1) {
    const next = framesFrom(rest, at + 1);
    found.push(...next.found);
    at = rest.indexOf(newline, next.end);
  }
  return found;
}

function payloadAt(buffer: Buffer, at: number): Buffer | null {
  const length = lengthAt(buffer, at);
  if (length === null) return null;
  const end = at + headerBytes + length;
  if (end >= buffer.length || buffer[end] !== newline) return null;
  const body = buffer.subarray(at + headerBytes, end);
  return digest(body, 16) === buffer.toString("latin1", at + 9, at + 25) ? body : null;
}

/** The length in the header at `at`, or null when the header is not whole and right. */
function lengthAt(buffer: Buffer, at: number): number | null {
  const header = buffer.toString("latin1", at, at + headerBytes);
  const match = /^([0-9a-f]{8}) ([0-9a-f]{16}) ([0-9a-f]{8}) $/.exec(header);
  const [, length = "", sum = "", check] = match ?? [];
  if (match === null || digest(`${length} ${sum}`, 8) !== check) return null;
  return Number.parseInt(length, 16);
}

/**
 * Whether a write that never ended explains these bytes: too few of them, or the holes of zeros that a file system leaves for
 * pages it had not written when the power went. A flipped bit in the last, acknowledged frame is neither.
 */
function cutShort(rest: Buffer): boolean {
  if (rest.length < headerBytes) return true;
  const length = lengthAt(rest, 0);
  if (length !== null && rest.length < headerBytes + length + 1) return true;
  return rest.at(-1) === 0 || rest.includes(Buffer.alloc(16));
}

function hex(count: number): string {
  return count.toString(16).padStart(8, "0");
}

function digest(bytes: Buffer | string, letters: number): string {
  return hash("sha256", bytes, "hex").slice(0, letters);
}
