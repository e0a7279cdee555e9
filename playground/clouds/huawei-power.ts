/** The only place where the simulated ECS stops and starts servers, and where somebody in its console does something to one. */
import { isArmed, strikes } from "./huawei-faults.ts";
import {
  type HuaweiState,
  type SimJob,
  type SimServer,
  uuid,
  wipeOf,
  withJob,
  withoutServer,
  withServer,
} from "./huawei-state.ts";
import { begin } from "./huawei-time.ts";
import type { Turn } from "./huawei-wipe.ts";
import { reply, serviceError } from "./huawei-wire.ts";

export function power(state: HuaweiState, region: string, body: string, now: number): Turn {
  const order = orderOf(body);
  if (!order) return [state, serviceError(state, 400, "Ecs.0005", "Invalid parameter values.")];
  const server = state.servers[order.server];
  if (!server || server.region !== region)
    return [state, serviceError(state, 404, "Ecs.0114", "The ECS does not exist.")];
  if (server.locked) return [state, serviceError(state, 400, "Ecs.0605", "ECS locked.")];
  if (wipeOf(state, server.id))
    return [state, serviceError(state, 501, "Ecs.0603", "The commands are being executed. Try again later.")];
  const [next, job] = switched(state, server, order.kind, order.hard, now);
  if (!job) return [next, serviceError(next, 400, "Ecs.0100", "The ECS status does not meet requirements.")];
  return [next, reply(next, 200, { job_id: job.id })];
}

/** What is already so is accepted and ends at once, as the batch calls do. */
function switched(
  state: HuaweiState,
  server: SimServer,
  kind: "stop" | "start",
  hard: boolean,
  now: number,
): readonly [HuaweiState, SimJob | null] {
  if (server.status !== "ACTIVE" && server.status !== "SHUTOFF") return [state, null];
  if (kind === "stop" && !hard && server.status === "ACTIVE" && isArmed(state, "stop-ignored")) {
    const [begun, job] = begin(state, server, { kind }, now, { hang: true });
    return [withServer(begun, { ...server, task: null }), job];
  }
  if (kind === "start") {
    const [next, noStock] = strikes(state, "stock");
    const fail = noStock
      ? { code: "Ecs.0319", reason: "Insufficient resources for this flavor. Try another flavor." }
      : null;
    return begin(next, server, { kind }, now, { fail });
  }
  return begin(state, server, { kind }, now);
}

function orderOf(body: string): { kind: "stop" | "start"; hard: boolean; server: string } | null {
  try {
    const given = JSON.parse(body) as Record<string, { type?: string; servers?: { id?: string }[] } | undefined>;
    const kind = given["os-stop"] ? "stop" : given["os-start"] ? "start" : null;
    const inner = given["os-stop"] ?? given["os-start"];
    const server = inner?.servers?.[0]?.id;
    return kind && server ? { kind, hard: inner?.type === "HARD", server } : null;
  } catch {
    return null;
  }
}

/** A stranger in the console: the same work, without any of the requested faults. */
export function consoleAct(
  state: HuaweiState,
  id: string,
  what: "stop" | "start" | "reinstall" | "delete",
  now: number,
): HuaweiState {
  const server = state.servers[id];
  if (!server || wipeOf(state, id)) return state;
  if (what === "delete") return withoutServer(dropped(state, id, now), id);
  if (what !== "reinstall") return begin(state, server, { kind: what }, now)[0];
  const work = {
    kind: "wipe" as const,
    imageId: server.imageId,
    keyName: server.keyName,
    password: "",
    byol: server.byol,
    temporary: uuid(`temporary/console/${id}/${state.made}`),
  };
  return begin(state, server, work, now)[0];
}

function dropped(state: HuaweiState, id: string, now: number): HuaweiState {
  return Object.values(state.jobs)
    .filter((job) => job.server === id && job.state === "open")
    .reduce(
      (rest, job) =>
        withJob(rest, {
          ...job,
          state: "FAIL",
          endedAt: now,
          fails: { code: "Ecs.0114", reason: "The ECS does not exist." },
        }),
      state,
    );
}
