/** The only place that plays a disk in memory: what was not synced is lost with the power, and every call may be made to fail. */
import { type Disk, Locked } from "../../src/seams.ts";

export type Op = "read" | "readPart" | "append" | "sync" | "replace" | "list" | "remove" | "lock";
export interface Call {
  /** Counts from 1, over all calls of this opening. */
  n: number;
  op: Op;
  name: string;
}

/**
 * error: throws with this code, nothing done. short: an append leaves its first `bytes` and throws.
 * crash: the call never returns, nor does any later one, as when the process is gone; `after` says whether it took effect.
 */
export type Fault = { error: string } | { short: number; error: string } | { crash: "before" | "after" | "torn" };

export interface MemoryDisk extends Disk {
  readPart(name: string, from: number, length: number): Promise<{ bytes: Uint8Array; size: number } | null>;
  calls: readonly Call[];
  /** Asked before every call. */
  fault: (call: Call) => Fault | null;
  /** Resolves when a fault of kind crash came. */
  crashed: Promise<void>;
  /** The same files as the next process finds them, without the lock: all of them after a kill, after a power loss the synced ones. */
  reopen(how?: Reopening): MemoryDisk;
  /** For looking at and meddling with files behind the store's back. */
  names(): string[];
  peek(name: string): Buffer;
  poke(name: string, bytes: Uint8Array | null): void;
}

export interface Reopening {
  power: "kept" | "lost";
  /** How many of a file's unsynced bytes a power loss leaves; none without it. */
  keep?: (name: string, unsynced: number) => number;
  /** Bytes kept beyond the synced ones that read as zeros, as pages do that were never written. */
  zeros?: boolean;
}

interface File {
  bytes: Buffer;
  size: number;
  synced: number;
}
interface Volume {
  files: Map<string, File>;
  locked: boolean;
}

export function memoryDisk(): MemoryDisk {
  return opened({ files: new Map(), locked: false });
}

function opened(volume: Volume): MemoryDisk {
  const calls: Call[] = [];
  let gone = false;
  let tellCrash: () => void = () => {};
  const crashed = new Promise<void>((resolve) => {
    tellCrash = resolve;
  });

  /** Runs one call under the fault that is meant for it. `short` does part of an append. */
  async function run<T>(op: Op, name: string, work: () => T, short?: (bytes: number) => void): Promise<T> {
    await null;
    if (gone) return never();
    const call = { n: calls.length + 1, op, name };
    calls.push(call);
    const fault = disk.fault(call);
    if (fault === null) return work();
    if ("crash" in fault) {
      gone = true;
      if (fault.crash === "after") work();
      if (fault.crash === "torn") short?.(-1);
      tellCrash();
      return never();
    }
    if ("short" in fault) short?.(fault.short);
    throw Object.assign(new Error(`${op} ${name}: ${fault.error}`), { code: fault.error });
  }
  const disk: MemoryDisk = {
    calls,
    crashed,
    fault: () => null,
    read: (name) => run("read", name, () => content(volume, name)),
    readPart: (name, from, length) => run("readPart", name, () => part(volume, name, from, length)),
    append: (name, bytes) =>
      run(
        "append",
        name,
        () => append(volume, name, bytes),
        (count) => append(volume, name, bytes.subarray(0, count < 0 ? bytes.length >> 1 : count)),
      ),
    sync: (name) => run("sync", name, () => sync(volume, name)),
    replace: (name, bytes) => run("replace", name, () => put(volume, name, bytes)),
    list: () => run("list", "", () => [...volume.files.keys()].sort()),
    remove: (name) => run("remove", name, () => void volume.files.delete(name)),
    lock: () =>
      run("lock", "", () => {
        if (volume.locked) throw new Locked("Another process already works in this memory.");
        volume.locked = true;
        return async () => {
          if (!gone) volume.locked = false;
        };
      }),
    reopen(how = { power: "kept" }) {
      gone = true;
      return opened({ files: surviving(volume, how), locked: false });
    },
    names: () => [...volume.files.keys()].sort(),
    peek: (name) => Buffer.from(content(volume, name) ?? Buffer.alloc(0)),
    poke: (name, bytes) => (bytes === null ? void volume.files.delete(name) : put(volume, name, bytes)),
  };
  return disk;
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

function content(volume: Volume, name: string): Buffer | null {
  const file = volume.files.get(name);
  return file === undefined ? null : Buffer.from(file.bytes.subarray(0, file.size));
}

function part(volume: Volume, name: string, from: number, length: number) {
  const file = volume.files.get(name);
  if (file === undefined) return null;
  return { bytes: Buffer.from(file.bytes.subarray(from, Math.min(file.size, from + length))), size: file.size };
}

function append(volume: Volume, name: string, bytes: Uint8Array): void {
  const file = volume.files.get(name) ?? { bytes: Buffer.alloc(1024), size: 0, synced: 0 };
  volume.files.set(name, file);
  const size = file.size + bytes.length;
  if (size > file.bytes.length) file.bytes = Buffer.concat([file.bytes], Math.max(size, 2 * file.bytes.length));
  file.bytes.set(bytes, file.size);
  file.size = size;
}

function sync(volume: Volume, name: string): void {
  const file = volume.files.get(name) ?? { bytes: Buffer.alloc(0), size: 0, synced: 0 };
  volume.files.set(name, file);
  file.synced = file.size;
}

function put(volume: Volume, name: string, bytes: Uint8Array): void {
  volume.files.set(name, { bytes: Buffer.from(bytes), size: bytes.length, synced: bytes.length });
}

function surviving(volume: Volume, how: Reopening): Map<string, File> {
  const files = new Map<string, File>();
  for (const [name, file] of volume.files) {
    const unsynced = file.size - file.synced;
    const kept = how.power === "kept" ? unsynced : Math.min(unsynced, how.keep?.(name, unsynced) ?? 0);
    const size = file.synced + kept;
    // After a kill the bytes are only in the page cache still: they count as unsynced for the next power loss.
    const synced = how.power === "kept" ? file.synced : size;
    if (size === 0 && how.power === "lost") continue;
    const bytes = Buffer.from(file.bytes.subarray(0, size));
    if (how.zeros === true) bytes.fill(0, file.synced + (kept >> 1));
    files.set(name, { bytes, size, synced });
  }
  return files;
}
