import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const runs = promisify(execFile);
const patienceMs = 15 * 60_000;

/** Runs the simulation; gives its last line, and all of it where something was found. */
async function simulate(...given: readonly string[]): Promise<string> {
  const { stdout } = await runs(process.execPath, [join(root, "dist/simulate.js"), ...given], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((failed: { stdout: string; stderr: string }) => ({ stdout: `${failed.stdout}\n${failed.stderr}` }));
  const lines = stdout.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  return /, 0 violations,/.test(last) ? last : stdout;
}

beforeAll(() => runs(process.execPath, [join(root, "scripts/build.mjs"), "--only", "simulate"], { cwd: root }));

describe("what must stay true stays true", () => {
  test("over many histories, those that once failed among them", { timeout: patienceMs }, async () => {
    expect(await simulate("--seeds", "300")).toMatch(/^\d+ seeds, 0 violations, \d+ seeds\/s$/);
  });
});
