import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Report } from "../bench/report.ts";

const root = resolve(import.meta.dirname, "..");

test("the benchmark runs, and its last line is one object of the promised shape", { timeout: 180_000 }, () => {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "bench", "--", "--once"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  expect(Report.strict().safeParse(JSON.parse(last)).error).toBeUndefined();
});
