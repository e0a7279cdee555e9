/** The only place that reads a stored frame: what stands in it word for word as in the record before is not read again. */

interface Part {
  name: string;
  text: string;
  value: unknown;
}

/** How the records of a frame begin, and how it ends; a frame of another look is read whole. */
const opens = ',"put":[{"';
const closes = "}]}";
const idWithin = 60;

export function frameReader(): (text: string) => unknown {
  const latest = new Map<string, readonly Part[]>();
  return (text) => {
    const from = text.indexOf(opens) + opens.length - 2;
    const id = /"id":"([^"]*)"/.exec(text.slice(from, from + idWithin))?.[1] ?? "";
    const before = latest.get(id);
    const known = before === undefined || !text.endsWith(closes) ? null : again(text.slice(from, -2), before);
    if (known !== null) {
      latest.set(id, known.parts);
      return { ...(JSON.parse(`${text.slice(0, from)}]}`) as object), put: [known.record] };
    }
    const whole = JSON.parse(text) as { put?: readonly object[] };
    latest.set(id, partsOf(text, whole.put ?? []));
    return whole;
  };
}

/** The longer parts of a single record, where they can be told from its text. */
function partsOf(text: string, put: readonly object[]): readonly Part[] {
  const [record] = put;
  if (put.length !== 1 || record === undefined) return [];
  const parts = Object.entries(record).flatMap(([name, value]) =>
    typeof value === "object" && value !== null ? [{ name, text: JSON.stringify(value), value: value as unknown }] : [],
  );
  return parts.every((part) => text.includes(fieldOf(part))) ? parts : [];
}

function fieldOf({ name, text }: Part): string {
  return `,"${name}":${text}`;
}

/** The record, when it has the very same long parts in the same order, some of them with another text; null when it must be read whole. */
function again(text: string, before: readonly Part[]): { record: object; parts: readonly Part[] } | null {
  const first = text.indexOf(`,"${before[0]?.name}":`);
  const short = first < 0 || before.length === 0 ? null : parsed(`${text.slice(0, first)}}`);
  if (short === null) return null;
  const parts: Part[] = [];
  let at = first;
  for (const [n, part] of before.entries()) {
    const field = fieldOf(part);
    if (text.startsWith(field, at)) {
      parts.push(part);
      at += field.length;
      continue;
    }
    const value = newValue(text, at + part.name.length + 4, before[n + 1]);
    if (!text.startsWith(`,"${part.name}":`, at) || value === null) return null;
    parts.push({ ...part, ...value });
    at += part.name.length + 4 + value.text.length;
  }
  if (at !== text.length - 1) return null;
  const long = Object.fromEntries(parts.map(({ name, value }) => [name, value]));
  return { record: { ...(short as object), ...long }, parts };
}

/** From here to where the next part begins. A text that is one whole value and stands before the next name can be nothing else. */
function newValue(text: string, from: number, next: Part | undefined): Pick<Part, "text" | "value"> | null {
  const end = next === undefined ? text.length - 1 : text.indexOf(`,"${next.name}":`, from);
  if (end < 0) return null;
  const given = text.slice(from, end);
  const value = parsed(given);
  return value === null ? null : { text: given, value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
