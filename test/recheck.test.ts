import { describe, expect, test } from "vitest";
import { differences } from "../src/flows/recheck.ts";

describe("the server that was approved", () => {
  test.each([
    ["as it was", "Ubuntu 22.04", "Ubuntu 22.04"],
    ["whose stored name still has spaces round it", " Ubuntu 22.04 ", "Ubuntu 22.04"],
    ["whose stored name still has signs that nobody sees", "Ubuntu\u200b 22.04\r\n", "Ubuntu 22.04"],
    ["whose stored name is still longer than one is read", "a".repeat(300), `${"a".repeat(254)}…`],
  ])("%s is the same", (_says, before, now) => {
    expect(differences({ OS: before, image: "img-1" }, { OS: now, image: "img-1" })).toEqual([]);
  });

  test("with another disk, or without one, is another", () => {
    const before = { "system disk": "disk-1", image: "img-1" };
    expect(differences(before, { ...before, "system disk": "disk-2" })).toEqual([
      { field: "system disk", before: "disk-1", now: "disk-2" },
    ]);
    expect(differences(before, { image: "img-1" })).toEqual([{ field: "system disk", before: "disk-1", now: "" }]);
  });
});
