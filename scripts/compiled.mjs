// The only place that compiles the bot's bundle, and keeps what came of it: a start does not parse again what the build has parsed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** What stands before and after the bundle, so that it is one function. */
export const wrapping = { before: "(function (require, module, exports, __filename, __dirname) {", after: "})" };

/** That function. Where nothing is kept of this very source, or by another version of Node, it compiles as ever. */
export function compile(filename) {
  const source = readFileSync(filename);
  const cachedData = keptOf(source, keptPath(filename));
  // The bundle is ASCII.
  const script = new Script(source.toString("latin1"), { filename, ...(cachedData && { cachedData }) });
  return { bundle: script.runInThisContext(), asKept: script.cachedDataRejected === false };
}

/** What a start takes: every function, also those that a compiler would leave until they are called. */
export function kept(source, filename) {
  // Only while it compiles: V8 takes what is kept for the flags it runs with, and a start has none.
  setFlagsFromString("--no-lazy");
  const script = new Script(source.toString("latin1"), { filename });
  setFlagsFromString("--lazy");
  const compiled = script.createCachedData();
  return Buffer.concat([digestOf(source, compiled), compiled]);
}

export function keptPath(filename) {
  return `${filename}.compiled`;
}

/** V8 itself compares nothing but lengths: another bundle may be just as long, and what a power cut left of the file would end the process with a signal. */
function keptOf(source, path) {
  if (!existsSync(path)) return null;
  const all = readFileSync(path);
  const compiled = all.subarray(digestBytes);
  return digestOf(source, compiled).equals(all.subarray(0, digestBytes)) ? compiled : null;
}

const digestBytes = 32;
function digestOf(source, compiled) {
  return createHash("sha256").update(source).update(compiled).digest();
}
