/** The only place that goes through a record without its schema, which makes every part of it anew: it checks no more than what a change brought, and tells a record that the schema would leave as it is. */
import * as z from "zod";

/** How a shape is gone through. What is not named here is left to its schema, `whole`. */
export type Shape =
  | { is: "object"; fields: readonly (readonly [string, Shape])[] }
  | { is: "list"; each: Shape; least: number }
  | { is: "optional"; inner: Shape }
  /** One of these objects, told by what stands in the field `by`. */
  | { is: "either"; by: string; options: ReadonlyMap<unknown, Shape> }
  | { is: "text" }
  /** An object of nothing but texts. */
  | { is: "texts" }
  | { is: "number"; integer: boolean; least: number }
  | { is: "one of"; values: ReadonlySet<unknown> }
  | { is: "whole"; schema: z.ZodType };

/** A rule as zod keeps it. https://zod.dev/packages/core#checks */
interface Rule {
  check: string;
  format?: string;
  value?: unknown;
  inclusive?: boolean;
  minimum?: number;
}

export function shapeOf(schema: z.ZodType): Shape {
  const rules: readonly Rule[] = (schema._zod.def.checks ?? []).map((rule) => rule._zod.def);
  return shapeWith(schema, rules) ?? { is: "whole", schema };
}

/** Null where the schema asks for more than is known here. */
function shapeWith(schema: z.ZodType, rules: readonly Rule[]): Shape | null {
  if (schema instanceof z.ZodNumber) return numberWith(rules);
  if (schema instanceof z.ZodArray) return listWith(shapeOf(schema.element as z.ZodType), rules);
  if (rules.length > 0) return null;
  if (schema instanceof z.ZodString) return { is: "text" };
  if (schema instanceof z.ZodBoolean) return { is: "one of", values: new Set([true, false]) };
  if (schema instanceof z.ZodEnum) return { is: "one of", values: new Set(schema.options) };
  if (schema instanceof z.ZodLiteral) return { is: "one of", values: schema.values };
  if (schema instanceof z.ZodOptional) return { is: "optional", inner: shapeOf(schema.unwrap() as z.ZodType) };
  if (schema instanceof z.ZodRecord) return isText(schema.keyType) && isText(schema.valueType) ? { is: "texts" } : null;
  if (schema instanceof z.ZodDiscriminatedUnion) return eitherOf(schema);
  if (!(schema instanceof z.ZodObject) || schema.def.catchall !== undefined) return null;
  const fields = Object.entries(schema.shape).map(([name, inner]) => [name, shapeOf(inner as z.ZodType)] as const);
  return { is: "object", fields };
}

function eitherOf({ def, options }: z.ZodDiscriminatedUnion): Shape | null {
  const by = def.discriminator;
  const known = new Map<unknown, Shape>();
  for (const option of options) {
    const shape = shapeOf(option as z.ZodType);
    const told = shape.is === "object" ? shape.fields.find(([name]) => name === by)?.[1] : undefined;
    if (told?.is !== "one of") return null;
    for (const value of told.values) known.set(value, shape);
  }
  return { is: "either", by, options: known };
}

function isText(schema: z.core.$ZodType): boolean {
  return shapeOf(schema as z.ZodType).is === "text";
}

function listWith(each: Shape, rules: readonly Rule[]): Shape | null {
  let least = 0;
  for (const { check, minimum } of rules) {
    if (check !== "min_length" || minimum === undefined) return null;
    least = Math.max(least, minimum);
  }
  return { is: "list", each, least };
}

function numberWith(rules: readonly Rule[]): Shape | null {
  const integer = rules.some(({ format }) => format === "safeint");
  let least = Number.NEGATIVE_INFINITY;
  for (const { check, format, value, inclusive } of rules) {
    if (check === "number_format" && format === "safeint") continue;
    if (check !== "greater_than" || typeof value !== "number" || !(integer || inclusive)) return null;
    least = Math.max(least, inclusive ? value : Math.floor(value) + 1);
  }
  return { is: "number", integer, least };
}

/** Whether `value` fits, where `before` is what stood there when it was last checked. */
export function fits(shape: Shape, value: unknown, before: unknown): boolean {
  return goesWith(shape, value, before, false);
}

/** Whether `value` fits and holds nothing else. */
export function fitsExactly(shape: Shape, value: unknown): boolean {
  return goesWith(shape, value, undefined, true);
}

function goesWith(shape: Shape, value: unknown, before: unknown, exactly: boolean): boolean {
  if (value === before && value !== undefined) return true;
  switch (shape.is) {
    case "optional":
      return value === undefined || goesWith(shape.inner, value, before, exactly);
    case "text":
      return typeof value === "string";
    case "number":
      return (shape.integer ? Number.isSafeInteger(value) : Number.isFinite(value)) && Number(value) >= shape.least;
    case "one of":
      return shape.values.has(value);
    case "object":
      return isObject(value) && fieldsGo(shape.fields, value, isObject(before) ? before : nothing, exactly);
    case "list":
      return isList(value) && value.length >= shape.least && entriesGo(shape.each, value, before, exactly);
    case "texts":
      return isObject(value) && areTexts(value);
    // What stood there before may have been checked as another of them.
    case "either": {
      const option = isObject(value) ? shape.options.get(value[shape.by]) : undefined;
      return option !== undefined && goesWith(option, value, undefined, exactly);
    }
    case "whole":
      return !exactly && shape.schema.safeParse(value).success;
  }
}

type Values = Readonly<Record<string, unknown>>;
const nothing: Values = {};

function fieldsGo(
  fields: readonly (readonly [string, Shape])[],
  value: Values,
  before: Values,
  exactly: boolean,
): boolean {
  let known = 0;
  for (const [name, inner] of fields) {
    const field = value[name];
    if (!goesWith(inner, field, before[name], exactly)) return false;
    if (field !== undefined) known += 1;
  }
  return !exactly || known === Object.keys(value).length;
}

function entriesGo(each: Shape, value: readonly unknown[], before: unknown, exactly: boolean): boolean {
  const checked: readonly unknown[] = isList(before) ? before : [];
  for (let n = 0; n < value.length; n += 1)
    if (!checked.includes(value[n]) && !goesWith(each, value[n], checked[n], exactly)) return false;
  return true;
}

/** A map, too, is an object of no texts, and would be stored as nothing. */
function areTexts(value: Values): boolean {
  const kind: unknown = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return false;
  return Object.values(value).every((text) => typeof text === "string");
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
