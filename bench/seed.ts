/** The only place that fills a data directory as years of use would leave it, without taking years: through the store's own writers of files. */
import { linkSync, mkdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { realDisk } from "../src/disk.ts";
import type { Of, Request } from "../src/request.ts";
import { writeGeneration } from "../src/store-adapter.ts";
import { fileOf, nextLine, noPosition, noTail, type Position, type Tail } from "../src/store-ledger.ts";
import { done, idOf, openMax } from "./records.ts";

/** Finished requests as they lie in the archive. */
export interface History {
  count: number;
  file: string;
  position: Position;
}

export const noHistory: History = { count: 0, file: "", position: noPosition };

const linesAWrite = 1_000;

/** They differ in their ids only, so that writing them takes seconds. */
export async function writeHistory(folder: string, of: Of<"running">, count: number): Promise<History> {
  const at = Date.now();
  const name = fileOf("archive", at);
  const path = join(folder, name);
  const request = done(of, 0);
  const file = await open(path, "w", 0o600);
  let tail: Tail = noTail;
  let size = 0;
  let lines: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const id = idOf(openMax + n);
    const line = nextLine(tail, at, { id, request: { ...request, id } });
    tail = line;
    lines.push(line.text);
    if (lines.length < linesAWrite && n < count) continue;
    size += await append(file, lines);
    lines = [];
  }
  await file.sync();
  await file.close();
  return { count, file: path, position: { seq: tail.seq, hash: tail.hash, at: tail.at, size } };
}

async function append(file: FileHandle, lines: readonly string[]): Promise<number> {
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  await file.write(bytes);
  return bytes.length;
}

/** A data directory with these open requests. The archive is only ever added to at retirement, which nobody does here, so many directories may share one. */
export async function dataWith(folder: string, requests: readonly Request[], history: History): Promise<string> {
  mkdirSync(folder, { mode: 0o700 });
  if (history.count > 0) linkSync(history.file, join(folder, fileOf("archive", history.position.at)));
  const head = { generation: 1, after: 0, audit: noPosition, archive: history.position };
  await writeGeneration(await realDisk(folder), head, requests);
  return folder;
}
