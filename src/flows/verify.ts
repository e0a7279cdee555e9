/** The only place that says when a reinstall is done: ours succeeded, the state is final, image and disk size are those asked for, and, where that is asked for, its port was tried. */
import type { Door, Failure, Of } from "../request.ts";
import { edit, editStep, shownMinute } from "./edit.ts";
import { failAttempt, toDone } from "./end.ts";
import { lastAttempt, ordered, withAttempt, withStep } from "./steps.ts";
import { nextLook } from "./tools.ts";
import type { Turn } from "./turn.ts";

/** How long a port is tried. After that it is done all the same, and the message says what did not answer. */
export const doorMs = 5 * 60_000;

export async function verify(turn: Turn): Promise<number> {
  const { request, server } = turn;
  if (server.power === "running" && server.image.id === ordered(request).image.id && missingGb(turn) === null)
    return ready(turn);
  return notReady(turn);
}

/** The size of a system disk that has not grown to what was asked for; null when it has, or nothing was asked. */
function missingGb({ request, server }: Turn): number | null {
  const sizeGb = server.systemDisk?.sizeGb ?? 0;
  return sizeGb < (request.order.diskGb ?? 0) ? sizeGb : null;
}

/** By the cloud's word it is ready. A port that stays shut fails nothing: a firewall may keep the bot out. */
async function ready(turn: Turn): Promise<number> {
  const { tools, request, step, now } = turn;
  const door = step.door ?? doorOf(turn);
  if (door?.is !== "trying") return finish(turn, now, door);
  if (step.door === undefined || door.address === undefined) {
    await editStep(tools, request, "verify", { startedAt: step.startedAt ?? now, door, says: undefined });
    return now;
  }
  const probed = await tools.probe(door.address, door.port, door.speaks);
  const at = tools.clock.now();
  const { why: _before, ...asked } = door;
  if (probed.open) {
    const { open: _open, ...key } = probed;
    return finish(turn, at, { ...asked, ...key, is: "open" });
  }
  const tried: Door = { ...asked, why: probed.why };
  if (at - door.since >= doorMs) return finish(turn, at, { ...tried, is: "shut" });
  if (door.why !== probed.why || step.says !== undefined) {
    await editStep(tools, request, "verify", { door: tried, says: undefined, heldSince: undefined });
  }
  return nextLook(tools, at);
}

const doors = {
  linux: { port: 22, speaks: "ssh" },
  windows: { port: 3389, speaks: "rdp" },
} as const;

function doorOf({ tools, request, server, now }: Turn): Door | undefined {
  const from = tools.probeFrom(request.order.server);
  const chosen = request.order.image.os.family;
  const family = chosen === "unknown" ? server.os.family : chosen;
  if (from === "off" || family === "unknown") return undefined;
  const address = server.ips[from][0];
  const door = { ...doors[family], from, since: now };
  return address === undefined ? { ...door, is: "untried" } : { ...door, address, is: "trying" };
}

async function finish(turn: Turn, at: number, door: Door | undefined): Promise<number> {
  const { tools, request, server } = turn;
  await edit(tools, request, (r) => {
    const running = r as Of<"running">;
    const end = { state: "done" as const, endedAt: at, says: undefined, ...(door === undefined ? {} : { door }) };
    return toDone(withAttempt(running, withStep(lastAttempt(running), "verify", end)), server, at);
  });
  return at;
}

async function notReady(turn: Turn): Promise<number> {
  const { tools, request, cloud, server, step, now } = turn;
  // It was ready once when its port was tried, so what came after that has its patience anew.
  const since = step.door?.since ?? step.startedAt ?? now;
  if (now - since <= cloud.traits.patienceMs.start) {
    const says = shownYet(turn);
    if (step.startedAt === undefined || step.says !== says || step.checkedAt !== shownMinute(now)) {
      await editStep(tools, request, "verify", {
        startedAt: step.startedAt ?? now,
        says,
        checkedAt: shownMinute(now),
      });
    }
    return nextLook(tools, now);
  }
  const says = `${cloud.traits.title} reports success, but ${shownAtLast(turn)}`;
  const failure: Failure = {
    at: now,
    step: "verify",
    says,
    code: "not-verified",
    requestId: "",
    erased: "likely",
    retry: true,
  };
  await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure, server));
  return now;
}

function shownYet(turn: Turn): string {
  const { request, server } = turn;
  if (server.power !== "running") return `the state is ${server.state}`;
  if (server.image.id !== ordered(request).image.id) return `the image shown is still ${server.image.id}`;
  return `the system disk still shows ${missingGb(turn)} GB`;
}

function shownAtLast(turn: Turn): string {
  const { request, server } = turn;
  const wanted = ordered(request).image.id;
  if (server.power !== "running") return `the server is ${server.state}. Look at it in the console.`;
  if (server.image.id !== wanted) return `the server runs image ${server.image.id}, not ${wanted}.`;
  return `the system disk shows ${missingGb(turn)} GB, not ${request.order.diskGb}. Look at it in the console.`;
}
