/** The entry of `npm run playground`: flags in, the whole playground up, an address printed, everything down again at the end. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { asCommand } from "./botconfig.ts";
import { type Flags, readFlags, usage } from "./flags.ts";
import { type Stage, setStage } from "./stage.ts";

/** Also in the bundle, which stands beside the built bot and page. */
const folder = dirname(fileURLToPath(import.meta.url));

const read = readFlags(process.argv.slice(2));
if ("help" in read) {
  console.log(read.help);
} else if ("mistake" in read) {
  console.error(`${read.mistake}\n${usage}`);
  process.exitCode = 2;
} else {
  await run(read.flags);
}

async function run(flags: Flags): Promise<void> {
  const stage = await raised(flags);
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await stage.close();
    process.exit(0);
  };
  process.on("SIGINT", () => void end());
  process.on("SIGTERM", () => void end());
  console.log(`The playground is open: ${stage.url}`);
  console.log(`Type /reinstall web-01 there. Clouds run ${flags.speed} times as fast as real ones. Ctrl-C ends it.`);
  if (flags.bot) return;
  console.log(`\nStart the bot against it with:\n\n${asCommand(stage.environment)}`);
}

async function raised(flags: Flags): Promise<Stage> {
  try {
    return await setStage(flags, folder, (line) => console.error(line));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    console.error(
      code === "EADDRINUSE"
        ? `Port ${flags.port} is taken by another program. Choose another: npm run playground -- --port ${flags.port + 1}`
        : code === "EACCES"
          ? `Port ${flags.port} may not be opened by you. Choose one above 1023, e.g. --port 4000.`
          : `The playground could not start: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exit(1);
  }
}
