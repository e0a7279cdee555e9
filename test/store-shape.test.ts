import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Request } from "../src/request.ts";
import { migrations, recordFrom } from "../src/store-records.ts";
import { fits, fitsExactly, shapeOf } from "../src/store-shape.ts";
import { anyOf } from "./setup/arbitrary.ts";

const Step = z.object({ id: z.string(), at: z.number().int().optional(), facts: z.record(z.string(), z.string()) });
const Attempt = z.object({ n: z.number(), steps: z.array(Step).min(1), how: z.union([z.string(), z.boolean()]) });
const shape = shapeOf(Attempt);

const step = { id: "stop", at: 1, facts: { a: "b" } };
const whole = { n: 1, steps: [step, step], how: true };

describe("what is new in a record is checked", () => {
  const rows: readonly { says: string; value: unknown; ok: boolean }[] = [
    { says: "a record that is as it was", value: whole, ok: true },
    { says: "one more in a list", value: { ...whole, steps: [...whole.steps, { ...step, at: 2 }] }, ok: true },
    { says: "an optional field left out", value: { ...whole, steps: [{ id: "stop", facts: {} }] }, ok: true },
    { says: "a field of the wrong kind", value: { ...whole, n: "1" }, ok: false },
    { says: "a text that is none", value: { ...whole, steps: [step, { ...step, id: 7 }] }, ok: false },
    { says: "a field left out", value: { steps: whole.steps, how: true }, ok: false },
    { says: "a field deep within", value: { ...whole, steps: [step, { ...step, at: 1.5 }] }, ok: false },
    {
      says: "a fact that is no text",
      value: { ...whole, steps: [{ ...step, facts: { a: 1 } }] },
      ok: false,
    },
    {
      says: "a new one in a list",
      value: { ...whole, steps: [step, step, {}] },
      ok: false,
    },
    { says: "a list that became too short", value: { ...whole, steps: [] }, ok: false },
    { says: "a list that is none", value: { ...whole, steps: { 0: step } }, ok: false },
    { says: "an object that is none", value: { ...whole, steps: [null, step] }, ok: false },
    { says: "neither of two kinds", value: { ...whole, how: 3 }, ok: false },
  ];
  test.each(rows)("$says", ({ value, ok }) => {
    expect(fits(shape, value, whole)).toBe(ok);
    expect(fits(shape, value, undefined)).toBe(ok);
  });

  test("a text with a rule is held to it", () => {
    const code = shapeOf(z.object({ code: z.string().min(3), at: z.email() }));
    const before = { code: "abc", at: "a@b.cd" };
    expect(fits(code, { code: "abcd", at: "b@b.cd" }, before)).toBe(true);
    expect(fits(code, { code: "a", at: "a@b.cd" }, before)).toBe(false);
    expect(fits(code, { code: "abc", at: "nowhere" }, before)).toBe(false);
  });

  test("what is the very same value as before is not looked at again", () => {
    const odd = { ...step, at: "never" };
    const before = { ...whole, steps: [step, odd] };
    expect(fits(shape, { ...before, n: 2 }, before)).toBe(true);
    expect(fits(shape, { ...before, steps: [{ ...step }, odd] }, before)).toBe(true);
    expect(fits(shape, { ...before, steps: [odd, step] }, before)).toBe(true);
    expect(fits(shape, { ...before, steps: [step, { ...odd }] }, before)).toBe(true);
    expect(fits(shape, { ...before, steps: [step, { ...odd, at: "later" }] }, before)).toBe(false);
  });
});

describe("a stored request is read as its schema reads it", () => {
  const requestShape = shapeOf(Request);
  const read = (raw: Readonly<Record<string, unknown>>) => {
    try {
      return recordFrom(raw, migrations);
    } catch {
      return undefined;
    }
  };
  const stored = (request: unknown) => JSON.parse(JSON.stringify(request)) as Record<string, unknown>;
  const objectsIn = (value: unknown): Record<string, unknown>[] =>
    typeof value === "object" && value !== null
      ? [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)]
      : [];
  const odd = [null, true, 0, -1, 1.5, 2 ** 60, "", "pending", [], {}, { kind: "typed", user: "root" }, ["x"]];

  test("every field of it is known without the schema", () => {
    const property = fc.property(anyOf(Request), (request) => {
      expect(fitsExactly(requestShape, stored(request))).toBe(true);
    });
    fc.assert(property, { numRuns: 30 });
  });

  test("whatever becomes of one of its fields", () => {
    const harm = fc.record({ at: fc.nat(), field: fc.nat(), to: fc.constantFrom(...odd, undefined) });
    const harms = fc.array(harm, { minLength: 20, maxLength: 20 });
    const property = fc.property(anyOf(Request), harms, (request, each) => {
      for (const { at, field, to } of each) {
        const raw = stored(request);
        const places = objectsIn(raw);
        const place = places[at % places.length] ?? {};
        const names = [...Object.keys(place), Array.isArray(place) ? String(place.length) : "more"];
        const name = names[field % names.length] ?? "";
        if (to === undefined && !Array.isArray(place)) delete place[name];
        else place[name] = to;
        const { data } = Request.safeParse(raw);
        expect(fits(requestShape, raw, undefined)).toBe(data !== undefined);
        expect(read(raw)).toEqual(data);
      }
    });
    fc.assert(property, { numRuns: 30 });
  });

  const rows: readonly { says: string; schema: z.ZodType; value: unknown }[] = [
    { says: "a field that it does not name", schema: z.object({ a: z.string() }), value: { a: "", b: "" } },
    { says: "a field deep within", schema: z.array(z.object({})).min(1), value: [{}, { b: 1 }] },
    { says: "a field of neither kind", schema: Request, value: { v: 1, status: "pending" } },
    { says: "too few", schema: z.array(z.string()).min(2), value: ["a"] },
    { says: "no whole number", schema: z.number().int(), value: 1.5 },
    { says: "nothing where one is the least", schema: z.number().int().positive(), value: 0 },
    { says: "a map where texts are due", schema: z.record(z.string(), z.string()), value: new Map([["a", "b"]]) },
    { says: "a text with a rule", schema: z.string().min(1), value: "a" },
    { says: "a number that must be above another", schema: z.number().positive(), value: 1 },
    { says: "a list that may be no longer", schema: z.array(z.string()).max(1), value: [] },
    { says: "an object that names every field", schema: z.strictObject({ a: z.string() }), value: { a: "" } },
  ];
  test.each(rows)("$says: not said to fit exactly, and otherwise as the schema says", ({ schema, value }) => {
    expect(fitsExactly(shapeOf(schema), value)).toBe(false);
    expect(fits(shapeOf(schema), value, undefined)).toBe(schema.safeParse(value).success);
  });

  test("what stood before as one of two kinds vouches for nothing in the other", () => {
    const one = z.object({ kind: z.literal("one"), a: z.string().min(3) });
    const other = z.object({ kind: z.literal("other"), a: z.string() });
    const either = shapeOf(z.discriminatedUnion("kind", [one, other]));
    expect(fits(either, { kind: "one", a: "b" }, { kind: "other", a: "b" })).toBe(false);
  });

  test("one of several kinds is told by the field that names it, and looked at as that one alone", () => {
    const one = z.object({ a: z.string(), kind: z.enum(["one", "first"]) });
    const other = z.object({ a: z.number(), kind: z.literal("other") });
    const either = z.discriminatedUnion("kind", [one, other]);
    const values = [
      ...[
        { kind: "one", a: "" },
        { kind: "first", a: "" },
        { kind: "other", a: 1 },
        { kind: "other", a: "" },
      ],
      ...[{ kind: "third", a: "" }, { kind: "constructor", a: "" }, { a: "" }, {}, [], null, "one"],
    ];
    for (const value of values) {
      const isOne = either.safeParse(value).success;
      expect(fits(shapeOf(either), value, undefined), JSON.stringify(value)).toBe(isOne);
      expect(fitsExactly(shapeOf(either), value), JSON.stringify(value)).toBe(isOne);
    }
    expect(fitsExactly(shapeOf(either), { kind: "other", a: 1, b: 2 })).toBe(false);
  });
});
