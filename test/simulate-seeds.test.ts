import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedsPerSecond } from "../bench/simulated.ts";
import { leash } from "../playground/leash.ts";
import { amounts } from "../simulate/amounts.ts";
import { faultKinds } from "../simulate/faults.ts";
import { plant } from "../simulate/hunt.ts";
import { mutants } from "../simulate/mutants.ts";
import { planOf } from "../simulate/plan.ts";
import { allShapes } from "../simulate/shapes.ts";

const root = resolve(import.meta.dirname, "..");
const runs = promisify(execFile);
const patienceMs = 15 * 60_000;

interface Said {
  code: unknown;
  lines: readonly string[];
  all: string;
}

/** What the simulation says, line by line, and whether it held. */
async function simulate(given: readonly string[], place = root): Promise<Said> {
  const script = join(place, "dist/simulate.js");
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

const corpusHolds = `corpus: ${corpus.length} seeds, 0 violations`;

test.each(corpus)("seed $seed, which once failed, still names a history of $flows flows", ({ seed, flows }) => {
  expect(planOf(seed, flows)).toMatchObject({ seed, flows: Array.from({ length: flows }, (_, n) => ({ n })) });
});

test("the last line is about the seeds that were asked for, and every kind of fault is among those that struck or those that never did", async () => {
  const { code, lines, all } = await simulate(["--seeds", "6"]);
  expect(code, all).toBe(0);
  expect(lines).toHaveLength(4);
  const [replayed, struck = "", never = "", last] = lines;
  expect(replayed).toBe(corpusHolds);
  expect(last).toMatch(/^6 seeds, 0 violations, \d+ seeds\/s$/);
  const did = struck.replace(/^faults: /, "").split(", ");
  expect(
    did.every((one) => / [1-9]\d*$/.test(one)),
    struck,
  ).toBe(true);
  const kinds = [...did.map((one) => one.replace(/ \d+$/, "")), ...never.replace(/^never struck: /, "").split(", ")];
  expect(kinds.toSorted()).toEqual([...faultKinds].toSorted());
});

test("the benchmark takes no rate from a simulation that failed", async () => {
  await expect(seedsPerSecond(Number.NaN)).rejects.toThrow("the simulation ended with exit code 2");
});

describe("when something is not as it must be", () => {
  let place: string;
  let said: Said;

  /** The simulation as it is, of a bot that no longer waits for its disk: at four seeds, and four others of the corpus. */
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "reinstall-violating-"));
    const told = [5, 6, 7, 8].map((seed) => ({ seed, flows: 1 }));
    await Promise.all(["dist", "simulate"].map((folder) => mkdir(join(place, folder))));
    await writeFile(join(place, "simulate/corpus.json"), JSON.stringify(told));
    await symlink(join(root, "node_modules"), join(place, "node_modules"));
    await copyFile(join(root, "dist/simulate.js"), join(place, "dist/simulate.js"));
    await planted("skip the sync", join(place, "dist/simulate-worker.js"));
    said = await simulate(["--seeds", "4"], place);
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  test("each violation is followed by the command that shows it again, and the last line counts those of the corpus too", () => {
    const { code, lines, all } = said;
    expect(code, all).toBe(1);
    const told = lines.findIndex((line) => line.startsWith("corpus"));
    const found = lines.flatMap((line, at) => {
      const [, seed] = /^VIOLATION in seed (\d+), 1 flows: ./.exec(line) ?? [];
      return seed === undefined ? [] : [{ seed: Number(seed), next: lines[at + 1], replayed: at < told }];
    });
    const replayed = found.filter((one) => one.replayed);
    expect(replayed.length, all).toBeGreaterThan(0);
    expect(found.length, all).toBeGreaterThan(replayed.length);
    for (const { seed, next, replayed } of found) {
      expect(next).toBe(`  see it again: npm run simulate -- --seed ${seed} --flows 1`);
      expect(seed > 4).toBe(replayed);
    }
    expect(lines[told]).toBe(`corpus: 4 seeds, ${replayed.length} violations`);
    expect(lines.at(-1)).toMatch(new RegExp(`^4 seeds, ${found.length} violations, \\d+ seeds/s$`));
  });

  test("what that command shows ends with the violation, exit code 1", async () => {
    const { lines } = said;
    const at = lines.findIndex((line) => line.startsWith("VIOLATION in "));
    const [, says = ""] = /: (.+)$/.exec(lines[at] ?? "") ?? [];
    const [, command = ""] = (lines[at + 1] ?? "").split(" -- ");
    const again = await simulate(command.split(" "), place);
    expect(again.code, again.all).toBe(1);
    expect(again.lines.some((line) => line.endsWith(`VIOLATION: ${says}`))).toBe(true);
    expect(again.lines.at(-1)).toMatch(/^1 seeds, 1 violations, \d+ seeds\/s$/);
  });
});

function planted(name: string, outfile: string): Promise<void> {
  const mutant = mutants.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`there is no “${name}” any more`);
  return plant(mutant, outfile);
}

/** Beside each other, as the end of the one does not keep both cores busy. */
describe.concurrent("what must stay true stays true", () => {
  test("over thousands of histories of one flow, those that once failed among them; over those of twenty flows; and wherever a flow of any shape is cut off", {
    timeout: patienceMs,
  }, async () => {
    const { code, lines, all } = await simulate(["--as-tested"]);
    expect(code, all).toBe(0);
    expect(lines.filter((line) => line.startsWith("corpus"))).toEqual([corpusHolds]);
    expect(lines[0]).toBe(corpusHolds);
    const ended = lines.flatMap((line) => /^(\d+) seeds, 0 violations, \d+ seeds\/s$/.exec(line)?.[1] ?? []);
    expect(ended).toHaveLength(3);
    const [ofOne = 0, ofMany = 0, cutOff = 0] = ended.map(Number);
    expect(ofOne).toBe(amounts.ofOne);
    expect(ofMany).toBe(amounts.ofMany);
    // How many calls a shape has is the bot's affair; the run itself fails where one kind of them was never the last in each way.
    expect(lines).toContain(`${allShapes().length} shapes of a flow, killed at every call`);
    expect(cutOff).toBeGreaterThan(75 * allShapes().length);
  });

  test("and every fault that is planted on purpose is found", { timeout: patienceMs }, async () => {
    const { code, lines, all } = await simulate(["--mutants"]);
    expect(code, all).toBe(0);
    expect(lines.at(-1)).toMatch(/^(\d+) of \1 mutants caught$/);
  });
});
