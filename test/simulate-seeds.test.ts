import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { mutants } from "../simulate/mutants.ts";

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
  return /(, 0 violations,|^(\d+) of \2 mutants caught)/.test(last) ? last : stdout;
}

beforeAll(() => runs(process.execPath, [join(root, "scripts/build.mjs"), "--only", "simulate"], { cwd: root }));

describe("what must stay true stays true", () => {
  test("over many histories of one flow, in which every kind of fault strikes", { timeout: patienceMs }, async () => {
    expect(await simulate("--seeds", "6000")).toMatch(/^\d+ seeds, 0 violations, \d+ seeds\/s$/);
  });

  test("over histories of twenty flows at once", { timeout: patienceMs }, async () => {
    expect(await simulate("--seeds", "150", "--flows", "20")).toMatch(/^\d+ seeds, 0 violations, \d+ seeds\/s$/);
  });

  test("when the bot dies at any call, in every shape of a flow, on every cloud", { timeout: patienceMs }, async () => {
    expect(await simulate("--exhaustive")).toMatch(/^\d+ seeds, 0 violations, \d+ seeds\/s$/);
  });

  test("and every fault that is planted in a copy of the bot is found", { timeout: patienceMs }, async () => {
    expect(await simulate("--mutants")).toBe(`${mutants.length} of ${mutants.length} mutants caught`);
  });
});
