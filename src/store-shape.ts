/** The only place that checks of a changed record no more than what is new in it: what was checked when it was stored, and is still the very same value, holds. */
import * as z from "zod";

/** How a shape is gone through. Only objects, lists and optional fields are entered; everything else but plain text is checked whole. */
export type Shape =
  | { is: "object"; schema: z.ZodType; fields: readonly (readonly [string, Shape])[] }
  | { is: "list"; schema: z.ZodType; each: Shape }
  | { is: "optional"; inner: Shape }
  | { is: "text" }
  | { is: "whole"; schema: z.ZodType };

export function shapeOf(schema: z.ZodType): Shape {
  if (schema instanceof z.ZodOptional) return { is: "optional", inner: shapeOf(schema.unwrap() as z.ZodType) };
  if (schema instanceof z.ZodString && rulesOf(schema).length === 0) return { is: "text" };
  const entered = rulesOf(schema).every((rule) => schema instanceof z.ZodArray && rule === "min_length");
  if (schema instanceof z.ZodArray && entered)
    return { is: "list", schema, each: shapeOf(schema.element as z.ZodType) };
  if (!(schema instanceof z.ZodObject && entered)) return { is: "whole", schema };
  const fields = Object.entries(schema.shape).map(([name, inner]) => [name, shapeOf(inner as z.ZodType)] as const);
  return { is: "object", schema, fields };
}

function rulesOf(schema: z.ZodType): readonly string[] {
  return (schema._zod.def.checks ?? []).map((rule) => rule._zod.def.check);
}

/** Whether `value` fits, where `before` is what stood there when it was last checked. */
export function fits(shape: Shape, value: unknown, before: unknown): boolean {
  if (value === before && value !== undefined) return true;
  if (shape.is === "optional") return value === undefined || fits(shape.inner, value, before);
  if (shape.is === "text") return typeof value === "string";
  if (shape.is === "object" && isObject(value) && isObject(before)) {
    for (const [name, inner] of shape.fields) if (!fits(inner, value[name], before[name])) return false;
    return true;
  }
  // A list that is no shorter than one which was long enough is long enough.
  if (shape.is === "list" && isList(value) && isList(before) && value.length >= before.length) {
    for (let n = 0; n < value.length; n += 1)
      if (!before.includes(value[n]) && !fits(shape.each, value[n], before[n])) return false;
    return true;
  }
  return shape.schema.safeParse(value).success;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
