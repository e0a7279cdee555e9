/** The only place that keeps the real world out: inside a run there is no time, no chance, no network and no disk but the simulated ones. */
import { createRequire, syncBuiltinESMExports } from "node:module";

const macrotask = globalThis.setImmediate;

/** Everything that follows from what happened last has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    macrotask(resolve);
  });
}

function forbidden(name: string): (...given: unknown[]) => never {
  return () => {
    throw new Error(`${name} was called inside a run`);
  };
}

const timers = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"] as const;
const classes = new Set([
  "Dir",
  "Dirent",
  "Stats",
  "ReadStream",
  "WriteStream",
  "FileReadStream",
  "FileWriteStream",
  "Utf8Stream",
]);

/** For good: this thread does nothing but run histories. */
export function shutTheWorldOut(): void {
  // Errors are many here and nobody reads where they arose.
  Error.stackTraceLimit = 0;
  const world = globalThis as unknown as Record<string, unknown>;
  for (const name of [...timers, "fetch"]) if (name !== "queueMicrotask") world[name] = forbidden(name);
  Math.random = forbidden("Math.random");
  world["Date"] = class extends Date {
    constructor(...given: [] | [string | number | Date]) {
      if (given.length === 0) throw new Error("the present time was asked for inside a run");
      super(given[0]);
    }
    static override now(): number {
      throw new Error("Date.now was called inside a run");
    }
  };
  const require = createRequire(import.meta.url);
  const chance = require("node:crypto") as Record<string, unknown>;
  for (const name of ["randomBytes", "randomUUID", "randomInt", "randomFillSync"])
    chance[name] = forbidden(`crypto.${name}`);
  for (const module of ["node:fs", "node:fs/promises"]) {
    const disk = require(module) as Record<string, unknown>;
    for (const [name, value] of Object.entries(disk)) {
      if (typeof value === "function" && !classes.has(name)) disk[name] = forbidden(`fs.${name}`);
    }
  }
  syncBuiltinESMExports();
}
