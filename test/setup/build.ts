/** The only place that builds the bot for the tests that run it as a process: once for all of them, and only when its sources are newer. */
import { spawnSync } from "node:child_process";

export function setup(): void {
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs", "--if-missing", "bot"], { stdio: "inherit" });
  if (status !== 0) throw new Error("the bot could not be built");
}
