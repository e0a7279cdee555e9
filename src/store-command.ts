/** The only place for what people do to the store by hand: `npm run store -- check|repair|show|rewrap`. */
import { isOpen, keyOf, type Request } from "./request.ts";
import { SealBroken, type Sealer } from "./seal.ts";
import { type Clock, type Disk, Locked, type Log } from "./seams.ts";
import { openStore } from "./store.ts";
import { dataFrom } from "./store-adapter.ts";
import { findArchived, rawOf } from "./store-archive.ts";
import { snapshotName } from "./store-files.ts";
import { asMended, compare, verifyChain } from "./store-ledger-read.ts";
import { migrations, recordFrom } from "./store-records.ts";
import { recover } from "./store-recover.ts";
import { repair } from "./store-repair.ts";
import { beyondRepair, codeOf, diskSaid, StoreRefused } from "./store-words.ts";
import type { Store } from "./storeport.ts";

export interface StoreCommandTools {
  disk: Disk;
  clock: Clock;
  /** Where sentences go, a line each. */
  out(line: string): void;
  /** For `rewrap`; null when no key is configured. */
  sealer: Sealer | null;
}

const usage = [
  "npm run store -- check          read everything and say whether it is whole",
  "npm run store -- repair         keep what can be kept of a damaged store, and say what is lost",
  "npm run store -- show           list the requests that are open or not yet put away",
  "npm run store -- show <id>      show one request, also a finished one",
  "npm run store -- rewrap         put every sealed password under the current key",
];

/** The exit code: 0 when all is well, 1 when something is wrong, 2 when the command was not understood. */
export async function runStoreCommand(args: readonly string[], tools: StoreCommandTools): Promise<number> {
  const [verb = "", id] = args;
  if (!isUnderstood(args)) return sayUsage(tools.out);
  try {
    if (verb === "check") return await locked(tools.disk, () => check(tools));
    if (verb === "repair") return await locked(tools.disk, () => repair(tools));
    if (verb === "show") return await (id === undefined ? showAll(tools) : showOne(tools, id));
    return await rewrap(tools);
  } catch (error) {
    tools.out(sentence(verb, error));
    return 1;
  }
}

/** An id is the only word that may follow, and only after `show`. */
export function isUnderstood(args: readonly string[]): boolean {
  const [verb = "", id, ...more] = args;
  if (verb === "show") return more.length === 0;
  return ["check", "repair", "rewrap"].includes(verb) && id === undefined;
}

export function sayUsage(out: (line: string) => void): number {
  for (const line of usage) out(line);
  return 2;
}

function sentence(verb: string, error: unknown): string {
  // What is damaged says to run `repair`.
  if (verb === "repair" && error instanceof StoreRefused && error.message !== error.what)
    return `${error.what} ${beyondRepair}`;
  if (error instanceof Locked) return `${error.message} (The bot must not run during \`${verb}\`.)`;
  if (error instanceof StoreRefused || error instanceof SealBroken) return error.message;
  if (codeOf(error) !== "") return diskSaid("be read", error);
  throw error;
}

async function locked(disk: Disk, work: () => Promise<number>): Promise<number> {
  const unlock = await disk.lock();
  try {
    return await work();
  } finally {
    await unlock();
  }
}

async function check({ disk, out }: StoreCommandTools): Promise<number> {
  const wrong: string[] = [];
  let mended = disk;
  try {
    const found = await recover(disk);
    if (found === null) {
      out("There is no store here yet: the data directory is new.");
      return 0;
    }
    const { records } = dataFrom(found, migrations);
    const open = [...records.hot.values()].filter(isOpen).length;
    out(`${found.frame} changes, ${open} open requests, ${records.hot.size - open} closed ones not yet put away.`);
    for (const each of found.badSnapshots)
      out(`${snapshotName(each)} cannot be read; the one before it stands in, and nothing is lost.`);
    if (found.torn !== null) out(`${found.torn.name} ends in a write that was cut short; it was never acknowledged.`);
    const audit = await compare(disk, "audit", found.head.audit, found.audit);
    const archive = await compare(disk, "archive", found.head.archive, found.archive);
    // A copy that a kill kept from being made, or cut, is no damage: the log has the lines, and the next start copies them.
    const mends = [...audit.mends, ...archive.mends];
    for (const { name, how } of mends)
      if (how === "replace") out(`${name} does not end as the log says; the next start writes its end again.`);
    mended = asMended(disk, mends);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    wrong.push(error.what);
  }
  for (const kind of ["audit", "archive"] as const) {
    const chain = await verifyChain(mended, kind);
    out(`${kind}: ${chain.lines} lines, ${chain.breaks.length === 0 ? "the chain of hashes holds" : "broken"}.`);
    wrong.push(...chain.breaks);
  }
  for (const what of wrong) out(`WRONG: ${what}`);
  out(wrong.length === 0 ? "The store is whole." : "Put back a backup of the whole data directory, or run `repair`.");
  return wrong.length === 0 ? 0 : 1;
}

async function showAll({ disk, out }: StoreCommandTools): Promise<number> {
  const found = await recover(disk, "far");
  const hot = found === null ? [] : [...dataFrom(found, migrations).records.hot.values()];
  if (found?.damage) out(`WRONG: ${found.damage.says} What is shown here ends before that.`);
  for (const request of hot) out(`${request.id}  ${request.status}  revision ${request.revision}  ${keyOf(request)}`);
  if (hot.length === 0) out("No request is open or waits to be put away.");
  return found?.damage ? 1 : 0;
}

async function showOne({ disk, out }: StoreCommandTools, id: string): Promise<number> {
  const found = await recover(disk, "far");
  const hot = found === null ? undefined : dataFrom(found, migrations).records.hot.get(id);
  // Put away a moment ago, it may stand in the log and not yet in the archive.
  const waiting = found?.archive.map(({ text }) => rawOf(text)).findLast((raw) => raw?.["id"] === id) ?? null;
  const away = waiting === null ? await findArchived(disk, migrations, id) : recordFrom(waiting, migrations);
  const request = hot ?? away;
  if (request === null) out(`There is no request ${id} here.`);
  else out(JSON.stringify(withoutSecret(request), null, 2));
  return request === null ? 1 : 0;
}

function withoutSecret(request: Request): Readonly<Record<string, unknown>> {
  return request.secret === undefined ? request : { ...request, secret: "[sealed]" };
}

/** A password keeps its box and gets its data key wrapped anew; the old wrapping leaves the files when the store closes. */
async function rewrap({ disk, clock, out, sealer }: StoreCommandTools): Promise<number> {
  if (sealer === null || !sealer.canSeal) {
    out("No sealing key is configured, so there is nothing to put passwords under.");
    return 1;
  }
  const quiet: Log = { info() {}, warn: (words) => out(words), error: (words) => out(words) };
  let stop: (error: StoreRefused) => void = () => {};
  const dead = new Promise<never>((_, reject) => {
    stop = reject;
  });
  const die = (why: string): never => {
    const error = new StoreRefused(why);
    stop(error);
    throw error;
  };
  const store = await openStore({ disk, clock, log: quiet, die });
  // A store that could not save answers nobody any more.
  const count = await Promise.race([rewrapAll(store, sealer), dead]);
  out(`${count} sealed passwords were put under the current key. Older keys are no longer needed.`);
  return 0;
}

async function rewrapAll(store: Store, sealer: Sealer): Promise<number> {
  let count = 0;
  try {
    for (const { id, secret } of store.hot()) {
      if (secret === undefined) continue;
      const sealed = sealer.rewrap(secret.sealed);
      if (sealed === secret.sealed) continue;
      await store.change((records) => {
        const latest = records.get(id);
        const next = latest && { ...latest, revision: latest.revision + 1, secret: { ...secret, sealed } };
        return { put: next === null ? [] : [next], give: null, rule: "rewrap" };
      });
      count += 1;
    }
  } finally {
    await store.close();
  }
  return count;
}
