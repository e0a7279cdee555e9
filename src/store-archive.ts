/** The only place that reads finished requests back: the latest ones at start, any other by a bounded scan. */
import type { Request } from "./request.ts";
import type { Disk, Log } from "./seams.ts";
import { filesOf, readLine } from "./store-ledger.ts";
import { isRepair } from "./store-ledger-read.ts";
import { lastLines, readPart, sizeOf } from "./store-part.ts";
import { type Migrations, type Raw, recordFrom } from "./store-records.ts";

const chunkBytes = 1024 * 1024;
/** Beyond this much of newer history an archived request is no longer found by its id. */
export const scanMaxBytes = 256 * chunkBytes;
const filesMax = 12;

/** At most `max` of the latest archived requests, oldest first, without those that are hot. */
export async function loadLatest(tools: { disk: Disk; log: Log; migrations: Migrations }, max: number) {
  const names = filesOf("archive", await tools.disk.list()).reverse();
  const latest = new Map<string, Request>();
  for (const name of names.slice(0, filesMax)) {
    const size = (await sizeOf(tools.disk, name)) ?? 0;
    const lines = await lastLines(tools.disk, name, size, 2 * chunkBytes);
    for (const text of lines.reverse()) {
      if (latest.size >= max) break;
      const request = requestOf(text, tools.migrations);
      const line = readLine(text);
      if (line !== null && isRepair(line)) continue;
      if (request === null) tools.log.warn("an archived request cannot be read", { file: name });
      else if (!latest.has(request.id)) latest.set(request.id, request);
    }
    if (latest.size >= max) break;
  }
  return new Map([...latest].reverse());
}

/** An archive that cannot be read must not keep open requests from going on: null is left to `check` to report. */
function requestOf(text: string, migrations: Migrations): Request | null {
  const raw = rawOf(text);
  if (raw === null) return null;
  try {
    return recordFrom(raw, migrations);
  } catch {
    return null;
  }
}

/** The record inside an archive line. */
export function rawOf(text: string): Raw | null {
  const record = readLine(text)?.fields["request"];
  return typeof record === "object" && record !== null ? { ...record } : null;
}

/** Looks for the latest line of this request, newest month first. */
export async function findArchived(disk: Disk, migrations: Migrations, id: string): Promise<Request | null> {
  const needle = Buffer.from(`,"id":${JSON.stringify(id)},"request":{`);
  let left = scanMaxBytes;
  for (const name of filesOf("archive", await disk.list()).reverse()) {
    let end = (await sizeOf(disk, name)) ?? 0;
    while (end > 0 && left > 0) {
      const from = Math.max(0, end - chunkBytes);
      const part = await readPart(disk, name, from, end - from + needle.length);
      const at = part?.bytes.lastIndexOf(needle) ?? -1;
      if (at !== -1) return recordAt(disk, migrations, name, from + at);
      left -= end - from;
      end = from;
    }
  }
  return null;
}

/** `at` lies within the line, behind the short fields that begin it. */
async function recordAt(disk: Disk, migrations: Migrations, name: string, at: number): Promise<Request | null> {
  const from = Math.max(0, at - 200);
  for (let length = 64 * 1024; length <= 64 * chunkBytes; length *= 4) {
    const bytes = (await readPart(disk, name, from, length))?.bytes;
    if (bytes === undefined) return null;
    const end = bytes.indexOf("\n", at - from);
    if (end === -1) continue;
    const start = bytes.lastIndexOf("\n", at - from) + 1;
    const raw = rawOf(bytes.toString("utf8", start, end));
    return raw === null ? null : recordFrom(raw, migrations);
  }
  return null;
}
