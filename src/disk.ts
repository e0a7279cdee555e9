/** The only place that touches the file system: the data directory below the store. */
import { constants, writeSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lockDirectory } from "./disk-lock.ts";
import type { Disk } from "./seams.ts";

const fileMode = 0o600;
const directoryMode = 0o700;

export interface RealDisk extends Disk {
  readPart(name: string, from: number, length: number): Promise<{ bytes: Uint8Array; size: number } | null>;
}

/** Makes the directory (mode 0700) when there is none; one that exists keeps the mode its owner gave it. */
export async function realDisk(directory: string): Promise<RealDisk> {
  await makeDirectory(directory);
  return diskIn(directory);
}

/** The same where there is a directory, else null: nothing is made. */
export async function diskIfThere(directory: string): Promise<RealDisk | null> {
  return (await isDirectory(directory)) ? diskIn(directory) : null;
}

function diskIn(directory: string): RealDisk {
  const appended = new Map<string, { file: FileHandle; named: boolean }>();
  return {
    read: (name) => readWhole(join(directory, name)),
    readPart: (name, from, length) => readPart(join(directory, name), from, length),
    append: async (name, bytes) => {
      const opened = appended.get(name) ?? (await openToAppend(directory, name));
      appended.set(name, opened);
      appendAll(opened.file, bytes);
    },
    sync: async (name) => {
      const opened = appended.get(name) ?? (await openToAppend(directory, name));
      appended.set(name, opened);
      await opened.file.datasync();
      if (!opened.named) await syncDirectory(directory);
      opened.named = true;
    },
    replace: async (name, bytes) => {
      await forget(appended, name);
      await replace(directory, name, bytes);
    },
    list: async () => (await readdir(directory)).filter((name) => !name.startsWith(".")).sort(),
    remove: async (name) => {
      await forget(appended, name);
      await rm(join(directory, name), { force: true });
      await syncDirectory(directory);
    },
    lock: async () => {
      const unlock = await lockDirectory(directory);
      await removeLeftovers(directory);
      return async () => {
        for (const name of [...appended.keys()]) await forget(appended, name);
        await unlock();
      };
    },
  };
}

/** With those above it. Node's own `recursive` never ends where a name can never be made, as in /proc. */
async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  try {
    await mkdir(path, directoryMode);
  } catch (error) {
    // Somebody else may have made it just now.
    if (!(await isDirectory(path))) throw error;
  }
}

/** False when nothing is there; throws when it is something else. */
async function isDirectory(path: string): Promise<boolean> {
  const found = await orNull(stat(path));
  if (found === null || found.isDirectory()) return found !== null;
  throw Object.assign(new Error(`${path} is not a directory`), { code: "ENOTDIR" });
}

/** `named`: whether the directory is known to hold the name durably. A file that was there before may be too young for that, so never at first. */
async function openToAppend(directory: string, name: string): Promise<{ file: FileHandle; named: boolean }> {
  return { file: await open(join(directory, name), "a", fileMode), named: false };
}

/** At once, without a way over the thread pool: the system only keeps it in memory, and it is `sync` that waits for the disk. */
function appendAll(file: FileHandle, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    const count = writeSync(file.fd, bytes, written, bytes.length - written);
    if (count === 0) throw noRoom();
    written += count;
  }
}

function noRoom(): Error {
  return Object.assign(new Error("the disk took no more bytes"), { code: "ENOSPC" });
}

/** A full disk may take part of the bytes without an error, so what was written is counted. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    if (bytesWritten === 0) throw noRoom();
    written += bytesWritten;
  }
}

async function replace(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(directory, `.${name}.tmp`);
  const file = await open(temporary, "w", fileMode);
  try {
    await writeAll(file, bytes);
    await file.sync();
    const { size } = await file.stat();
    if (size !== bytes.length) throw Object.assign(new Error("the disk kept fewer bytes"), { code: "ENOSPC" });
  } finally {
    await file.close();
  }
  await rename(temporary, join(directory, name));
  await syncDirectory(directory);
}

/** A new name is durable only when the directory that holds it is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readWhole(path: string): Promise<Uint8Array | null> {
  const file = await orNull(openToRead(path));
  if (file === null) return null;
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** A pipe or a device under the name of a file would be waited for, or read, for ever. */
async function openToRead(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw Object.assign(new Error(`${path} is not a file`), { code: "EISDIR", path });
}

async function readPart(path: string, from: number, length: number) {
  const file = await orNull(openToRead(path));
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - from)));
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { bytes: bytes.subarray(0, read), size };
  } finally {
    await file.close();
  }
}

async function forget(appended: Map<string, { file: FileHandle }>, name: string): Promise<void> {
  const opened = appended.get(name);
  appended.delete(name);
  await opened?.file.close();
}

/** What a replace that never ended left behind; it may hold a password's sealed box. */
async function removeLeftovers(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(".") && name.endsWith(".tmp"));
  for (const name of names) await unlink(join(directory, name));
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
