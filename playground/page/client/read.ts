/** The only place that reads fields out of what a bot sent: blocks are data from outside, so nothing is taken for granted. */
export type Bag = Readonly<Record<string, unknown>>;

export function bag(value: unknown): Bag {
  return isBag(value) ? value : {};
}

export function bags(value: unknown): readonly Bag[] {
  return Array.isArray(value) ? value.map(bag) : [];
}

export function str(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function num(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The bare words of a text object. */
export function words(value: unknown): string {
  return str(bag(value).text);
}

export function has(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
