/** The only place that turns stored bytes into requests, and that refuses a change which would leave the records wrong. */
import type * as z from "zod";
import { isOpen, keyOf, Request } from "./request.ts";
import { fits, fitsExactly, type Shape, shapeOf } from "./store-shape.ts";
import { damaged, StoreRefused } from "./store-words.ts";

/** Records in memory: `hot` by id in the order they came, `open` by server key, `finished` the latest archived ones by id. */
export interface RecordSet {
  hot: Map<string, Request>;
  open: Map<string, string>;
  finished: Map<string, Request>;
}

export function emptySet(): RecordSet {
  return { hot: new Map(), open: new Map(), finished: new Map() };
}

export function copyOf(set: RecordSet): RecordSet {
  return { hot: new Map(set.hot), open: new Map(set.open), finished: new Map(set.finished) };
}

export function find(set: RecordSet, id: string): Request | null {
  return set.hot.get(id) ?? set.finished.get(id) ?? null;
}

export function findOpen(set: RecordSet, serverKey: string): Request | null {
  const id = set.open.get(serverKey);
  return id === undefined ? null : (set.hot.get(id) ?? null);
}

export function put(set: RecordSet, request: Request): void {
  set.hot.set(request.id, request);
  const key = keyOf(request);
  if (isOpen(request)) set.open.set(key, request.id);
  else if (set.open.get(key) === request.id) set.open.delete(key);
}

export function archive(set: RecordSet, request: Request, finishedMax: number): void {
  set.hot.delete(request.id);
  set.finished.set(request.id, request);
  for (const id of set.finished.keys()) {
    if (set.finished.size <= finishedMax) return;
    set.finished.delete(id);
  }
}

/** Throws when these may not be put: the last defence below the callers' own rules. */
export function checkPut(set: RecordSet, requests: readonly Request[]): void {
  const put = new Map(requests.map((request) => [request.id, request]));
  if (put.size !== requests.length) throw new Error("A change put the same request twice.");
  const keys = new Set<string>();
  for (const request of requests) {
    checkOne(set, request);
    if (!isOpen(request)) continue;
    const key = keyOf(request);
    const other = findOpen(set, key);
    const stands = other !== null && other.id !== request.id && isOpen(put.get(other.id) ?? other);
    if (stands || keys.has(key)) throw new Error(`A change would leave two open requests for the server ${key}.`);
    keys.add(key);
  }
}

function checkOne(set: RecordSet, request: Request): void {
  if (set.finished.has(request.id)) throw new Error(`The request ${request.id} is finished and put away.`);
  const before = set.hot.get(request.id);
  const revision = (before?.revision ?? 0) + 1;
  if (request.revision !== revision)
    throw new Error(`The request ${request.id} was put with revision ${request.revision} where ${revision} was due.`);
  if (before !== undefined && !isOpen(before) && isOpen(request))
    throw new Error(`The request ${request.id} is closed and cannot be opened again.`);
  if (before !== undefined && before.order !== request.order && keyOf(before) !== keyOf(request))
    throw new Error(`The request ${request.id} was put with another server.`);
  const paths = wrongFields(request, before);
  if (paths.length > 0)
    throw new Error(`The request ${request.id} was put in a shape that could not be read again: ${paths.join(", ")}.`);
}

interface Field {
  schema: z.ZodType;
  shape: Shape;
}
const fieldsOf: ReadonlyMap<string, ReadonlyMap<string, Field>> = new Map(
  Request.options.map(({ shape }) => [shape.status.value, entered(shape)]),
);

/** All but the revision, which is one more than the one before: that is checked on its own. */
function entered({ revision: _, ...fields }: Readonly<Record<string, z.ZodType>>): ReadonlyMap<string, Field> {
  return new Map(Object.entries(fields).map(([name, schema]) => [name, { schema, shape: shapeOf(schema) }]));
}

/** Of a long record a change replaces little, and what it left alone was checked when it was stored. */
function wrongFields(request: Request, before: Request | undefined): readonly string[] {
  const fields = fieldsOf.get(request.status);
  if (fields === undefined) return ["status"];
  const known = before === undefined ? undefined : fieldsOf.get(before.status);
  const wrong: string[] = [];
  for (const [name, { schema, shape }] of fields) {
    const value = fieldOf(request, name);
    const wasChecked = known === fields || known?.get(name)?.schema === schema;
    const checked = wasChecked && before !== undefined ? fieldOf(before, name) : undefined;
    if ((wasChecked && value === checked) || fits(shape, value, checked)) continue;
    const issues = schema.safeParse(value).error?.issues ?? [];
    wrong.push(...issues.map((issue) => [name, ...issue.path].join(".")));
  }
  return wrong;
}

function fieldOf(request: Request, field: string): unknown {
  return (request as Readonly<Record<string, unknown>>)[field];
}

/** A record as it lies on disk, before its shape is known. */
export type Raw = Readonly<Record<string, unknown>>;
/** How a record of version n becomes one of version n + 1 or later: add a row whenever `v` is raised. */
export type Migrations = Readonly<Record<number, (old: Raw) => Raw>>;
export const migrations: Migrations = {};

const version = 1;

/** Throws `StoreRefused` when the record cannot be understood. */
export function recordFrom(raw: Raw, table: Migrations): Request {
  const record = migrated(raw, table);
  if (isRequest(record)) return record;
  const parsed = Request.safeParse(record);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => `${issue.path.join(".")} (${issue.code})`).join(", ");
  throw damaged(`The stored request ${nameOf(raw)} is not as it should be: ${paths}.`);
}

const requestShape = shapeOf(Request);

/** A record of which the schema would make the very same one anew. */
function isRequest(record: Raw): record is Raw & Request {
  return fitsExactly(requestShape, record);
}

function migrated(raw: Raw, table: Migrations): Raw {
  let record = raw;
  while (record["v"] !== version) {
    const from = record["v"];
    const step = typeof from === "number" ? table[from] : undefined;
    if (step === undefined)
      throw new StoreRefused(
        `The stored request ${nameOf(raw)} has version ${String(from)}, which this program does not know. Start the version of the bot that wrote it, or a newer one.`,
      );
    record = step(record);
    if (typeof record["v"] !== "number" || record["v"] <= Number(from))
      throw new Error(`The migration from version ${String(from)} does not lead to a later one.`);
  }
  return record;
}

function nameOf(raw: Raw): string {
  return typeof raw["id"] === "string" ? raw["id"] : "without an id";
}
