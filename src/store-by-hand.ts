/** The only place that finds what a store command is about: its words, the data directory and the keys. */
import { resolve } from "node:path";
import { type Env, readStoreSurroundings } from "./config-env.ts";
import { existingDataDirectory } from "./data-directory.ts";
import { sealer, sealKeys } from "./seal.ts";
import type { Clock, Disk, Random } from "./seams.ts";
import { isUnderstood, runStoreCommand, sayUsage } from "./store-command.ts";
import { generations, markName } from "./store-files.ts";
import { filesOf } from "./store-ledger.ts";
import { refusal, StoreRefused } from "./store-words.ts";

export interface ByHandTools {
  clock: Clock;
  random: Random;
  /** Where sentences go, a line each: what was found, and why nothing could be looked at. */
  out(line: string): void;
  wrong(line: string): void;
}

/** The exit code, as `runStoreCommand` gives it; an environment with mistakes is 2 as well. */
export async function storeByHand(args: readonly string[], env: Env, tools: ByHandTools): Promise<number> {
  const { clock, random, out, wrong } = tools;
  if (!isUnderstood(args)) return sayUsage(out);
  const surroundings = readStoreSurroundings(env);
  if ("mistakes" in surroundings) {
    for (const mistake of surroundings.mistakes) wrong(mistake);
    return 2;
  }
  const { dataDir, sealing } = surroundings.read;
  try {
    const disk = await existingDataDirectory(dataDir);
    if (!(await isInUse(disk))) return sayNew(args, resolve(dataDir), out);
    const keys = sealing === null ? null : sealer({ keys: sealKeys(sealing), random });
    return await runStoreCommand(args, { disk, clock, out, sealer: keys });
  } catch (error) {
    const why = refusal("be read", error);
    if (!(why instanceof StoreRefused)) throw error;
    wrong(why.message);
    return 1;
  }
}

/** Another directory is left alone: its lock would already clear away what looks like a leftover of ours. */
async function isInUse(disk: Disk): Promise<boolean> {
  const names = await disk.list();
  const monthly = [...filesOf("audit", names), ...filesOf("archive", names)];
  const numbered = [...generations("snapshot", names), ...generations("log", names)];
  return names.includes(markName) || monthly.length + numbered.length > 0;
}

/** No damage, unless something is looked for: whoever changes keys must not take a wrong directory for done. */
function sayNew([verb, id]: readonly string[], directory: string, out: (line: string) => void): number {
  out(`There is no store in ${directory}: the bot has not worked there yet. REINSTALL_DATA names the directory.`);
  return verb === "rewrap" || id !== undefined ? 1 : 0;
}
