import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const forbidden = [
  "setTimeout(() => {}, 1)",
  "setInterval(() => {}, 1)",
  "setImmediate(() => {})",
  "timers.setTimeout(() => {}, 1)",
  "wait(1)",
  'fetch("http://127.0.0.1:1")',
  "fs.readFileSync(import.meta.filename)",
  'readdirSync(".")',
  "fs.promises.readFile(import.meta.filename)",
  "readFile(import.meta.filename)",
  "Date.now()",
  "new Date()",
  "Math.random()",
  "randomBytes(1)",
] as const;

let folder: string;
let says: Readonly<Record<string, string>>;

/** In a process of its own, which is lost to the world afterwards. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reinstall-guard-"));
  const outfile = join(folder, "guarded.mjs");
  const tries = forbidden.map((code) => `[${JSON.stringify(code)}, () => ${code}]`).join(", ");
  const contents = `import { shutTheWorldOut } from "./simulate/guard.ts";
    import { randomBytes } from "node:crypto";
    import fs, { readdirSync } from "node:fs";
    import { readFile } from "node:fs/promises";
    import * as timers from "node:timers";
    import { setTimeout as wait } from "node:timers/promises";
    shutTheWorldOut();
    const says = {};
    for (const [code, run] of [${tries}]) {
      try { run(); says[code] = "it ran"; } catch (error) { says[code] = error.message; }
    }
    process.stdout.write(JSON.stringify(says));`;
  await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    ...{ bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
  says = JSON.parse(stdout);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(forbidden)("inside a run %s throws", (code) => {
  expect(says[code]).toMatch(/inside a run$/);
});
