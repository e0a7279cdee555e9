import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

describe("the bot's bundle", () => {
  test("leaves out what Bolt's own HTTP receivers and OAuth need, since all of it is read at each start", () => {
    const text = readFileSync(join(root, "dist/main.js"), "utf8");
    for (const part of ["express/lib/application.js", "jsonwebtoken/sign.js", "iconv-lite/lib/index.js"])
      expect(text).not.toContain(part);
    expect(text, "the names of modules can still be found").toContain("@slack/bolt/dist/App.js");
  });

  test("fails with the reason where something left out is used all the same", () => {
    const absent: Record<string, unknown> = createRequire(import.meta.url)(join(root, "scripts/absent.cjs"));
    expect(absent["__esModule"]).toBeUndefined();
    expect(() => absent["InstallProvider"]).toThrow(
      '"InstallProvider" is of a package that is left out of this bundle',
    );
  });
});
