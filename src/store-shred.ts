/** The only place that knows which stored bytes can open a password, so that they can be looked for and rewritten. */
import type { Request } from "./request.ts";
import type { Disk } from "./seams.ts";
import { generations, logName, snapshotName } from "./store-files.ts";
import type { RecordSet } from "./store-records.ts";

/** The wrapped data key: without it the box is noise for good. */
export function keyOfSecret(request: Request | undefined): string | undefined {
  return request?.secret?.sealed.wrapped;
}

/** Whether putting `after` in place of `before` takes a secret away, so that the old bytes must go too. */
export function dropsSecret(before: Request | undefined, after: Request | undefined): boolean {
  const key = keyOfSecret(before);
  return key !== undefined && key !== keyOfSecret(after);
}

/** Whether any snapshot or log still holds the key of a secret that no record has: a crash came before the rewriting. */
export async function staleSecrets(disk: Disk, records: RecordSet): Promise<boolean> {
  const live = new Set([...records.hot.values()].map(keyOfSecret));
  const names = await disk.list();
  const files = [...generations("snapshot", names).map(snapshotName), ...generations("log", names).map(logName)];
  for (const name of files) {
    const bytes = (await disk.read(name)) ?? new Uint8Array();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    for (const [, key] of text.matchAll(/"wrapped":"([^"]+)"/g)) if (!live.has(key)) return true;
  }
  return false;
}
