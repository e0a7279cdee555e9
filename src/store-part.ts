/** The only place that reads long files piece by piece, so that years of history cost no memory. */
import type { Disk } from "./seams.ts";

export interface Part {
  bytes: Buffer;
  size: number;
}

/** At most `length` bytes from `from` on; null when there is no such file. */
export async function readPart(disk: Disk, name: string, from: number, length: number): Promise<Part | null> {
  const part = await (disk.readPart === undefined ? cut(disk, name, from, length) : disk.readPart(name, from, length));
  if (part === null) return null;
  const { buffer, byteOffset, byteLength } = part.bytes;
  return { bytes: Buffer.from(buffer, byteOffset, byteLength), size: part.size };
}

async function cut(disk: Disk, name: string, from: number, length: number) {
  const bytes = await disk.read(name);
  return bytes === null ? null : { bytes: bytes.subarray(from, from + length), size: bytes.length };
}

export async function sizeOf(disk: Disk, name: string): Promise<number | null> {
  return (await readPart(disk, name, 0, 0))?.size ?? null;
}

/** The whole lines that lie in the last `length` bytes before `end`, oldest first. A line that never ended is left out. */
export async function lastLines(disk: Disk, name: string, end: number, length: number): Promise<string[]> {
  const from = Math.max(0, end - length);
  const part = await readPart(disk, name, from, end - from);
  if (part === null) return [];
  const first = from === 0 ? 0 : part.bytes.indexOf("\n") + 1;
  const last = part.bytes.lastIndexOf("\n");
  return last < first ? [] : part.bytes.toString("utf8", first, last).split("\n");
}

const chunkBytes = 1024 * 1024;

/** Every line of a file, in order; the rest after the last line end comes with `ended: false`. */
export async function* linesOf(disk: Disk, name: string): AsyncGenerator<{ text: string; ended: boolean }> {
  let rest = Buffer.alloc(0);
  for (let from = 0; ; ) {
    const part = await readPart(disk, name, from, chunkBytes);
    if (part === null || part.bytes.length === 0) break;
    from += part.bytes.length;
    const bytes = Buffer.concat([rest, part.bytes]);
    const end = bytes.lastIndexOf("\n");
    if (end !== -1) for (const text of bytes.toString("utf8", 0, end).split("\n")) yield { text, ended: true };
    rest = bytes.subarray(end + 1);
  }
  if (rest.length > 0) yield { text: rest.toString("utf8"), ended: false };
}
