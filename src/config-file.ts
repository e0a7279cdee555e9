/** The only place that reads a file which somebody names: a device or a pipe would never end, and what is no configuration may be huge. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

/** `failed` is the system's word for why the file cannot be read, such as EACCES; or "no file" or "too large". */
export type FileRead = { text: string } | { failed: string };

/** A hundred accounts take about 40 KiB. The parser compares every key with every other, and with four times this takes a minute. */
export const configMaxBytes = 64 * 1024;

export function readConfigFile(path: string): FileRead {
  try {
    // Before it is opened, for to open a device may already do something.
    if (!isReadable(statSync(path))) return { failed: "no file" };
    // Should a pipe stand there by now, this does not wait for who writes into it.
    return readOpened(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (cause) {
    return { failed: cause instanceof Error && "code" in cause ? String(cause.code) : "unknown" };
  }
}

/** A directory fails by itself, and with a word of its own. */
function isReadable(found: { isFile(): boolean; isDirectory(): boolean }): boolean {
  return found.isFile() || found.isDirectory();
}

function readOpened(file: number): FileRead {
  try {
    if (!isReadable(fstatSync(file))) return { failed: "no file" };
    // Counted while it is read: what the kernel makes up (/proc) has no size beforehand.
    const bytes = Buffer.alloc(configMaxBytes + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count)
      count = readSync(file, bytes, length, bytes.length - length, null);
    return length > configMaxBytes ? { failed: "too large" } : { text: bytes.toString("utf8", 0, length) };
  } finally {
    closeSync(file);
  }
}
