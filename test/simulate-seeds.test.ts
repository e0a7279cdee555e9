import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const runs = promisify(execFile);
const patienceMs = 15 * 60_000;

/** Runs the simulation; gives its last line, and all of it where something was found. */
async function simulate(...given: readonly string[]): Promise<string> {
  const { stdout, failed } = await runs(process.execPath, [join(root, "dist/simulate.js"), ...given], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    (ran) => ({ stdout: ran.stdout, failed: false }),
    (broke: { stdout: string; stderr: string }) => ({ stdout: `${broke.stdout}\n${broke.stderr}`, failed: true }),
  );
  const lines = stdout.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  return /, 0 violations,|mutants caught$/.test(last) && !failed ? last : stdout;
}

beforeAll(() => runs(process.execPath, [join(root, "scripts/build.mjs"), "--only", "simulate"], { cwd: root }));

const held = /^\d+ seeds, 0 violations, \d+ seeds\/s$/;

describe("what must stay true stays true", () => {
  test("over 5,000 histories of one flow, those that once failed among them", { timeout: patienceMs }, async () => {
    expect(await simulate("--seeds", "5000")).toMatch(held);
  });

  test("over 60 histories of twenty flows", { timeout: patienceMs }, async () => {
    expect(await simulate("--seeds", "60", "--flows", "20")).toMatch(held);
  });

  test("wherever a flow of any shape is cut off", { timeout: patienceMs }, async () => {
    expect(await simulate("--exhaustive")).toMatch(held);
  });

  test("and every fault that is planted on purpose is found", { timeout: patienceMs }, async () => {
    expect(await simulate("--mutants")).toMatch(/^(\d+) of \1 mutants caught$/);
  });
});
