// Writes docs/config.md anew from the schemas of the configuration.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "dist/config-reference.mjs");

await build({
  absWorkingDir: root,
  entryPoints: [join(root, "scripts/config-reference.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
const { configReference } = await import(pathToFileURL(bundle).href);
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/config.md"), configReference());
rmSync(bundle);
