import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { leash } from "../../playground/leash.ts";
import { isOver, linuxTells } from "../setup/alive.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Two below the root, as the sources are, for they look for the built bot from where they stand. */
const outfile = fileURLToPath(new URL("../../dist/kill/cut-off.js", import.meta.url));

/** What a file of tests does: it sets a stage up, bot and all. Then it says which process that is, and where it works. */
const contents = `import { tencentSim } from "./playground/clouds/tencent.ts";
  import { processStage } from "./test/setup/process.ts";
  const account = { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] };
  const { pid, folder } = await processStage([{ account, sim: tencentSim }]);
  console.log(JSON.stringify({ pid, folder }));`;

function over(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

describe.skipIf(!linuxTells)("tests that are cut off", () => {
  test("leave no bot behind", async () => {
    await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      ...{ bundle: true, platform: "node", format: "esm", packages: "external", outfile, logLevel: "error" },
    });
    const tests = spawn(process.execPath, [outfile], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = over(tests);
    const [line] = await new Promise<unknown[]>((resolve) =>
      createInterface(tests.stdout).once("line", (...said) => resolve(said)),
    );
    const { pid, folder } = JSON.parse(String(line)) as { pid: number; folder: string };
    expect(isOver(pid)).toBe(false);
    tests.kill("SIGKILL");
    await ended;
    await expect.poll(() => isOver(pid), { timeout: 20_000 }).toBe(true);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe("a process on a leash", () => {
  const thread = `new (await import("node:worker_threads")).Worker("", { eval: true }).on("exit", (code) => console.log(code))`;
  test.each([
    { says: "is not kept alive by it", code: "console.log(0)" },
    { says: "may have threads, which end when they like", code: thread },
  ])("$says", async ({ code }) => {
    const child = spawn(process.execPath, ["--import", leash, "--input-type=module", "--eval", code]);
    let said = "";
    child.stdout.on("data", (chunk) => (said += String(chunk)));
    expect([await over(child), said]).toEqual([0, "0\n"]);
  });

  test("ends as on SIGTERM when the other end is gone", async () => {
    const waits = `process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("waits");`;
    const child = spawn(process.execPath, ["--import", leash, "--eval", waits]);
    const ended = over(child);
    child.stdout.once("data", () => child.stdin.destroy());
    expect(await ended).toBe(3);
  });
});
