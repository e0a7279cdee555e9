/** The only place that plants the mutants: each is built into a copy of its own, and hunted with the seeds that the tests run. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Job } from "./job.ts";
import { type Mutant, mutants } from "./mutants.ts";
import { pool } from "./pool.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** As many as `npm test` runs. */
const seedsMax = { one: 20_000, many: 500 };

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
  await crew.all(seeds(mutant.flows ?? 1), (done) => {
    const [first] = done.violations;
    if (first === undefined) return "go on";
    says = `caught by ${first.about}: ${first.says}`;
    return "enough";
  });
  await crew.close();
  console.log(`${mutant.name}: ${says || "NOT CAUGHT"}`);
  return says !== "";
}

function* seeds(flows: number): Iterable<Job> {
  const most = flows > 1 ? seedsMax.many : seedsMax.one;
  const size = 20;
  for (let from = 1; from <= most; from += size) {
    yield { do: "seeds", seeds: Array.from({ length: size }, (_, at) => from + at), flows, until: true };
  }
}

async function plant(mutant: Mutant, outfile: string): Promise<void> {
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

function planting({ name, file, find, replace }: Mutant): Plugin {
  return {
    name: "mutant",
    setup(building) {
      let planted = false;
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== join(root, file)) return null;
        const text = readFileSync(path, "utf8");
        if (text.split(find).length !== 2) throw new Error(`“${name}” no longer fits ${file}: mend the mutant`);
        planted = true;
        return { contents: text.replace(find, () => replace), loader: "ts" };
      });
      building.onEnd(() => {
        if (!planted) throw new Error(`“${name}”: ${file} is not part of the bot any more`);
      });
    },
  };
}
