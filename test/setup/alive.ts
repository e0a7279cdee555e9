/** The only place that looks at processes from outside, as Linux tells of them. */
import { existsSync, readFileSync } from "node:fs";

export const linuxTells = existsSync("/proc/self/task");

/** Processes that this one has started and that still run. */
export function childrenOf(pid: number | undefined): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Ended, though perhaps nobody has asked yet how. */
export function isOver(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}
