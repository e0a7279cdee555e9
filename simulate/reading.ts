/** The only place that reads a stored frame: what stands in it byte for byte as in the record before is not read again. */

/** A longer part of a record. `field` is its name and its value as they lie on the disk, with the comma before them. */
interface Part {
  name: string;
  opens: Buffer;
  field: Buffer;
  value: unknown;
}

/** How the records of a frame begin, and how it ends; a frame of another look is read whole. */
const opens = Buffer.from(',"put":[{"');
const closes = "}]}";
const idWithin = 60;

export function frameReader(): (payload: Buffer) => unknown {
  const latest = new Map<string, readonly Part[]>();
  return (payload) => {
    const from = payload.indexOf(opens) + opens.length - 2;
    const id = /"id":"([^"]*)"/.exec(payload.toString("latin1", from, from + idWithin))?.[1] ?? "";
    const before = latest.get(id);
    const end = payload.length - closes.length + 1;
    const whole = before === undefined || payload.toString("latin1", end - 1) !== closes;
    const known = whole ? null : again(payload, from, end, before);
    if (known !== null) {
      latest.set(id, known.parts);
      return { ...(JSON.parse(`${payload.toString("utf8", 0, from)}]}`) as object), put: [known.record] };
    }
    const frame = JSON.parse(payload.toString()) as { put?: readonly object[] };
    latest.set(id, partsOf(payload, frame.put ?? []));
    return frame;
  };
}

/** The longer parts of a single record, where they can be told from its bytes. */
function partsOf(payload: Buffer, put: readonly object[]): readonly Part[] {
  const [record] = put;
  if (put.length !== 1 || record === undefined) return [];
  const parts = Object.entries(record).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null) return [];
    const opens = Buffer.from(`,"${name}":`);
    return [
      { name, opens, field: Buffer.concat([opens, Buffer.from(JSON.stringify(value))]), value: value as unknown },
    ];
  });
  return parts.every(({ field }) => payload.includes(field)) ? parts : [];
}

/** The record between two offsets, when it has the very same long parts in the same order, some of them with another value; null when it must be read whole. */
function again(
  payload: Buffer,
  from: number,
  end: number,
  before: readonly Part[],
): { record: object; parts: readonly Part[] } | null {
  const first = before[0] === undefined ? -1 : payload.indexOf(before[0].opens, from);
  const record = first < 0 ? null : parsed(`${payload.toString("utf8", from, first)}}`);
  if (record === null) return null;
  const parts: Part[] = [];
  let at = first;
  for (const [n, part] of before.entries()) {
    const next = standsAt(payload, at, part.field) ? part : changed(payload, at, end - 1, part, before[n + 1]);
    if (next === null) return null;
    parts.push(next);
    record[part.name] = next.value;
    at += next.field.length;
  }
  return at === end - 1 ? { record, parts } : null;
}

function standsAt(payload: Buffer, at: number, bytes: Buffer): boolean {
  const end = at + bytes.length;
  return end <= payload.length && payload.compare(bytes, 0, bytes.length, at, end) === 0;
}

/** From here to where the next part begins. Bytes that are one whole value and stand before the next name can be nothing else. */
function changed(payload: Buffer, at: number, last: number, part: Part, next: Part | undefined): Part | null {
  if (!standsAt(payload, at, part.opens)) return null;
  const from = at + part.opens.length;
  const end = next === undefined ? last : payload.indexOf(next.opens, from);
  if (end < 0) return null;
  const value = parsed(payload.toString("utf8", from, end));
  return value === null ? null : { ...part, field: Buffer.from(payload.subarray(at, end)), value };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
