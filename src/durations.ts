/** The only place that says how long a reinstall is expected to take: from the finished ones of the same cloud, place and system. Pure. */
import type { Expected, Request } from "./request.ts";

/** Read from at most so many finished requests. */
export const finishedMax = 200;
/** Past the expected most, so much more is allowed before anybody is told: a look and a minute. */
export const graceMs = 60_000;
/** Of fewer runs the most says little. */
const runsMin = 3;

export function expectedFor(finished: readonly Request[], request: Request): Expected | null {
  const key = kindOf(request);
  const times = finished
    .filter((one) => one.id !== request.id && kindOf(one) === key)
    .flatMap((one) => wipeMs(one) ?? [])
    .sort((a, b) => a - b);
  const medianMs = rank(times, 0.5);
  const mostMs = rank(times, 0.95);
  return medianMs === undefined || mostMs === undefined ? null : { runs: times.length, medianMs, mostMs };
}

/** Whether a reinstall that has taken so long is longer under way than the earlier ones were. */
export function outlasts(tookMs: number, expected: Expected | undefined): boolean {
  return expected !== undefined && expected.runs >= runsMin && tookMs > expected.mostMs + graceMs;
}

/** Reinstalls are alike when they run in the same place and install the same system: "tencent/mainland/ap-guangzhou/ubuntu". */
export function kindOf({ order: { server, image } }: Request): string {
  return [server.cloud, server.site, server.region, familyOf(image.os)].join("/");
}

/** The first word of the system's name tells Ubuntu from CentOS, whatever the release and however a private image is called. */
function familyOf(os: { family: string; name: string }): string {
  if (os.family === "windows") return os.family;
  return /^\s*([\p{L}][\p{L}\p{N}]*)/u.exec(os.name)?.[1]?.toLowerCase() ?? os.family;
}

/** From the sending of the order to its proof; nothing for those that a person settled, whose end nobody measured, or whose clock was set back. */
function wipeMs(request: Request): number | undefined {
  if (request.status !== "done" || request.proof === "person") return undefined;
  const step = request.attempts
    .flatMap(({ steps }) => steps)
    .find(({ id, state }) => id === "reinstall" && state === "done");
  if (step?.signedAt === undefined || step.endedAt === undefined) return undefined;
  return step.endedAt < step.signedAt ? undefined : step.endedAt - step.signedAt;
}

/** Nearest rank: always a time that was really seen. */
function rank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
