/** The entry of `npm run store`: the store command on the real machine. */
import { realClock, realRandom } from "./real.ts";
import { storeByHand } from "./store-by-hand.ts";

const tools = {
  clock: realClock(),
  random: realRandom,
  out: (line: string) => void process.stdout.write(`${line}\n`),
  wrong: (line: string) => void process.stderr.write(`${line}\n`),
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
