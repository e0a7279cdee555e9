import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const here = import.meta.dirname;
const text = readFileSync(join(here, "../../docs/rules.md"), "utf8");

/** The lines of the tables: a rule, and the titles of its tests. */
const lines = [...text.matchAll(/^\| (?!Rule \|)(.+?) \| (.+) \|$/gm)].map(([, rule = "", tests = ""]) => ({
  rule,
  tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, title = ""]) => title),
}));

/** Every "describe > test" of these files, as it is written there; the rows of a table are its tests. */
function titles(): readonly string[] {
  const files = readdirSync(here).filter((name) => name.endsWith(".test.ts") && name !== "docs.test.ts");
  return files.flatMap((name) => titlesOf(readFileSync(join(here, name), "utf8")));
}

function titlesOf(code: string): readonly string[] {
  const tables = new Map(
    [...code.matchAll(/^const (\w+): readonly \w+\[\] = \[\n([\s\S]*?)^\];/gm)].map(([, name = "", rows = ""]) => [
      name,
      [...rows.matchAll(/\brule:\s*"([^"]+)"/g)].map(([, rule = ""]) => rule),
    ]),
  );
  return code.split(/^(?=describe\b)/m).flatMap((room) => {
    const title = /^describe(?:\.each\([^"]*\))?\("([^"]+)"/.exec(room)?.[1];
    if (title === undefined) return [];
    const tests = [...room.matchAll(/^ {2}test(?:\.each\(([\s\S]*?)\))?\(\s*"([^"]+)"/gm)];
    return tests.flatMap(([, each = "", name = ""]) => {
      const table = /^named\((\w+)\)$/.exec(each)?.[1];
      const names = table === undefined ? [name] : (tables.get(table) ?? []);
      return names.map((one) => `${title} > ${one}`);
    });
  });
}

describe("docs/rules.md", () => {
  const known = titles();

  test("has lines for all four documents", () => {
    expect(text.match(/^## \d\. /gm)).toHaveLength(4);
    expect(lines.length).toBeGreaterThan(70);
    expect(known.length).toBeGreaterThan(90);
    expect(new Set(known).size).toBe(known.length);
  });

  test("names a test in every line, and only tests that exist", () => {
    expect(lines.filter(({ tests }) => tests.length === 0).map(({ rule }) => rule)).toEqual([]);
    expect(lines.flatMap(({ tests }) => tests).filter((title) => !known.includes(title))).toEqual([]);
  });

  test("leaves out no test of a rule", () => {
    const named = new Set(lines.flatMap(({ tests }) => tests));
    expect(known.filter((title) => !named.has(title))).toEqual([]);
  });
});
