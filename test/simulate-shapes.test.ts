import { expect, test } from "vitest";
import { unlike } from "../simulate/job.ts";
import { allShapes } from "../simulate/shapes.ts";

const shape = allShapes().find(({ plan }) => plan.once?.includes("order refused") && plan.timed.length === 0);
if (shape === undefined) throw new Error("no shape has a refused order");
const refused = { ...shape, ends: ["abandoned"] as const };
const struck = new Map([["order refused", 1]] as const);

test("a shape that ends as it says, after what it is about, is as it says", () => {
  expect(unlike(refused, { ended: ["abandoned"], counts: struck })).toEqual([]);
});

test("a shape that ends otherwise is not", () => {
  const says = ["it is to end as abandoned, and ended as done"];
  expect(unlike(refused, { ended: ["done"], counts: struck })).toEqual(says);
});

test.each([
  { plan: refused.plan, never: "order refused" },
  {
    plan: { ...refused.plan, once: [], timed: [{ kind: "stall", since: "order", afterMs: 0, forMs: 1 }] as const },
    never: "stall",
  },
])("a shape in which “$never” never struck is not what its name says", ({ plan, never }) => {
  expect(unlike({ ...refused, plan }, { ended: ["abandoned"], counts: new Map() })).toEqual([
    `“${never}” never struck`,
  ]);
});
