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

/** Called or made with `new`, it throws. */
function forbidden(name: string): (...given: unknown[]) => never {
  return function shut() {
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

const closed = [
  ...["fs", "fs/promises", "timers", "timers/promises", "child_process"],
  ...["net", "tls", "http", "https", "http2", "dgram", "dns", "dns/promises"],
] as const;
/** What of Node's cryptography is chance, or is computed by threads that end when they like. */
const chance = /random|^prng$|^rng$|^generate|^checkPrime$|^scrypt$|^pbkdf2$|^hkdf$/i;

/** For good: this thread does nothing but run histories. */
export function shutTheWorldOut(): void {
  // Errors are many here and nobody reads where they arose.
  Error.stackTraceLimit = 0;
  shutGlobals();
  const require = createRequire(import.meta.url);
  for (const module of closed) shut(require(`node:${module}`), module, (name) => !classes.has(name));
  shut(Object.getPrototypeOf(require("node:timers/promises").scheduler), "scheduler");
  shut(require("node:crypto"), "crypto", (name) => chance.test(name));
  syncBuiltinESMExports();
}

function shutGlobals(): void {
  const world = globalThis as unknown as Record<string, unknown>;
  for (const name of [...timers, "fetch"]) world[name] = forbidden(name);
  Math.random = forbidden("Math.random");
  AbortSignal.timeout = forbidden("AbortSignal.timeout");
  world["Date"] = class extends Date {
    constructor(...given: [] | [string | number | Date]) {
      if (given.length === 0) throw new Error("the present time was asked for inside a run");
      super(given[0]);
    }
    static override now(): number {
      throw new Error("Date.now was called inside a run");
    }
  };
  const hrtime = Object.assign(forbidden("process.hrtime"), { bigint: forbidden("process.hrtime.bigint") });
  Object.assign(process, { hrtime, uptime: forbidden("process.uptime") });
  // Also for whoever took the object itself before.
  shut(Performance.prototype, "performance");
  shut(Crypto.prototype, "webcrypto");
  shut(SubtleCrypto.prototype, "webcrypto.subtle");
}

function shut(parts: object, called: string, isMeant: (name: string) => boolean = () => true): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(parts))) {
    if (name === "constructor" || typeof value !== "function" || !isMeant(name)) continue;
    Object.defineProperty(parts, name, { value: forbidden(`${called}.${name}`), writable: true, configurable: true });
  }
}
