/** Simulated JD Cloud Virtual Machines: its paths, signature, envelopes, states and moods, over about fifty servers. A pure core. */
import { act } from "./jdcloud-acts.ts";
import {
  type Ask,
  describeImage,
  describeImageConstraints,
  describeImages,
  describeInstance,
  describeInstanceStatus,
  describeInstances,
  describeKeypairs,
  describeQuotas,
} from "./jdcloud-read.ts";
import { rebuilding } from "./jdcloud-rebuild.ts";
import { type JdcloudState, type JdVm, requestIdOf, settled, statusAt, withServer } from "./jdcloud-state.ts";
import { decoded, splitOnce, verify } from "./jdcloud-verify.ts";
import { answer, fail, html, type Outcome, parseQuery, reply } from "./jdcloud-wire.ts";
import { startImages, startKeyPairs, startServers } from "./jdcloud-world.ts";
import { type CloudSim, type Fault, type PanelServer, type SimReply, type SimRequest, simCredentials } from "./sim.ts";

export const jdcloudSim = {
  cloud: "jdcloud",
  title: "JD Cloud",
  start({ speed, now }): JdcloudState {
    return {
      speed,
      seq: 0,
      servers: Object.fromEntries(startServers({ speed, now }).map((vm) => [vm.id, vm])),
      images: startImages(),
      keyPairs: startKeyPairs(),
      armed: [],
      nonces: [],
      calls: { minute: 0, count: 0 },
    };
  },
  handle,
  panel,
  faults(state) {
    return faultLabels.map(([id, label]): Fault => ({ id, label, armed: state.armed.includes(id) }));
  },
  arm(state, fault, armed) {
    const rest = state.armed.filter((id) => id !== fault);
    return { ...state, armed: armed && faultLabels.some(([id]) => id === fault) ? [...rest, fault] : rest };
  },
  console: fromConsole,
  passwords(state) {
    const set = Object.values(state.servers).flatMap((vm) =>
      [vm.password, vm.task?.then.password].map((p) => [vm.id, p]),
    );
    return Object.fromEntries(set.filter((pair): pair is [string, string] => Boolean(pair[1])));
  },
} satisfies CloudSim<JdcloudState>;

/** Every fault but "down", "down-hangs", "overdue" and "image-quota" disarms itself when it has struck. */
const faultLabels = [
  ["refused", "Next rebuild is refused (image does not support the instance type)"],
  ["fails", "Next rebuild ends in state error"],
  ["hangs", "Next rebuild never finishes"],
  ["stale", "Next rebuild is accepted, yet the server is shown as stopped for 45 s more"],
  ["throttled", "Next rebuild is throttled (429 RATE_LIMIT)"],
  ["lost", "Next rebuild takes effect, but its answer is lost"],
  ["never-arrives", "Next rebuild never arrives, and no answer comes"],
  ["internal", "Next rebuild takes effect, but is answered 500 INTERNAL"],
  ["unknown", "Next rebuild is answered 500 UNKNOWN and has no effect"],
  ["error-200", "Next rebuild is refused in a 200 with an error body"],
  ["html-503", "Next rebuild is answered by a proxy: 503 in HTML"],
  ["conflict", "Next rebuild takes effect, but is answered with a task conflict"],
  ["stop-ignored", "Next stop is accepted, but the server keeps running"],
  ["stock", "Next start is refused for lack of stock"],
  ["image-fails", "Next private image fails"],
  ["image-quota", "The quota of private images is used up"],
  ["overdue", "The account is overdue: nothing is started"],
  ["call-throttled", "Next call of any kind is throttled (429 RATE_LIMIT)"],
  ["down", "JD Cloud is down"],
  ["down-hangs", "JD Cloud is down: no call is answered"],
] as const satisfies readonly (readonly [string, string])[];

/** About 1,000 calls a minute for a service and a user. */
const callsPerMinute = 1000;
const noncesKept = 500;
const lasting: readonly string[] = ["overdue", "image-quota", "down", "down-hangs"];
const ofOthers: readonly string[] = ["stop-ignored", "stock", "image-fails", "call-throttled"];
const striking: Readonly<Record<string, readonly string[]>> = {
  rebuildInstance: faultLabels.map(([id]) => id).filter((id) => !lasting.includes(id) && !ofOthers.includes(id)),
  stopInstance: ["stop-ignored"],
  startInstance: ["stock"],
  createImage: ["image-fails"],
};

function handle(state: JdcloudState, request: SimRequest, now: number): readonly [JdcloudState, SimReply] {
  if (state.armed.includes("down-hangs")) return [state, { status: 0, headers: {}, body: "", how: "hang" }];
  if (state.armed.includes("down")) return [state, html(503, "503 Service Temporarily Unavailable")];
  const counted = count(state, now);
  const requestId = requestIdOf(counted.seq);
  const verdict = verify(request, simCredentials);
  if ("refused" in verdict) return [counted, reply(fail(401, "ACCESS_ERROR", verdict.refused), requestId)];
  if (counted.calls.count > callsPerMinute) return [counted, reply(tooMany, requestId)];
  if (counted.armed.includes("call-throttled")) {
    return [{ ...counted, armed: counted.armed.filter((id) => id !== "call-throttled") }, reply(tooMany, requestId)];
  }
  if (counted.nonces.includes(verdict.nonce)) {
    return [counted, reply(fail(401, "ACCESS_ERROR", "nonce was used before[gw]"), requestId)];
  }
  const before = counted.nonces.length < noncesKept ? counted.nonces : counted.nonces.slice(1);
  return route({ ...counted, nonces: [...before, verdict.nonce] }, request, requestId, now);
}

const tooMany = fail(429, "RATE_LIMIT", "Request rate limit exceeded");

function count(state: JdcloudState, now: number): JdcloudState {
  const minute = Math.floor(now / 60_000);
  const before = state.calls.minute === minute ? state.calls.count : 0;
  return { ...state, seq: state.seq + 1, calls: { minute, count: before + 1 } };
}

const path = /^\/v1\/regions\/([^/]+)\/([A-Za-z]+)(?:\/([^/]+))?(?:\/([A-Za-z]+))?$/;

function route(
  state: JdcloudState,
  request: SimRequest,
  requestId: string,
  now: number,
): readonly [JdcloudState, SimReply] {
  const [bare, search] = splitOnce(request.path, "?");
  const [, region = "", kind = "", rest = "", below = ""] = path.exec(bare) ?? [];
  const [id, action] = splitOnce(decoded(rest), ":");
  if (request.method === "POST" && kind === "instances" && action) {
    return strike(state, { region, id, action, body: parsed(request.body), now }, requestId);
  }
  const ask: Ask = { state, region, query: parseQuery(search), now };
  const read = request.method === "GET" && !action ? reading(kind, id, below, ask) : null;
  return [state, reply(read ?? fail(404, "NOT_FOUND", "no such path[gw]"), requestId)];
}

function reading(kind: string, id: string, below: string, ask: Ask): Outcome | null {
  if (kind === "instances") return id ? describeInstance(ask, id) : describeInstances(ask);
  if (kind === "instanceStatus" && !id) return describeInstanceStatus(ask);
  if (kind === "images" && below === "constraints") return describeImageConstraints(ask, id);
  if (kind === "images") return id ? describeImage(ask, id) : describeImages(ask);
  if (kind === "keypairs" && !id) return describeKeypairs(ask);
  if (kind === "quotas" && !id) return describeQuotas(ask);
  return null;
}

type Asked = { region: string; id: string; action: string; body: unknown; now: number };

/** An act with the faults that are armed for it: first those that keep it from happening, then those that spoil its answer. */
function strike(state: JdcloudState, asked: Asked, requestId: string): readonly [JdcloudState, SimReply] {
  const struck = new Set((striking[asked.action] ?? []).filter((id) => state.armed.includes(id)));
  const calm = struck.size > 0 ? { ...state, armed: state.armed.filter((id) => !struck.has(id)) } : state;
  const prevented = before(struck, requestId);
  if (prevented) return [calm, prevented];
  const [next, outcome] = act(calm, asked, struck);
  const plain = reply(outcome, requestId);
  if ("error" in outcome) return [next, plain];
  if (struck.has("lost")) return [next, { ...plain, how: "lost" }];
  if (struck.has("internal")) return [next, reply(fail(500, "INTERNAL", "Internal server error"), requestId)];
  if (struck.has("conflict")) {
    return [next, reply(fail(400, "FAILED_PRECONDITION", "Conflict with underlay task 'rebuilding'"), requestId)];
  }
  return [next, plain];
}

function before(struck: ReadonlySet<string>, requestId: string): SimReply | null {
  if (struck.has("throttled")) return reply(tooMany, requestId);
  if (struck.has("never-arrives")) return { ...reply({ ok: null }, requestId), how: "lost" };
  if (struck.has("unknown")) return reply(fail(500, "UNKNOWN", "Unknown server error"), requestId);
  if (struck.has("html-503")) return html(503, "503 Service Temporarily Unavailable");
  const error = { code: 400, status: "FAILED_PRECONDITION", message: "Please stop the instance first." };
  return struck.has("error-200") ? answer(200, { requestId, error }, requestId) : null;
}

function parsed(body: string): unknown {
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch {
    return null;
  }
}

function panel(state: JdcloudState, now: number): readonly PanelServer[] {
  return Object.values(state.servers).map((vm) => ({
    id: vm.id,
    name: vm.name,
    region: vm.region,
    about: vm.about,
    state: statusAt(vm, now),
    image:
      state.images.find((image) => image.id === settled(vm, now).imageId)?.name ??
      `${settled(vm, now).imageId} (deleted)`,
    systemDisk: vm.systemDisk ? `${vm.systemDisk.id || vm.systemDisk.category} ${vm.systemDisk.sizeGb} GB` : "none",
    operation: vm.operation,
    reinstalls: vm.rebuilds,
  }));
}

/** Somebody in the console, who needs no signature and whom no fault strikes. Stopping one in `error` is what JD's support would do. */
function fromConsole(
  state: JdcloudState,
  server: string,
  what: "stop" | "start" | "reinstall" | "delete",
  now: number,
): JdcloudState {
  const found = Object.hasOwn(state.servers, server) ? state.servers[server] : undefined;
  if (!found) return state;
  if (what === "delete") {
    const { [server]: _gone, ...servers } = state.servers;
    return { ...state, servers };
  }
  const vm: JdVm = settled(found, now);
  if (what === "stop" && vm.status === "error") {
    return withServer(state, { ...vm, status: "stopped", task: null, operation: "repaired by support" });
  }
  if (what !== "reinstall") {
    const asked = { region: vm.region, id: vm.id, action: `${what}Instance`, body: {}, now };
    return act(state, asked, new Set())[0];
  }
  if (vm.task || vm.status !== "stopped") return state;
  return withServer(state, rebuilding(state, vm, { password: "Console-Made7Login", imageId: vm.imageId }, now, {}));
}
