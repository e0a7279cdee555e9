import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataDirectory } from "../src/data-directory.ts";
import { realDisk } from "../src/disk.ts";
import { realRandom } from "../src/real.ts";
import { openStore } from "../src/store.ts";
import { storeByHand } from "../src/store-by-hand.ts";
import { listing, pending, putOne, setClock } from "./setup/storekit.ts";

const folder = mkdtempSync(join(tmpdir(), "by-hand-"));
const used = join(folder, "used");
const clock = setClock();
const die = (why: string): never => {
  throw new Error(why);
};

beforeAll(async () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("nowhere", join(folder, "dangling"));
  const store = await openStore({ disk: await realDisk(used), clock, log: listing([]), die });
  await putOne(store, pending("ra"));
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(data: string, ...args: readonly string[]) {
  const said: string[] = [];
  const wrong: string[] = [];
  const tools = {
    ...{ clock, random: realRandom },
    out: (line: string) => void said.push(line),
    wrong: (line: string) => void wrong.push(line),
  };
  const code = await storeByHand(args, { REINSTALL_DATA: data }, tools);
  return { code, said: said.join("\n"), wrong: wrong.join("\n") };
}

const verbs = ["check", "repair", "show", "rewrap"] as const;

describe("npm run store", () => {
  test("reads the directory that REINSTALL_DATA names", async () => {
    expect((await run(used, "check")).said).toMatch(/The store is whole\.$/);
    expect(await run(used, "show")).toMatchObject({ code: 0, said: expect.stringContaining("ra  pending") });
  });

  test.each(verbs)("%s in a directory that is not there makes none and says so", async (verb) => {
    const mistyped = join(folder, "usde");
    expect(await run(mistyped, verb)).toEqual({
      code: 1,
      said: "",
      wrong: `There is no directory ${mistyped}, and none was made. Name the right one in REINSTALL_DATA.`,
    });
    expect(readdirSync(folder)).not.toContain("usde");
  });

  test.each([
    { args: ["check"], code: 0 },
    { args: ["repair"], code: 0 },
    { args: ["show"], code: 0 },
    { args: ["show", "ra"], code: 1 },
    { args: ["rewrap"], code: 1 },
  ])(
    "$args in a directory of somebody else's leaves everything there, and says that there is no store",
    async (given) => {
      const other = join(folder, "other");
      mkdirSync(other, { recursive: true });
      writeFileSync(join(other, ".mine.tmp"), "");
      expect(await run(other, ...given.args)).toEqual({
        code: given.code,
        said: `There is no store in ${other}: the bot has not worked there yet. REINSTALL_DATA names the directory.`,
        wrong: "",
      });
      expect(readdirSync(other)).toEqual([".mine.tmp"]);
    },
  );

  test("says what it can do before it looks at any directory", async () => {
    for (const args of [[], ["fix"], ["check", "foo"]]) {
      const { code, said } = await run(join(folder, "usde"), ...args);
      expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/-- check.*\n.*-- repair/) });
    }
  });
});

describe("what stands where a file of the store should be", () => {
  const places = { snapshot: "snapshot-1", log: "log-1", audit: "audit-2026-11.jsonl", lock: ".lock" };
  const things: readonly { is: string; put: (path: string) => void }[] = [
    { is: "a directory", put: (path) => mkdirSync(path) },
    { is: "a pipe", put: (path) => execFileSync("mkfifo", [path]) },
    { is: "a link to a device", put: (path) => symlinkSync("/dev/zero", path) },
  ];
  const table = things.flatMap(({ is, put }) => Object.entries(places).map(([of, name]) => ({ is, put, of, name })));
  const told = table.filter(({ is, of }) => of !== "lock" || is === "a directory");

  test.each(told)("$is in place of the $of is named, and not waited for", async ({ is, name, put, of }) => {
    const copy = join(folder, `${is} for ${of}`);
    cpSync(used, copy, { recursive: true });
    rmSync(join(copy, name), { force: true });
    put(join(copy, name));
    const { code, said } = await run(copy, "check");
    expect(code).toBe(1);
    expect(said).toMatch(/something else stands where one of its files should be.* \(EISDIR\) at /);
    expect(said).toContain(`at ${join(copy, name)}.`);
  });
});

const nowhere: readonly { is: string; path: string; says: RegExp }[] = [
  { is: "a file", path: "file", says: /the data directory is not a directory, or lies below a file\..*\(ENOTDIR\)/ },
  { is: "below a file", path: "file/data", says: /is not a directory, or lies below a file\..*\(ENOTDIR\)/ },
  { is: "a link to itself", path: "loop", says: /a link that leads back to itself\..*\(ELOOP\)/ },
  { is: "a name of 300 letters", path: "a".repeat(300), says: /is too long\..*\(ENAMETOOLONG\)/ },
];

describe("a REINSTALL_DATA that cannot be a directory is told with its path and what to do", () => {
  const opened = (path: string) => `The store could not be opened in ${join(folder, path)}: `;

  test.each(nowhere)("$is: to whoever starts the bot", async ({ path, says }) => {
    const opening = dataDirectory(join(folder, path));
    await expect(opening).rejects.toThrow(opened(path));
    await expect(opening).rejects.toThrow(says);
    await expect(opening).rejects.toThrow("REINSTALL_DATA");
  });

  test.each(nowhere)("$is: to whoever looks into the store", async ({ path, says }) => {
    for (const verb of verbs) {
      const { code, wrong } = await run(join(folder, path), verb);
      expect(code).toBe(1);
      expect(wrong).toContain(opened(path));
      expect(wrong).toMatch(says);
    }
  });

  test.each([
    {
      is: "below a link that leads nowhere",
      path: () => join(folder, "dangling/data"),
      says: /leads nowhere.*\(EEXIST\)/,
    },
    { is: "where the kernel lets nobody make one", path: () => "/proc/nothing", says: /is not there.*\(ENOENT\)/ },
  ])("$is: told to whoever starts the bot, and not tried for ever", async ({ path, says }) => {
    await expect(dataDirectory(path())).rejects.toThrow(says);
  });
});
