import { describe, expect, test } from "vitest";
import { z } from "zod";
import { misfits, shapeOf } from "../src/store-shape.ts";

const Step = z.object({ id: z.string(), at: z.number().int().optional(), facts: z.record(z.string(), z.string()) });
const Attempt = z.object({ n: z.number(), steps: z.array(Step).min(1), how: z.union([z.string(), z.boolean()]) });
const shape = shapeOf(Attempt);

const step = { id: "stop", at: 1, facts: { a: "b" } };
const whole = { n: 1, steps: [step, step], how: true };

describe("what is new in a record is checked", () => {
  const rows: readonly { says: string; value: unknown; wrong: readonly string[] }[] = [
    { says: "a record that is as it was", value: whole, wrong: [] },
    { says: "one more in a list", value: { ...whole, steps: [...whole.steps, { ...step, at: 2 }] }, wrong: [] },
    { says: "an optional field left out", value: { ...whole, steps: [{ id: "stop", facts: {} }] }, wrong: [] },
    { says: "a field of the wrong kind", value: { ...whole, n: "1" }, wrong: ["n"] },
    { says: "a field left out", value: { steps: whole.steps, how: true }, wrong: ["n"] },
    { says: "a field deep within", value: { ...whole, steps: [step, { ...step, at: 1.5 }] }, wrong: ["steps.1.at"] },
    {
      says: "a fact that is no text",
      value: { ...whole, steps: [{ ...step, facts: { a: 1 } }] },
      wrong: ["steps.0.facts.a"],
    },
    {
      says: "a new one in a list",
      value: { ...whole, steps: [step, step, {}] },
      wrong: ["steps.2.id", "steps.2.facts"],
    },
    { says: "a list that became too short", value: { ...whole, steps: [] }, wrong: ["steps"] },
    { says: "a list that is none", value: { ...whole, steps: { 0: step } }, wrong: ["steps"] },
    { says: "an object that is none", value: { ...whole, steps: [null, step] }, wrong: ["steps.0"] },
    { says: "neither of two kinds", value: { ...whole, how: 3 }, wrong: ["how"] },
  ];
  test.each(rows)("$says", ({ value, wrong }) => {
    expect(misfits(shape, value, whole)).toEqual(wrong);
    expect(misfits(shape, value, undefined)).toEqual(wrong);
  });

  test("what is the very same value as before is not looked at again", () => {
    const odd = { ...step, at: "never" };
    const before = { ...whole, steps: [step, odd] };
    expect(misfits(shape, { ...before, n: 2 }, before)).toEqual([]);
    expect(misfits(shape, { ...before, steps: [{ ...step }, odd] }, before)).toEqual([]);
    expect(misfits(shape, { ...before, steps: [step, { ...odd }] }, before)).toEqual([]);
    expect(misfits(shape, { ...before, steps: [step, { ...odd, at: "later" }] }, before)).toEqual(["steps.1.at"]);
  });
});
