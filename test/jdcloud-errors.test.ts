import { describe, expect, test } from "vitest";
import {
  classify,
  codeOf,
  defaultSentence,
  type JdAction,
  type JdClass,
  readingSentence,
} from "../src/clouds/jdcloud-errors.ts";

type Row = readonly [code: number, status: string, message: string, is: JdClass];

/** The whole list of https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance, and what no page lists but must be expected. */
const rebuild: readonly Row[] = [
  [400, "INVALID_ARGUMENT", "Invalid password", "refused"],
  [400, "FAILED_PRECONDITION", "Conflict with underlay task 'xx'", "look"],
  [400, "FAILED_PRECONDITION", "Invalid instance status 'xx'", "refused"],
  [400, "FAILED_PRECONDITION", "Please stop the instance first.", "refused"],
  [404, "NOT_FOUND", "System disk not found", "refused"],
  [404, "FAILED_PRECONDITION", "Invalid system disk mount state", "refused"],
  [400, "FAILED_PRECONDITION", "Image constraints. Only support cloud system disk", "refused"],
  [400, "FAILED_PRECONDITION", "Image constraints. Only support local system disk", "refused"],
  [400, "FAILED_PRECONDITION", "Image constraints. Doesn't support instanceType 'xx'", "refused"],
  [400, "FAILED_PRECONDITION", "The image is not consistent with the system disk encryption properties.", "refused"],
  [400, "FAILED_PRECONDITION", "instanceType is not supported when using xx.", "refused"],
  [400, "OUT_OF_RANGE", "NewSysDiskSizeGB out of range. Less than the image system disk capacity.", "refused"],
  [404, "NOT_FOUND", "Instance 'xx' not found.", "refused"],
  [404, "NOT_FOUND", "Keypair 'xx' not found", "refused"],
  [500, "INTERNAL", "Internal server error", "look"],
  [500, "UNKNOWN", "Unknown server error", "look"],
  [404, "NOT_FOUND", "Image 'xx' not found.", "refused"],
  [400, "FAILED_PRECONDITION", "Invalid instance status 'rebuilding'", "look"],
  [429, "RATE_LIMIT", "Request rate limit exceeded", "not-sent"],
  [403, "PERMISSION_DENIED", "no permission", "refused"],
  [401, "ACCESS_ERROR", "lack of header authorization[gw]", "refused"],
];

/** https://docs.jdcloud.com/cn/virtual-machines/api/stopinstance and startinstance; there the names stand without quotes. */
const power: readonly (readonly [JdAction, ...Row])[] = [
  ["stopInstance", 400, "FAILED_PRECONDITION", "Conflict with underlay task xx", "look"],
  ["stopInstance", 400, "FAILED_PRECONDITION", "Invalid instance status stopped", "already"],
  ["stopInstance", 400, "FAILED_PRECONDITION", "Invalid instance status 'stopping'", "already"],
  ["stopInstance", 400, "FAILED_PRECONDITION", "Invalid instance status error", "refused"],
  [
    ...(["stopInstance", 400, "FAILED_PRECONDITION"] as const),
    ...(["keepCharging or stopCharging does not applied to dedicated host", "refused"] as const),
  ],
  ["stopInstance", 400, "FAILED_PRECONDITION", "stopCharging only applied to cloud system disk", "refused"],
  ["stopInstance", 400, "FAILED_PRECONDITION", "stopCharging only applied to postpaid by duration", "refused"],
  ["stopInstance", 400, "FAILED_PRECONDITION", "order not found", "refused"],
  ["startInstance", 400, "FAILED_PRECONDITION", "Invalid instance status 'running'", "already"],
  ["startInstance", 400, "FAILED_PRECONDITION", "Invalid instance status starting", "already"],
  ["startInstance", 400, "FAILED_PRECONDITION", "Invalid instance status error", "refused"],
  ["startInstance", 400, "FAILED_PRECONDITION", "Invalid charge state", "refused"],
  ["startInstance", 404, "NOT_FOUND", "System disk not found", "refused"],
  ["startInstance", 404, "NOT_FOUND", "Invalid system disk mount state", "refused"],
  ["startInstance", 400, "FAILED_PRECONDITION", "Insufficient resource", "refused"],
  ["startInstance", 429, "QUOTA_EXCEEDED", "Quota exceeded", "refused"],
];

const all = [...rebuild.map((row) => ["rebuildInstance", ...row] as const), ...power];

describe("every error JD Cloud documents has a meaning and a sentence of its own", () => {
  test.each(all)("%s: %i %s “%s” means %s", (action, code, status, message, is) => {
    const error = { code, status, message };
    const meant = classify(error, action);
    expect(meant.is).toBe(is);
    expect(meant.says).not.toBe(defaultSentence(error));
    expect(meant.says).not.toContain("{0}");
    expect(meant.says).toMatch(/^[A-Z].*\.$/);
  });
});

describe("an error nobody documented is judged by its number", () => {
  test.each([
    [400, "NEW_WORD", "refused"],
    [409, "NEW_WORD", "refused"],
    [408, "NEW_WORD", "look"],
    [429, "NEW_WORD", "not-sent"],
    [502, "NEW_WORD", "look"],
    [500, "FAILED_PRECONDITION", "look"],
    [200, "NEW_WORD", "look"],
  ] as const)("%i %s is %s", (code, status, is) => {
    expect(classify({ code, status, message: "Please stop the instance first, perhaps" }, "rebuildInstance").is).toBe(
      is,
    );
  });

  test("and JD Cloud's own words are shown, cut to a length", () => {
    const says = defaultSentence({ code: 400, status: "NEW_WORD", message: "x".repeat(500) });
    expect(says.length).toBeLessThan(150);
    expect(defaultSentence({ code: 400, status: "", message: "" })).toBe("JD Cloud says no: “no reason given”.");
  });
});

test("the names that JD Cloud quotes are said, and kept out of the code", () => {
  const error = { code: 404, status: "NOT_FOUND", message: "Keypair 'oncall-2026' not found" };
  expect(classify(error, "rebuildInstance").says).toBe(
    "JD Cloud has no key pair oncall-2026 in this region (any more). Choose another.",
  );
  expect(codeOf(error)).toBe("404 NOT_FOUND: Keypair '…' not found");
});

test("while reading, nothing is said of orders", () => {
  expect(readingSentence({ code: 500, status: "INTERNAL", message: "Internal server error" })).toBe(
    "JD Cloud's service is not available just now; the same may be asked again in a moment.",
  );
  expect(readingSentence({ code: 403, status: "PERMISSION_DENIED", message: "" })).toContain(
    "An administrator can allow it",
  );
});
