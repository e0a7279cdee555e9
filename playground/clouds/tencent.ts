/** The only place that is Tencent Cloud CVM on this machine: what comes in over the wire, and what goes out. */
import { type CloudSim, type PanelServer, type SimReply, type SimRequest, simCredentials } from "./sim.ts";
import { createImage, describeImageQuota } from "./tencent-create-image.ts";
import { describeImages, describeInstances, describeInstancesStatus, describeKeyPairs } from "./tencent-describe.ts";
import { armFault, fires, listFaults } from "./tencent-faults.ts";
import { allImages } from "./tencent-images.ts";
import { type Action, isAction, params, rawParams, wrongParams } from "./tencent-params.ts";
import { rebootInstances, startInstances, stopInstances } from "./tencent-power.ts";
import { consoleReset, inquirePrice, resetInstance } from "./tencent-reset.ts";
import { allKeyPairs, allServers, regions } from "./tencent-servers.ts";
import { drawUuid, pictureAt, settled, type TencentState, withServer } from "./tencent-state.ts";
import { verifyTc3 } from "./tencent-verify.ts";
import { type Answered, type Call, gatewayReply, type Refusal, refusal, reply, silence } from "./tencent-wire.ts";

export type { TencentState } from "./tencent-state.ts";

export const tencentSim = {
  cloud: "tencent",
  title: "Tencent Cloud",
  start,
  handle,
  panel: (state, now) => Object.values(state.servers).map((server) => panelServer(pictureAt(server, now, "truth"))),
  faults: listFaults,
  arm: armFault,
  console: consoleActs,
  passwords,
} satisfies CloudSim<TencentState>;

/** How many calls of each API one account may make in a region within a second. */
const perSecond: Readonly<Record<Action, number>> = {
  DescribeInstances: 40,
  DescribeInstancesStatus: 40,
  DescribeImages: 10,
  DescribeKeyPairs: 10,
  DescribeImageQuota: 10,
  InquiryPriceResetInstance: 10,
  ResetInstance: 10,
  StopInstances: 10,
  StartInstances: 10,
  RebootInstances: 10,
  CreateImage: 10,
};

function start({ speed, now }: { speed: number; now: number }): TencentState {
  const images = allImages();
  return {
    speed,
    seed: "playground",
    drawn: 0,
    seenAt: now,
    servers: Object.fromEntries(allServers({ images, speed, now }).map((server) => [server.id, server])),
    images,
    keyPairs: allKeyPairs,
    armed: {},
    calls: { second: 0, counts: {} },
    wipes: [],
  };
}

function handle(state: TencentState, request: SimRequest, now: number): readonly [TencentState, SimReply] {
  const seen = { ...state, seenAt: Math.max(state.seenAt, now) };
  if (fires(seen, "down-hangs")[1]) return [seen, silence("hang")];
  if (fires(seen, "down")[1]) return [seen, gatewayReply(503, "503 Service Temporarily Unavailable")];
  if (request.path !== "/" && !request.path.startsWith("/?")) return [seen, gatewayReply(404, "404 Not Found")];
  if (request.method !== "POST" && request.method !== "GET") return [seen, gatewayReply(405, "405 Not Allowed")];
  const [drawn, requestId] = drawUuid(seen);
  const door = atTheDoor(drawn, request, now);
  if ("code" in door) return [drawn, reply(requestId, { refuse: door })];
  return deliver(drawn, { action: door.action, region: door.region, params: door.raw, requestId, now });
}

/** What is checked before any API is reached. */
function atTheDoor(
  state: TencentState,
  request: SimRequest,
  now: number,
): { action: Action; region: string; raw: unknown } | Refusal {
  const header = (name: string) => request.headers[name] ?? "";
  const needed = ["X-TC-Action", "X-TC-Version", "X-TC-Timestamp", "Authorization"];
  const missing = needed.find((name) => header(name.toLowerCase()) === "");
  if (missing) return refusal("MissingParameter", `The request is missing a required parameter \`${missing}\`.`);
  if (header("x-tc-version") !== "2017-03-12") return refusal("NoSuchVersion", "The API version does not exist.");
  const action = header("x-tc-action");
  if (!isAction(action)) return refusal("InvalidAction", `The API \`${action}\` does not exist.`);
  const wanted = request.method === "POST" ? "application/json" : "application/x-www-form-urlencoded";
  if (!header("content-type").startsWith(wanted))
    return refusal("InvalidRequest", "The Content-Type is not supported.");
  const unsigned = verifyTc3(request, now, (id) => (id === simCredentials.id ? simCredentials.secret : null));
  if (unsigned) return unsigned;
  const region = header("x-tc-region");
  if (region === "") return refusal("MissingParameter", "The request is missing a required parameter `X-TC-Region`.");
  if (!regions.includes(region)) return refusal("UnsupportedRegion", `The region \`${region}\` is not supported.`);
  if (isOverLimit(state, action, region, now)) return tooMany();
  const found = rawParams(request);
  if ("refuse" in found) return found.refuse;
  return wrongParams(action, found.raw) ?? { action, region, raw: found.raw };
}

function tooMany(): Refusal {
  return refusal("RequestLimitExceeded", "Your current request exceeds the frequency limit. Please try again later.");
}

function isOverLimit(state: TencentState, action: Action, region: string, now: number): boolean {
  const { second, counts } = state.calls;
  return second === Math.floor(now / 1000) && (counts[`${action}/${region}`] ?? 0) >= perSecond[action];
}

function counted(state: TencentState, call: Call<unknown>): TencentState {
  const second = Math.floor(call.now / 1000);
  const counts = second === state.calls.second ? state.calls.counts : {};
  const key = `${call.action}/${call.region}`;
  return { ...state, calls: { second, counts: { ...counts, [key]: (counts[key] ?? 0) + 1 } } };
}

/** Runs the API; a question for a price may be turned away, a reset be lost on its way in, or its answer on the way out. */
function deliver(state: TencentState, call: Call<unknown> & { action: Action }): readonly [TencentState, SimReply] {
  const [before, turnedAway] = fires(counted(state, call), "call-throttled");
  if (turnedAway) return [before, reply(call.requestId, { refuse: tooMany() })];
  if (call.action === "InquiryPriceResetInstance") {
    if (fires(before, "price-hangs")[1]) return [before, silence("hang")];
    if (fires(before, "price-throttled")[1]) return [before, reply(call.requestId, { refuse: tooMany() })];
  }
  if (call.action !== "ResetInstance") return answered(run(before, call), call);
  const [notThrottled, throttled] = fires(before, "reset-throttled");
  if (throttled) return [notThrottled, reply(call.requestId, { refuse: tooMany() })];
  const [arrived, lost] = fires(before, "reset-never-arrives");
  if (lost) return [arrived, silence("lost")];
  const [after, outcome] = run(before, call);
  if ("refuse" in outcome) return answered([after, outcome], call);
  const [withAnswer, answerLost] = fires(after, "reset-answer-lost");
  if (answerLost) return [withAnswer, silence("lost")];
  const [with200, failed] = fires(after, "reset-answer-500");
  if (failed) return [with200, gatewayReply(500, "500 Internal Server Error")];
  const [sound, internal] = fires(after, "reset-answer-internal-error");
  const refused = refusal("InternalError", "An internal error has occurred. Retry your request.");
  return answered([sound, internal ? { refuse: refused } : outcome], call);
}

function answered([state, outcome]: Answered, call: Call<unknown>): readonly [TencentState, SimReply] {
  return [state, reply(call.requestId, outcome)];
}

/** The parameters have passed `wrongParams`, so that parsing them again cannot fail. */
function run(state: TencentState, call: Call<unknown> & { action: Action }): Answered {
  const raw = call.params;
  switch (call.action) {
    case "DescribeInstances":
      return describeInstances(state, { ...call, params: params.DescribeInstances.parse(raw) });
    case "DescribeInstancesStatus":
      return describeInstancesStatus(state, { ...call, params: params.DescribeInstancesStatus.parse(raw) });
    case "DescribeImages":
      return describeImages(state, { ...call, params: params.DescribeImages.parse(raw) });
    case "DescribeKeyPairs":
      return describeKeyPairs(state, { ...call, params: params.DescribeKeyPairs.parse(raw) });
    case "DescribeImageQuota":
      return describeImageQuota(state, { ...call, params: params.DescribeImageQuota.parse(raw) });
    case "InquiryPriceResetInstance":
      return inquirePrice(state, { ...call, params: params.InquiryPriceResetInstance.parse(raw) });
    case "ResetInstance":
      return resetInstance(state, { ...call, params: params.ResetInstance.parse(raw) });
    case "StopInstances":
      return stopInstances(state, { ...call, params: params.StopInstances.parse(raw) });
    case "StartInstances":
      return startInstances(state, { ...call, params: params.StartInstances.parse(raw) });
    case "RebootInstances":
      return rebootInstances(state, { ...call, params: params.RebootInstances.parse(raw) });
    case "CreateImage":
      return createImage(state, { ...call, params: params.CreateImage.parse(raw) });
  }
}

/** Somebody else in the console. What the console would grey out changes nothing. */
function consoleActs(
  state: TencentState,
  id: string,
  what: "stop" | "start" | "reinstall" | "delete",
  now: number,
): TencentState {
  const server = state.servers[id];
  if (!server) return state;
  if (what === "delete") {
    const { [id]: _, ...servers } = state.servers;
    return { ...state, servers };
  }
  const [drawn, requestId] = drawUuid(withServer(state, settled(server, now)));
  if (what === "reinstall") return consoleReset(drawn, settled(server, now), requestId, now);
  const call = { region: server.region, params: { InstanceIds: [id] }, requestId, now };
  return what === "stop"
    ? stopInstances(drawn, { ...call, params: { ...call.params, StopType: "HARD" }, action: "StopInstances" })[0]
    : startInstances(drawn, { ...call, action: "StartInstances" })[0];
}

function panelServer(server: ReturnType<typeof settled>): PanelServer {
  const { latest, systemDisk } = server;
  return {
    id: server.id,
    name: server.name,
    region: server.region,
    about: server.about,
    state: server.state,
    image: `${server.osName} (${server.imageId})`,
    systemDisk: `${systemDisk.id} ${systemDisk.type} ${systemDisk.sizeGb} GB`,
    operation: latest ? `${latest.operation} ${latest.state}` : "",
    reinstalls: server.reinstalls,
  };
}

function passwords(state: TencentState): Readonly<Record<string, string>> {
  const now = Object.values(state.servers).map((server) => settled(server, state.seenAt));
  return Object.fromEntries(now.filter((server) => server.password !== "").map(({ id, password }) => [id, password]));
}
