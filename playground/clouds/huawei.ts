/** The simulated Elastic Cloud Server of Huawei Cloud and of Open Telekom Cloud: one core, two sites; ECS, IMS, EVS and IAM on one address. */
import { arm, faultsOf, isArmed, strikes, tooMany } from "./huawei-faults.ts";
import { imageQuota, makeImage } from "./huawei-make-image.ts";
import { consoleAct, power } from "./huawei-power.ts";
import {
  images,
  job,
  keyPairs,
  limits,
  projects,
  quota,
  serverDetail,
  serverList,
  serverPassword,
  volumes,
} from "./huawei-reads.ts";
import { seed } from "./huawei-seed.ts";
import { huaweiSite, otcSite, type SimSite } from "./huawei-sites.ts";
import type { HuaweiState } from "./huawei-state.ts";
import { settle } from "./huawei-time.ts";
import { distrust } from "./huawei-verify.ts";
import { type Turn, wipe } from "./huawei-wipe.ts";
import { gatewayError, reply, serviceError, shown } from "./huawei-wire.ts";
import type { CloudSim, PanelServer, SimRequest } from "./sim.ts";

/** The site's data (projects, user id) is what a config for this simulation needs. */
export interface HuaweiSim extends CloudSim<HuaweiState> {
  site: SimSite;
}

export const huaweiSim = simOf(huaweiSite) satisfies CloudSim<HuaweiState>;
export const otcSim = simOf(otcSite) satisfies CloudSim<HuaweiState>;

function simOf(site: SimSite): HuaweiSim {
  return {
    site,
    cloud: "huawei",
    title: site.title,
    start: (options) => seed(site, options),
    handle: (state, request, now) => handle(site, state, request, now),
    panel: (state, now) => panel(settle(state, now), now),
    faults: faultsOf,
    arm,
    console: (state, server, what, now) => consoleAct(settle(state, now), server, what, now),
    passwords: (state) =>
      Object.fromEntries(
        Object.values(state.servers).flatMap((server) =>
          server.password === "" ? [] : [[server.id, server.password]],
        ),
      ),
  };
}

/** One call as a route sees it. `named` are the parts of the path that the route names. */
export interface Call {
  site: SimSite;
  region: string;
  named: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: string;
  now: number;
}
type Answer = (state: HuaweiState, call: Call) => Turn;
type Route = readonly [method: "GET" | "POST", path: string, answer: Answer];

const routes: readonly Route[] = [
  ["POST", "/{version}/{project}/cloudservers/{server}/reinstallos", (state, call) => wiped(state, call, "reinstall")],
  ["POST", "/{version}/{project}/cloudservers/{server}/changeos", (state, call) => wiped(state, call, "change")],
  ["POST", "/v1/{project}/cloudservers/action", (state, call) => power(state, call.region, call.body, call.now)],
  ["GET", "/v1/{project}/jobs/{job}", reads(job)],
  ["GET", "/v1/{project}/cloudservers/limits", reads(limits)],
  ["GET", "/v1/{project}/cloudservers/detail", reads(serverList)],
  ["GET", "/v1/{project}/cloudservers/{server}", reads(serverDetail)],
  ["GET", "/v1/{project}/cloudservers/{server}/os-server-password", reads(serverPassword)],
  ["GET", "/v2.1/{project}/os-keypairs", reads(keyPairs)],
  ["GET", "/v2/{project}/os-keypairs", reads(keyPairs)],
  ["GET", "/v3/{project}/os-quota-sets/{target}", reads(quota)],
  ["GET", "/v2/{project}/cloudvolumes/detail", reads(volumes)],
  ["GET", "/v2/cloudimages", reads(images)],
  ["POST", "/v2/cloudimages/action", (state, call) => makeImage(state, call)],
  ["GET", "/v1/cloudimages/quota", reads(imageQuota)],
  ["GET", "/v3/projects", reads(projects)],
];

/** The routes with their paths cut into parts: a name stands for any text, in a plain text nothing else fits. */
const doors = routes.map(([method, path, answer]) => ({
  method,
  parts: path.split("/").map((part) => (part.startsWith("{") ? { name: part.slice(1, -1) } : { text: part })),
  answer,
}));
type Parts = (typeof doors)[number]["parts"];

function handle(site: SimSite, before: HuaweiState, request: SimRequest, now: number): Turn {
  const [state, turnedAway] = strikes(settle({ ...before, made: before.made + 1 }, now), "call-throttled");
  if (isArmed(state, "down-hangs")) return [state, { ...reply(state, 503, {}), how: "hang" }];
  if (isArmed(state, "down")) return [state, { ...reply(state, 503, {}), how: "lost" }];
  const why = distrust(request, now);
  if (why) return [state, gatewayError(state, 401, "APIGW.0301", why)];
  if (turnedAway) return [state, tooMany(state)];
  const [path = "", query = ""] = request.path.split("?");
  const given = path.split("/");
  for (const { method, parts, answer } of doors) {
    const named = method === request.method ? match(parts, given) : null;
    if (!named) continue;
    const project = named["project"] ?? request.headers["x-project-id"] ?? site.regions[0]?.project;
    const region = site.regions.find((each) => each.project === project)?.name;
    if (!region)
      return [state, serviceError(state, 400, "Ecs.0023", "project_id in token mismatches with project_id in url.")];
    return answer(state, { site, region, named, query: new URLSearchParams(query), body: request.body, now });
  }
  return [
    state,
    gatewayError(state, 404, "APIGW.0101", "The API does not exist or has not been published in the environment"),
  ];
}

function match(wanted: Parts, given: readonly string[]): Record<string, string> | null {
  if (wanted.length !== given.length) return null;
  if (wanted.some((part, index) => "text" in part && part.text !== given[index])) return null;
  const named: Record<string, string> = {};
  wanted.forEach((part, index) => {
    if ("name" in part) named[part.name] = decodeURIComponent(given[index] ?? "");
  });
  return named;
}

function reads(answer: (state: HuaweiState, call: Call) => Turn[1]): (state: HuaweiState, call: Call) => Turn {
  return (state, call) => [state, answer(state, call)];
}

function wiped(state: HuaweiState, call: Call, what: "reinstall" | "change"): Turn {
  const version = call.named["version"];
  if (version !== "v1" && version !== "v2") {
    return [
      state,
      gatewayError(state, 404, "APIGW.0101", "The API does not exist or has not been published in the environment"),
    ];
  }
  const { site, region, body, now } = call;
  return wipe(state, { site, region, server: call.named["server"] ?? "", what, version, body, now });
}

function panel(state: HuaweiState, now: number): readonly PanelServer[] {
  return Object.values(state.servers).map((server) => {
    const job = Object.values(state.jobs).find((each) => each.server === server.id && each.state === "open");
    const seen = shown(state, server, now);
    return {
      id: server.id,
      name: server.name,
      region: server.region,
      about: server.about,
      state: seen.task ? `${seen.status} (${seen.task})` : seen.status,
      image: seen.imageName,
      systemDisk: seen.systemDisk ? `${seen.systemDisk.id} (${seen.systemDisk.sizeGb} GB)` : "none",
      operation: job ? `${job.type}, job ${job.id}` : "",
      reinstalls: server.reinstalls,
    };
  });
}
