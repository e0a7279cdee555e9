/** The only place that keeps the real world out: inside a run there is no time, no chance, no network and no disk but the simulated ones. */
import { createRequire, syncBuiltinESMExports } from "node:module";

const macrotask = globalThis.setImmediate;
const afterMicrotasks = process.nextTick;

/** Everything that follows from what happened last has happened: Node looks for the next tick only when no microtask is left. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    afterMicrotasks(resolve);
  });
}

/** Node and its collector of garbage get their turn. */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    macrotask(resolve);
  });
}

function forbidden(name: string): (...given: unknown[]) => never {
  return () => {
    throw new Error(`${name} was called inside a run`);
  };
}

const timers = ["setTimeout", "setInterval", "setImmediate"] as const;
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
  for (const name of [...timers, "fetch"]) world[name] = forbidden(name);
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
  for (const module of ["fs", "fs/promises", "timers", "timers/promises"]) {
    const parts = require(`node:${module}`) as Record<string, unknown>;
    for (const [name, value] of Object.entries(parts)) {
      if (typeof value === "function" && !classes.has(name)) parts[name] = forbidden(`${module}.${name}`);
    }
  }
  syncBuiltinESMExports();
}
