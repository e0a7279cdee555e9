import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fits, shapeOf } from "../src/store-shape.ts";

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
