/** The entry of `npm run store`: the store command on the real disk, with the data directory and the keys of the environment. */
import { readStoreSurroundings } from "./config-env.ts";
import { realDisk } from "./disk.ts";
import { realClock, realRandom } from "./real.ts";
import { sealer, sealKeys } from "./seal.ts";
import { runStoreCommand } from "./store-command.ts";

async function main(): Promise<number> {
  const surroundings = readStoreSurroundings(process.env);
  if ("mistakes" in surroundings) {
    process.stderr.write(`${surroundings.mistakes.join("\n")}\n`);
    return 2;
  }
  const { dataDir, sealing } = surroundings.read;
  return runStoreCommand(process.argv.slice(2), {
    disk: await realDisk(dataDir),
    clock: realClock(),
    out: (line) => void process.stdout.write(`${line}\n`),
    sealer: sealing === null ? null : sealer({ keys: sealKeys(sealing), random: realRandom }),
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : "The store could not be read."}\n`);
    process.exitCode = 1;
  },
);
