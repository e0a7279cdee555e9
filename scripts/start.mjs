// The entry of dist/main.js: starts the bundle that stands beside it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "./compiled.mjs";

const folder = import.meta.dirname;
const filename = join(folder, "bot.cjs");
const module = { exports: {} };
compile(filename).bundle(createRequire(filename), module, module.exports, filename, folder);
