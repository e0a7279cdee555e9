/** The only place that tries the data directory and the sealing keys: can it be written, is it free, is the store whole, can everything sealed be opened. */
import { count, type Finding } from "./check-finding.ts";
import type { Config } from "./config.ts";
import { realDisk } from "./disk.ts";
import { SealBroken, sealer, sealKeys } from "./seal.ts";
import type { Clock, Disk, Random } from "./seams.ts";
import { dataFrom } from "./store-adapter.ts";
import { runStoreCommand } from "./store-command.ts";
import { migrations } from "./store-records.ts";
import { recover } from "./store-recover.ts";
import { diskSaid } from "./store-words.ts";

export async function checkData(
  { dataDir, sealing }: Config,
  { clock, random }: { clock: Clock; random: Random },
): Promise<readonly Finding[]> {
  const of = `data directory ${dataDir}`;
  const disk = await written(dataDir);
  if (!("list" in disk)) return [{ ok: false, of, says: disk.says }, checkKeys([], sealing, random)];
  const store = await checkStore(disk, clock);
  const sealed = store.ok ? await sealedIn(disk) : [];
  return [{ ok: true, of, says: "can be written" }, store, checkKeys(sealed, sealing, random)];
}

/** Hidden, so that the store never takes it for one of its files. */
const probeName = ".check";

/** The disk, after something was put there and taken away again. */
async function written(directory: string): Promise<Disk | { says: string }> {
  try {
    const disk = await realDisk(directory);
    await disk.replace(probeName, Buffer.from("npm start -- --check\n"));
    await disk.remove(probeName);
    return disk;
  } catch (error) {
    return { says: diskSaid("be written", error) };
  }
}

async function checkStore(disk: Disk, clock: Clock): Promise<Finding> {
  const lines: string[] = [];
  const code = await runStoreCommand(["check"], { disk, clock, out: (line) => lines.push(line), sealer: null });
  const mark = "WRONG: ";
  const damage = lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  const advice = "Put back a backup of the whole data directory, or run `npm run store -- repair`.";
  const says = damage.length === 0 ? lines : [...damage, advice];
  return { ok: code === 0, of: "store", says: says.join(" ") };
}

type SealedBox = Parameters<ReturnType<typeof sealer>["rewrap"]>[0];

async function sealedIn(disk: Disk): Promise<readonly SealedBox[]> {
  const found = await recover(disk);
  if (found === null) return [];
  const hot = [...dataFrom(found, migrations).records.hot.values()];
  return hot.flatMap(({ secret }) => (secret === undefined ? [] : [secret.sealed]));
}

function checkKeys(sealed: readonly SealedBox[], sealing: Config["sealing"], random: Random): Finding {
  const of = "sealing key";
  if (sealing === null && sealed.length === 0)
    return { ok: true, of, says: "none, so typed and generated passwords are off (REINSTALL_SEALING_KEY)" };
  try {
    const box = sealer({ keys: sealing === null ? null : sealKeys(sealing), random });
    for (const each of sealed) box.rewrap(each);
    const older =
      sealing === null || sealing.older.length === 0 ? "" : ` and ${count(sealing.older.length, "older one")}`;
    return { ok: true, of, says: `current one${older}; ${count(sealed.length, "waiting password")} can be opened` };
  } catch (error) {
    if (error instanceof SealBroken) return { ok: false, of, says: `${error.message} (REINSTALL_SEALING_KEYS_OLDER)` };
    throw error;
  }
}
