// The only place that turns sources into dist: the bot, its store command, the playground and its page, each one bundle.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { kept, keptPath, wrapping } from "./compiled.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (...parts) => join(root, ...parts);

/** Whole or not at all: somebody may be starting what is built anew. */
function put(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, contents);
  renameSync(part, path);
}

async function build(options) {
  const { outputFiles } = await bundle({ ...options, write: false });
  for (const { path, contents } of outputFiles) put(path, contents);
  return outputFiles;
}

// CommonJS packages inside an ESM bundle still call `require` for Node's own modules, and ask for their folder.
const banner = {
  js: [
    'import { createRequire as bundleRequire } from "node:module";',
    "const require = bundleRequire(import.meta.url);",
    "const __dirname = import.meta.dirname;",
  ].join(" "),
};

/** The optional native parts of ws and ssh2, which they do without. */
const external = ["bufferutil", "utf-8-validate", "cpu-features", "*.node"];

/** What Bolt's own HTTP receivers and its OAuth need. The bot has a line of its own and one workspace, and all of it would be read at each start. */
const neverUsed = ["express", "raw-body", "@slack/oauth"];
const alias = Object.fromEntries(neverUsed.map((name) => [name, "./scripts/absent.cjs"]));

function node(entry, outfile, more = {}) {
  return build({
    absWorkingDir: root,
    entryPoints: [at(entry)],
    outfile: at("dist", outfile),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "linked",
    // Everything is read at each start, so it is short; names stay, for the log says where an error arose.
    minifyWhitespace: true,
    lineLimit: 160,
    banner,
    external,
    logLevel: "warning",
    legalComments: "none",
    ...more,
  });
}

/** It is started in somebody's worst hour, and by the hundred in the tests: so it is compiled here, and main.js only starts it. */
async function bot() {
  const wrapped = { banner: { js: wrapping.before }, footer: { js: wrapping.after } };
  const files = await node("src/main.ts", "bot.cjs", { alias, format: "cjs", ...wrapped });
  for (const { path, contents } of files) {
    if (path.endsWith(".cjs")) put(keptPath(path), kept(Buffer.from(contents), path));
  }
  await node("scripts/start.mjs", "main.js", { banner: {} });
}

async function page() {
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: at("playground/page/client/start.tsx"), out: "page" },
      { in: at("playground/page/client/start.css"), out: "page" },
    ],
    outdir: at("dist/page"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  put(at("dist/page/index.html"), readFileSync(at("playground/page/client/index.html")));
}

/** Packages stay outside: the simulation runs from this folder only, and its mutants are built by the dozen. Names of functions cost time there and nobody reads them. */
function simulation() {
  return [
    ["simulate/main.ts", "simulate.js"],
    ["simulate/worker.ts", "simulate-worker.js"],
  ].map(([entry, outfile]) => node(entry, outfile, { packages: "external", keepNames: false }));
}

/** The newest change below a folder, in ms. */
function newest(folder) {
  let latest = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    latest = Math.max(latest, statSync(join(folder, String(name))).mtimeMs);
  }
  return latest;
}

const bots = () => [bot(), node("src/store-main.ts", "store.js")];

function botIsFresh() {
  const changed = Math.max(newest(at("src")), newest(at("scripts")), statSync(at("package-lock.json")).mtimeMs);
  const bundles = ["main.js", "bot.cjs", "store.js"].map((name) => at("dist", name));
  return bundles.every((bundle) => existsSync(bundle) && statSync(bundle).mtimeMs > changed);
}

const asked = process.argv.slice(2).join(" ");
const wanted = {
  "": () => [...bots(), node("playground/main.ts", "playground.js"), page()],
  "--if-missing bot": () => (botIsFresh() ? [] : bots()),
  "--only page": () => [page()],
  "--only simulate": () => simulation(),
  "--only bench": () => [
    ...(botIsFresh() ? [] : bots()),
    node("bench/main.ts", "bench.js"),
    node("bench/bare.ts", "bench-bare.js"),
  ],
}[asked];
if (wanted === undefined) {
  console.error("usage: node scripts/build.mjs [--if-missing bot | --only page | --only simulate | --only bench]");
  process.exit(2);
}
const results = await Promise.allSettled(wanted());
const failed = results.filter(({ status }) => status === "rejected");
// esbuild has printed every mistake of the sources by then, each with its place.
for (const { reason } of failed) if (!("errors" in reason)) console.error(reason);
if (failed.length > 0) process.exit(1);
