import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import { realDisk } from "../src/disk.ts";
import { Locked } from "../src/seams.ts";
import { openStore } from "../src/store.ts";
import { listing, pending, putOne, setClock } from "./setup/storekit.ts";

const made: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "reinstall-disk-"));
  made.push(path);
  return path;
}
afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

/** A program for a process of its own. */
async function built(contents: string): Promise<string> {
  const outfile = join(await folder(), "program.mjs");
  await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    ...{ bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" },
  });
  return outfile;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const die = (why: string): never => {
  throw new Error(why);
};

describe("the disk", () => {
  it("appends, syncs, replaces, reads whole and in parts, lists and removes", async () => {
    const disk = await realDisk(await folder());
    expect(await disk.read("log")).toBeNull();
    expect(await disk.readPart("log", 0, 10)).toBeNull();
    await disk.append("log", bytes("one "));
    await disk.append("log", bytes("two"));
    await disk.sync("log");
    expect(Buffer.from((await disk.read("log")) ?? []).toString()).toBe("one two");
    await disk.replace("log", bytes("three"));
    await disk.append("log", bytes(" four"));
    expect(Buffer.from((await disk.read("log")) ?? []).toString()).toBe("three four");
    const part = await disk.readPart("log", 6, 100);
    expect([Buffer.from(part?.bytes ?? []).toString(), part?.size]).toEqual(["four", 10]);
    expect(await disk.list()).toEqual(["log"]);
    await disk.remove("log");
    await disk.remove("log");
    expect(await disk.list()).toEqual([]);
  });

  it("makes a directory for its owner alone, and files too", async () => {
    const path = join(await folder(), "deep", "data");
    const disk = await realDisk(path);
    const unlock = await disk.lock();
    await disk.append("appended", bytes("x"));
    await disk.replace("replaced", bytes("x"));
    await unlock();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    for (const name of ["appended", "replaced"]) expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
  });

  it("removes what a replace that never ended left behind, for it may hold a sealed password", async () => {
    const path = await folder();
    await writeFile(join(path, ".snapshot-2.tmp"), "half");
    const unlock = await (await realDisk(path)).lock();
    expect((await readdir(path)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await unlock();
  });
});

describe("the lock", () => {
  it("is one for a directory, whatever the path to it, and is given back", async () => {
    const path = await folder();
    const other = join(await folder(), "link");
    await symlink(path, other);
    const unlock = await (await realDisk(path)).lock();
    const second = await realDisk(other);
    await expect(second.lock()).rejects.toThrow(Locked);
    await expect(second.lock()).rejects.toThrow(/already works in .*Stop it first, or give this one a data directory/);
    await unlock();
    await (await second.lock())();
  });

  it("is dropped with a process that is killed", async () => {
    const path = await folder();
    const script = await built(`import { realDisk } from "./src/disk.ts";
      await (await realDisk(process.argv[2])).lock();
      process.stdout.write("locked");
      process.stdin.resume();`);
    const child = spawn(process.execPath, [script, path], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const disk = await realDisk(path);
    await expect(disk.lock()).rejects.toThrow(Locked);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await (await disk.lock())();
  });
});

describe("a store on the real disk", () => {
  it("is there after closing and opening again, with files for the owner alone", async () => {
    const path = await folder();
    const options = async () => ({ disk: await realDisk(path), clock: setClock(), log: listing([]), die });
    const store = await openStore({ ...(await options()), logMaxBytes: 5_000 });
    for (let n = 0; n < 20; n += 1) await putOne(store, pending(`r${n}`));
    await expect(openStore(await options())).rejects.toThrow(Locked);
    await store.close();
    for (const name of await readdir(path)) expect((await stat(join(path, name))).mode & 0o077, name).toBe(0);
    const again = await openStore(await options());
    expect(again.hot()).toHaveLength(20);
    await again.close();
  });

  it("in a directory that may not be written says so in plain words", async () => {
    const path = join(await folder(), "data");
    await mkdir(path);
    const script = await built(`import { realDisk } from "./src/disk.ts";
      import { openStore } from "./src/store.ts";
      const clock = { now: () => 0, mono: () => 0, after: () => new Promise(() => {}) };
      const log = { info() {}, warn() {}, error() {} };
      const die = (why) => { throw new Error(why); };
      const disk = await realDisk(process.argv[2]);
      await openStore({ disk, clock, log, die }).catch((error) => process.stdout.write(error.message));`);
    for (const each of made) await chmod(each, 0o755);
    await chmod(path, 0o555);
    // Root may write anywhere, so the child is somebody else.
    const who = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "inherit"], ...who });
    const says: string[] = [];
    child.stdout.on("data", (chunk) => says.push(String(chunk)));
    await new Promise((resolve) => child.once("close", resolve));
    expect(says.join("")).toMatch(
      /^The store could not be opened: this user may not use the data directory.*\(EACCES\)/,
    );
  });

  it("that reaches the limit of a file's size ends in plain words, and is whole without it", async () => {
    const path = await folder();
    const script = await built(`import { realDisk } from "./src/disk.ts";
      import { openStore } from "./src/store.ts";
      import { listing, pending, putOne, setClock } from "./test/setup/storekit.ts";
      const die = (why) => { process.stdout.write("died: " + why); process.exit(); };
      const store = await openStore({ disk: await realDisk(process.argv[2]), clock: setClock(), log: listing([]), die });
      for (let n = 0; n < 200; n += 1) { await putOne(store, pending("r" + n)); process.stdout.write("r" + n + "\\n"); }`);
    const child = spawn("/bin/sh", ["-c", `ulimit -f 64; exec "$0" "$@"`, process.execPath, script, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const says: string[] = [];
    child.stdout.on("data", (chunk) => says.push(String(chunk)));
    await new Promise((resolve) => child.once("close", resolve));
    const [last = "", ...told] = says.join("").split("\n").reverse();
    expect(last).toMatch(/^died: The store could not save a change: a file would grow larger .* \(EFBIG\)\./);
    expect(told.length).toBeGreaterThan(2);
    const options = { disk: await realDisk(path), clock: setClock(), log: listing([]), die };
    const again = await openStore(options);
    expect(again.hot().map(({ id }) => id)).toEqual(expect.arrayContaining(told));
    await again.close();
  });
});
