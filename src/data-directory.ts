/** The only place that opens the data directory that REINSTALL_DATA names, or says in a sentence why it cannot be one. */
import { resolve } from "node:path";
import { diskIfThere, type RealDisk, realDisk } from "./disk.ts";
import { refusal, StoreRefused } from "./store-words.ts";

/** For the bot, which makes one at its first start. */
export function dataDirectory(path: string): Promise<RealDisk> {
  return saying(path, realDisk(path));
}

/** For whoever reads: a mistyped name must not become an empty store that looks well. */
export async function existingDataDirectory(path: string): Promise<RealDisk> {
  const disk = await saying(path, diskIfThere(path));
  if (disk !== null) return disk;
  throw new StoreRefused(
    `There is no directory ${resolve(path)}, and none was made. Name the right one in REINSTALL_DATA.`,
  );
}

async function saying<T>(path: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    throw refusal(`be opened in ${resolve(path)}`, error);
  }
}
