import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, kept, keptPath, wrapping } from "../scripts/compiled.mjs";

const root = resolve(import.meta.dirname, "..");

describe("the bot's bundle", () => {
  test("leaves out what Bolt's own HTTP receivers and OAuth need, since all of it is read at each start", () => {
    const text = readFileSync(join(root, "dist/bot.cjs"), "utf8");
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

describe("a start takes what was compiled when the bundle was built", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
    copyFileSync(join(root, "dist/main.js"), join(folder, "main.js"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The bundle that prints this word, and what is kept of the one that prints another. */
  function started(word: string, keptOf: string | null): string {
    const filename = join(folder, "bot.cjs");
    const printing = (text: string) =>
      Buffer.from(`${wrapping.before} function say() { console.log("${text}"); } say(); ${wrapping.after}`);
    writeFileSync(filename, printing(word));
    rmSync(keptPath(filename), { force: true });
    if (keptOf !== null) writeFileSync(keptPath(filename), kept(printing(keptOf), filename));
    return spawnSync(process.execPath, [join(folder, "main.js")], { encoding: "utf8" }).stdout.trim();
  }

  test("and this Node takes what the build has kept", () => {
    expect(compile(join(root, "dist/bot.cjs")).asKept).toBe(true);
  });

  test.each([
    { when: "it is of this very source", keptOf: "old" },
    { when: "there is nothing", keptOf: null },
    { when: "it is of another source of the same length", keptOf: "new" },
  ])("what runs is what the bundle says: $when", ({ keptOf }) => {
    expect(started("old", keptOf)).toBe("old");
  });

  test.each<{ damage: string; left: (whole: Buffer) => Buffer }>([
    { damage: "it is cut short", left: (whole) => whole.subarray(0, 40) },
    { damage: "half of it was never written", left: (whole) => Buffer.from(whole).fill(0, whole.length / 2) },
    { damage: "it is empty", left: () => Buffer.alloc(0) },
  ])("what was damaged on the disk is compiled anew: $damage", ({ left }) => {
    expect(started("old", "old")).toBe("old");
    const path = keptPath(join(folder, "bot.cjs"));
    writeFileSync(path, left(readFileSync(path)));
    expect(spawnSync(process.execPath, [join(folder, "main.js")], { encoding: "utf8" }).stdout.trim()).toBe("old");
    expect(compile(join(folder, "bot.cjs")).asKept).toBe(false);
  });
});
