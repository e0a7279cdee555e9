import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { leash } from "../playground/leash.ts";
import { amounts } from "../simulate/amounts.ts";
import { planOf } from "../simulate/plan.ts";
import { allShapes } from "../simulate/shapes.ts";

const root = resolve(import.meta.dirname, "..");
const runs = promisify(execFile);
const patienceMs = 15 * 60_000;

/** What the simulation says, line by line, and whether it held. */
async function simulate(
  ...given: readonly string[]
): Promise<{ code: unknown; lines: readonly string[]; all: string }> {
  const script = join(root, "dist/simulate.js");
  const { code, stdout } = await runs(process.execPath, ["--import", leash, script, ...given], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    (ran) => ({ code: 0 as unknown, stdout: ran.stdout }),
    (broke: { code: unknown; stdout: string; stderr: string }) => ({
      ...broke,
      stdout: `${broke.stdout}\n${broke.stderr}`,
    }),
  );
  return { code, lines: stdout.trimEnd().split("\n"), all: stdout };
}

beforeAll(() => runs(process.execPath, [join(root, "scripts/build.mjs"), "--only", "simulate"], { cwd: root }));

const corpus: readonly { seed: number; flows: number }[] = JSON.parse(
  readFileSync(join(root, "simulate/corpus.json"), "utf8"),
);

test.each(corpus)("seed $seed, which once failed, still names a history of $flows flows", ({ seed, flows }) => {
  expect(planOf(seed, flows)).toMatchObject({ seed, flows: Array.from({ length: flows }, (_, n) => ({ n })) });
});

/** Beside each other, as the end of the one does not keep both cores busy. */
describe.concurrent("what must stay true stays true", () => {
  test("over thousands of histories of one flow, those that once failed among them; over those of twenty flows; and wherever a flow of any shape is cut off", {
    timeout: patienceMs,
  }, async () => {
    const { code, lines, all } = await simulate("--as-tested");
    expect(code, all).toBe(0);
    const ended = lines.flatMap((line) => /^(\d+) seeds, 0 violations, \d+ seeds\/s$/.exec(line)?.[1] ?? []);
    expect(ended).toHaveLength(3);
    const [ofOne = 0, ofMany = 0, cutOff = 0] = ended.map(Number);
    expect(ofOne).toBe(amounts.ofOne + corpus.length);
    expect(ofMany).toBe(amounts.ofMany + corpus.length);
    // How many calls a shape has is the bot's affair; the run itself fails where one kind of them was never the last in each way.
    expect(lines).toContain(`${allShapes().length} shapes of a flow, killed at every call`);
    expect(cutOff).toBeGreaterThan(100 * allShapes().length);
  });

  test("and every fault that is planted on purpose is found", { timeout: patienceMs }, async () => {
    const { code, lines, all } = await simulate("--mutants");
    expect(code, all).toBe(0);
    expect(lines.at(-1)).toMatch(/^(\d+) of \1 mutants caught$/);
  });
});
