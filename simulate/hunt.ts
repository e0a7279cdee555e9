/** The only place that plants the mutants: each is built into a copy of its own, and hunted with the seeds that the tests run. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { amounts } from "./amounts.ts";
import type { Job } from "./job.ts";
import { type Edit, type Mutant, mutants } from "./mutants.ts";
import { pool } from "./pool.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function huntMutants(names: readonly string[], workers: number): Promise<number> {
  const wanted = mutants.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  mkdirSync(join(root, "dist/mutants"), { recursive: true });
  let caught = 0;
  const left = [...wanted.entries()];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) if (await hunt(...next)) caught += 1;
    }),
  );
  console.log(`${caught} of ${wanted.length} mutants caught`);
  return caught === wanted.length ? 0 : 1;
}

async function hunt(number: number, mutant: Mutant): Promise<boolean> {
  const outfile = join(root, `dist/mutants/${number}.js`);
  const planted = await plant(mutant, outfile).then(
    () => true,
    (cause: unknown) => {
      console.log(`${mutant.name}: NOT PLANTED: ${cause instanceof Error ? cause.message.split("\n")[1] : cause}`);
      return false;
    },
  );
  if (!planted) return false;
  const crew = pool(outfile, 1);
  let says = "";
  await crew.all(seeds(mutant.seed), (done) => {
    const [first] = done.violations;
    if (first === undefined) return "go on";
    says = `caught by ${first.about}: ${first.says}`;
    return "enough";
  });
  await crew.close();
  console.log(`${mutant.name}: ${says || "NOT CAUGHT"}`);
  return says !== "";
}

/** First the one that found it before, as the sources are seldom changed so much that it does not find it again. */
function* seeds(before: number): Iterable<Job> {
  const size = 20;
  yield { do: "seeds", seeds: [before], flows: 1, until: true };
  for (let from = 1; from <= amounts.ofOne; from += size) {
    yield { do: "seeds", seeds: Array.from({ length: size }, (_, at) => from + at), flows: 1, until: true };
  }
}

/** Builds a worker whose bot has this fault. */
export async function plant(mutant: Mutant, outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "simulate/worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "silent",
    plugins: [planting(mutant)],
  });
}

function planting({ name, also, seed: _, ...edit }: Mutant): Plugin {
  const edits: readonly Edit[] = also === undefined ? [edit] : [edit, also];
  return {
    name: "mutant",
    setup(building) {
      const planted = new Set<Edit>();
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const here = edits.filter(({ file }) => path === join(root, file));
        if (here.length === 0) return null;
        let contents = readFileSync(path, "utf8");
        for (const one of here) {
          if (contents.split(one.find).length !== 2) {
            throw new Error(`“${name}” no longer fits ${one.file}: mend the mutant`);
          }
          contents = contents.replace(one.find, () => one.replace);
          planted.add(one);
        }
        return { contents, loader: "ts" };
      });
      building.onEnd(() => {
        const lost = edits.find((one) => !planted.has(one));
        if (lost !== undefined) throw new Error(`“${name}”: ${lost.file} is not part of the bot any more`);
      });
    },
  };
}
