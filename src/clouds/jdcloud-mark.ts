/** The only place that makes the mark in the host name by which a rebuild of ours is known again. It is planted only where the config opts in. */
import { createHash } from "node:crypto";
import type { Os, Server } from "./cloud.ts";

const suffix = /-ri[a-z2-7]{6}$/;
const letters = "abcdefghijklmnopqrstuvwxyz234567";
/** Linux: 64 characters; Windows: 15. https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance */
const lengthMax: Readonly<Record<Os["family"], number>> = { linux: 64, windows: 15, unknown: 15 };

/** The server's host name with a suffix of this act, the same for the same act whenever it is asked. An older mark gives way to it. */
export function markOf(actId: string, server: Server, family: Os["family"]): string {
  const mark = `-ri${[...createHash("sha256").update(actId).digest().subarray(0, 6)].map((byte) => letters[byte % 32]).join("")}`;
  const base = plain((server.facts["hostname"] || server.name).replace(suffix, ""));
  return `${trimmed(base.slice(0, lengthMax[family] - mark.length)) || "vm"}${mark}`;
}

/** Letters, digits and single hyphens, not first or last: what both systems take. */
function plain(name: string): string {
  return trimmed(name.replace(/[^A-Za-z0-9]+/g, "-"));
}

function trimmed(name: string): string {
  return name.replace(/^-+|-+$/g, "");
}
