/** The only place that goes on from a damaged store: it keeps what can be trusted, and lets nothing act on what may be out of date. */
import { isOpen, Request } from "./request.ts";
import type { Clock, Disk } from "./seams.ts";
import { dataFrom, writeGeneration } from "./store-adapter.ts";
import { generations, logName, readCommit, snapshotName } from "./store-files.ts";
import {
  fileOf,
  filesOf,
  type Kind,
  type Line,
  ledger,
  nextLine,
  type Position,
  type Read,
  readLine,
} from "./store-ledger.ts";
import { compare, isRepair, verifyChain } from "./store-ledger-read.ts";
import { linesOf, sizeOf } from "./store-part.ts";
import { migrations } from "./store-records.ts";
import { type Recovered, recover } from "./store-recover.ts";
import { StoreRefused } from "./store-words.ts";

interface Tools {
  disk: Disk;
  clock: Clock;
  out(line: string): void;
}

export async function repair(tools: Tools): Promise<number> {
  const { disk, out } = tools;
  const found = await recover(disk, "far");
  if (found === null) {
    out("There is no store here yet, so there is nothing to repair.");
    return 0;
  }
  const { records } = dataFrom(found, migrations);
  // As at every start: no monthly file may durably hold a line whose frame the power could still take.
  for (const generation of generations("log", await disk.list())) await disk.sync(logName(generation));
  const audit = await settle(tools, "audit", found.head.audit, found.audit);
  const archive = await settle(tools, "archive", found.head.archive, found.archive);
  if (found.damage === null && found.marked && audit.whole && archive.whole) {
    out("The store is whole; nothing was changed.");
    return 0;
  }
  await keepCopies(tools, found);
  const lost = found.damage !== null || audit.ahead.length > 0 || archive.ahead.length > 0;
  sayLost(tools, found, audit.ahead);
  const requests = [...records.hot.values()].map((request) => (lost ? afterLoss(request, tools.clock.now()) : request));
  const changed = requests.filter((request) => request !== records.hot.get(request.id));
  for (const { id, status } of changed)
    out(`${id} is now ${status}: nobody can say what became of it after revision ${records.hot.get(id)?.revision}.`);
  const positions = {
    audit: await write(disk, "audit", audit.position, [...auditOf(audit, tools.clock.now(), changed, records.hot)]),
    archive: await write(disk, "archive", archive.position, [...archiveOf(archive, tools.clock.now())]),
  };
  await renew(disk, found, requests, positions);
  out(
    "The store is repaired. Start the bot, and delete the damaged-… files once nobody needs them: they may hold sealed passwords.",
  );
  return 0;
}

interface Settled {
  position: Position;
  whole: boolean;
  /** Requests in lines that the log does not know: something that happened is missing from it. */
  ahead: readonly string[];
  /** Lines that only the log has now, to be written once more behind the others. */
  again: readonly Entry[];
}

interface Entry {
  at: number;
  fields: Readonly<Record<string, unknown>>;
}

/** Where a chain goes on: where the log says if the two agree, else behind its last readable line, with no number used twice. */
async function settle(tools: Tools, kind: Kind, since: Position, lines: readonly Line[]): Promise<Settled> {
  const { disk, out } = tools;
  try {
    const { position, mends } = await compare(disk, kind, since, lines);
    for (const { name, how, bytes } of mends) {
      if (how === "append") await disk.append(name, bytes);
      if (how === "replace") await disk.replace(name, bytes);
      else await disk.sync(name);
    }
    return { position, whole: true, ahead: [], again: [] };
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    out(error.what);
  }
  const { position, file } = await verifyChain(disk, kind);
  await cutBehind(tools, kind, file, position.size);
  const standing = await linesSince(disk, kind, since.seq);
  const seq = Math.max(position.seq, since.seq);
  const size = (await sizeOf(disk, fileOf(kind, position.at))) ?? 0;
  const ahead = requestsAhead(standing, lines, since);
  return { position: { ...position, seq, size }, whole: false, ahead, again: missing(standing, lines) };
}

/** Nothing unreadable stays where the chain goes on: what is added must stand right behind its last readable line. */
async function cutBehind(tools: Tools, kind: Kind, last: string, size: number): Promise<void> {
  const { disk } = tools;
  for (const name of filesOf(kind, await disk.list())) {
    const bytes = name < last ? null : await disk.read(name);
    const keep = name === last ? size : 0;
    if (bytes === null || (keep > 0 && bytes.length <= keep)) continue;
    await copy(tools, name);
    if (keep > 0) await disk.replace(name, bytes.subarray(0, keep));
    else await disk.remove(name);
  }
}

async function linesSince(disk: Disk, kind: Kind, seq: number): Promise<readonly Read[]> {
  const found: Read[] = [];
  for (const name of filesOf(kind, await disk.list())) {
    for await (const { text } of linesOf(disk, name)) {
      const line = readLine(text);
      if (line !== null && line.seq > seq) found.push(line);
    }
  }
  return found;
}

/** What a repair that was cut short wrote once more is no news, nor is its own line. */
function requestsAhead(standing: readonly Read[], lines: readonly Line[], since: Position): string[] {
  const last = lines.at(-1) ?? since;
  const known = new Set(lines.map(saidBy));
  const ahead = standing.filter((line) => line.seq > last.seq && !isRepair(line) && !known.has(saidBy(line)));
  return [...new Set(ahead.map(({ fields }) => String(fields["request"] ?? fields["id"])))];
}

/** Behind a repair that was cut short, the numbers are no longer the log's. */
function missing(standing: readonly Read[], lines: readonly Line[]): readonly Entry[] {
  const said = new Set(standing.map(saidBy));
  const cutShort = standing.findIndex(isRepair);
  const last = (cutShort === -1 ? standing : standing.slice(0, cutShort)).at(-1)?.seq ?? 0;
  return lines.filter((line) => line.seq > last && !said.has(saidBy(line))).map(entryOf);
}

/** A line without its place in the chain. */
function saidBy(line: Line): string {
  return JSON.stringify(entryOf(line).fields);
}

async function keepCopies(tools: Tools, { damage }: Recovered): Promise<void> {
  if (damage === null) return;
  tools.out(damage.says);
  for (const generation of generations("log", await tools.disk.list()))
    if (generation >= damage.generation) await copy(tools, logName(generation));
}

async function copy({ disk, out }: Tools, name: string): Promise<void> {
  const bytes = await disk.read(name);
  if (bytes === null) return;
  const names = await disk.list();
  let kept = `damaged-${name}`;
  for (let n = 2; names.includes(kept); n += 1) kept = `damaged-${n}-${name}`;
  await disk.replace(kept, bytes);
  out(`${name} is kept as it was in ${kept}.`);
}

function sayLost({ out }: Tools, found: Recovered, ahead: readonly string[]): void {
  const ids = new Set(ahead);
  for (const text of found.damage?.behind ?? []) for (const { id } of readCommit(text)?.put ?? []) ids.add(id);
  if (found.damage !== null) out(`Every change after number ${found.frame} is lost.`);
  if (ids.size > 0) out(`Lost changes are known for: ${[...ids].join(", ")}.`);
}

/**
 * What was lost may have been the order to reinstall. So nothing open goes on by itself: what was approved becomes a question for
 * people, what was not is closed and must be asked for again.
 */
function afterLoss(request: Request, now: number): Request {
  if (!isOpen(request) || request.status === "unsure") return request;
  const revision = request.revision + 1;
  if (request.status === "pending") {
    const { secret: _, ...rest } = request;
    return Request.parse({ ...rest, revision, status: "expired", endedAt: now });
  }
  const evidence = [
    `The bot's store was damaged and repaired; what happened after revision ${request.revision} is lost.`,
  ];
  return Request.parse({ ...request, revision, status: "unsure", since: now, evidence });
}

function entryOf(line: Line): Entry {
  const { at, seq: _, ...fields } = readLine(line.text)?.fields ?? {};
  return { at: line.at, fields };
}

/** The repair is in the chain: one line for itself, which may skip numbers, and one for each request it moved. */
function* auditOf(
  { again }: Settled,
  now: number,
  changed: readonly Request[],
  before: ReadonlyMap<string, Request>,
): Generator<Entry> {
  const none = { by: null, rule: "repair", shown: null };
  yield { at: again[0]?.at ?? now, fields: { request: "-", revision: 0, from: null, to: "repaired", ...none } };
  yield* again;
  for (const { id, revision, status } of changed)
    yield { at: now, fields: { request: id, revision, from: before.get(id)?.status ?? null, to: status, ...none } };
}

function* archiveOf({ whole, again }: Settled, now: number): Generator<Entry> {
  if (!whole) yield { at: again[0]?.at ?? now, fields: { id: "-", to: "repaired" } };
  yield* again;
}

async function write(disk: Disk, kind: Kind, position: Position, entries: readonly Entry[]): Promise<Position> {
  const lines: Line[] = [];
  for (const { at, fields } of entries) lines.push(nextLine(lines.at(-1) ?? position, at, fields));
  const chain = ledger(disk, kind, position);
  chain.add(lines);
  return chain.sync();
}

/** Two new generations, so that there is a good one before the newest; everything older goes, and with it the damage. */
async function renew(
  disk: Disk,
  found: Recovered,
  requests: readonly Request[],
  positions: { audit: Position; archive: Position },
): Promise<void> {
  const names = await disk.list();
  const snapshots = generations("snapshot", names);
  const logs = generations("log", names);
  const first = Math.max(found.generation, ...snapshots, ...logs) + 1;
  for (const generation of [first, first + 1])
    await writeGeneration(disk, { generation, after: found.frame, ...positions }, requests);
  for (const generation of snapshots) await disk.remove(snapshotName(generation));
  for (const generation of logs) await disk.remove(logName(generation));
}
