import { describe, expect, test } from "vitest";
import { expectedFor, kindOf, outlasts } from "../src/durations.ts";
import { type Finished, finished, minute } from "./setup/finished.ts";
import { pending, withdrawn } from "./setup/storekit.ts";

const asked = finished(9999);

/** Finished runs that took so many minutes each. */
function runs(...minutes: readonly number[]) {
  return minutes.map((took, n) => finished(n, { tookMs: took * minute }));
}

describe("the expected time", () => {
  test.each([
    { took: [], says: "nothing of no runs", is: null },
    { took: [6], says: "that run of one", is: { runs: 1, medianMs: 6 * minute, mostMs: 6 * minute } },
    {
      took: [4, 8],
      says: "the shorter of two as the middle one",
      is: { runs: 2, medianMs: 4 * minute, mostMs: 8 * minute },
    },
    {
      took: [9, 5, 6],
      says: "the middle one of three, in whatever order",
      is: { runs: 3, medianMs: 6 * minute, mostMs: 9 * minute },
    },
  ])("is $says", ({ took, is }) => {
    expect(expectedFor(runs(...took), asked)).toEqual(is);
  });

  test("has as its most the time that 95 of 100 kept, not the one that ran away", () => {
    const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
    expect(expectedFor(runs(...hundred), asked)).toEqual({ runs: 100, medianMs: 50 * minute, mostMs: 95 * minute });
  });

  test.each<{ says: string; other: Finished }>([
    { says: "another region", other: { region: "ap-shanghai" } },
    { says: "another system", other: { os: { family: "linux", name: "CentOS 7.9" } } },
    { says: "Windows", other: { os: { family: "windows", name: "Windows Server 2022" } } },
    { says: "a run whose end is a person's word", other: { proof: "person" } },
    { says: "a run during which the clock was set back", other: { tookMs: -5 * minute } },
  ])("leaves out $says", ({ other }) => {
    expect(expectedFor([finished(1, other)], asked)).toBe(null);
  });

  test("counts another release and a private image of the same system as alike", () => {
    const alike = [
      finished(1, { os: { family: "linux", name: "Ubuntu Server 24.04 LTS 64bit" } }),
      finished(2, { os: { family: "linux", name: "ubuntu" }, imageName: "golden-2026-11" }),
    ];
    expect(expectedFor(alike, asked)?.runs).toBe(2);
  });

  test("leaves out the request itself, and those that were not done", () => {
    expect(expectedFor([asked, withdrawn(pending("r0000000001"))], asked)).toBe(null);
  });
});

test.each([
  { os: { family: "linux", name: "CentOS 7.9 64bit" }, key: "tencent/main/ap-guangzhou/centos" },
  { os: { family: "windows", name: "Windows Server 2022 Datacenter" }, key: "tencent/main/ap-guangzhou/windows" },
  { os: { family: "linux", name: "" }, key: "tencent/main/ap-guangzhou/linux" },
] as const)("runs are alike under a key that is data: $key", ({ os, key }) => {
  expect(kindOf(finished(1, { os }))).toBe(key);
});

describe("a reinstall outlasts the earlier ones", () => {
  const expected = { runs: 9, medianMs: 6 * minute, mostMs: 11 * minute };
  test.each([
    { says: "not within their most", took: 11, of: expected, is: false },
    { says: "not within a minute more, which a look may take", took: 12, of: expected, is: false },
    { says: "past that", took: 12.1, of: expected, is: true },
    { says: "not where only two are known: they say too little", took: 60, of: { ...expected, runs: 2 }, is: false },
    { says: "not where none are known", took: 60, of: undefined, is: false },
  ])("$says", ({ took, of, is }) => {
    expect(outlasts(took * minute, of)).toBe(is);
  });
});
