/** The only place that ties a process to the one that started it. */

/**
 * A module for `node --import`: when the pipe on stdin closes, also because whoever held the other end was killed, the process
 * ends as on SIGTERM. It keeps no process alive, and leaves the threads of one alone, for which Node reads it again.
 */
export const leash = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from "node:worker_threads";
  if (isMainThread) {
    process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).on("error", () => {}).resume().unref();
  }`,
)}`;
