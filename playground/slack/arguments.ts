/** The only place that reads what a caller sent: forms with JSON inside them, or JSON. */
import { type Fields, isFields } from "./rules.ts";

/** Structured arguments, which a form carries as JSON text. One that is no JSON stays a text, and its method refuses it. */
const structured = new Set(["blocks", "view", "metadata", "attachments", "message"]);

export function readBody(contentType: string, body: string): Fields {
  if (contentType.includes("application/json")) {
    const parsed = readJson(body);
    return isFields(parsed) ? Object.fromEntries(Object.entries(parsed).map(opened)) : {};
  }
  return Object.fromEntries([...new URLSearchParams(body)].map(opened));
}

function opened([name, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [name, structured.has(name) && typeof value === "string" ? readJson(value) : value];
}

/** The value, or the text itself when it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function textOf(args: Fields, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

export function flagOf(args: Fields, name: string): boolean {
  return ["true", "1", true, 1].includes(args[name] as string);
}

export function wholeOf(args: Fields, name: string, otherwise: number): number {
  const value = Number(args[name] ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
