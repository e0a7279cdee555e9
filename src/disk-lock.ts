/** The only place that sees to one process a data directory. Both locks are sockets, so the kernel drops them with the process, however it ends. */
import { stat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { Locked, type Unlock } from "./seams.ts";

/** The longest path a socket may have: sun_path is 108 bytes with its zero (https://man7.org/linux/man-pages/man7/unix.7.html). */
const socketPathMax = 107;

/**
 * First a name in the kernel's abstract namespace, made of the directory's device and inode, so that two paths to one directory
 * meet. That namespace ends at the container's wall, so a second socket lies in the directory itself: it is found from another
 * container on the same machine too.
 */
export async function lockDirectory(directory: string): Promise<Unlock> {
  const { dev, ino } = await stat(directory);
  const byInode = process.platform === "linux" ? await listen(`\0reinstall-bot-${dev}-${ino}`, directory) : null;
  try {
    const byPath = await lockPath(directory);
    return async () => {
      if (byPath !== null) await shut(byPath);
      if (byInode !== null) await shut(byInode);
    };
  } catch (error) {
    if (byInode !== null) await shut(byInode);
    throw error;
  }
}

async function lockPath(directory: string): Promise<Server | null> {
  const path = join(directory, ".lock");
  if (Buffer.byteLength(path) > socketPathMax) return null;
  if (await answers(path)) throw locked(directory);
  // What cannot be taken away (a directory, somebody else's) is told as it is, not as a second process.
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return listen(path, directory);
}

function listen(path: string, directory: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? locked(directory) : error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Whether a living process listens there; a socket file left by a dead one refuses. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function locked(directory: string): Locked {
  return new Locked(
    `Another process already works in ${directory}. Stop it first, or give this one a data directory of its own.`,
  );
}
