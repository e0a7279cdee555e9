/** The entry of `npm run store`: the store command on the real machine. */
import { writerTo } from "./log.ts";
import { realClock, realRandom } from "./real.ts";
import { storeByHand } from "./store-by-hand.ts";

const [said, complained] = [writerTo(1), writerTo(2)];
const tools = {
  clock: realClock(),
  random: realRandom,
  out: (line: string) => said(`${line}\n`),
  wrong: (line: string) => complained(`${line}\n`),
};

storeByHand(process.argv.slice(2), process.env, tools).then(
  (code) => {
    process.exitCode = code;
  },
  (cause: unknown) => {
    tools.wrong(cause instanceof Error ? cause.message : "The store could not be read.");
    process.exitCode = 1;
  },
);
