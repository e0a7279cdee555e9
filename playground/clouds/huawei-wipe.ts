/** The only place where the simulated ECS decides over reinstallos and changeos: first the faults on request, then the provider's rules in their order. */
import { isArmed, strikes, tooMany } from "./huawei-faults.ts";
import type { SimSite } from "./huawei-sites.ts";
import { type HuaweiState, type SimImage, type SimServer, uuid, wipeOf } from "./huawei-state.ts";
import { begin } from "./huawei-time.ts";
import { reply, serviceError } from "./huawei-wire.ts";
import type { SimReply } from "./sim.ts";

export interface WipeCall {
  site: SimSite;
  region: string;
  server: string;
  what: "reinstall" | "change";
  version: "v1" | "v2";
  body: string;
  now: number;
}
export type Turn = readonly [HuaweiState, SimReply];

export function wipe(before: HuaweiState, call: WipeCall): Turn {
  const [state, early] = turnedAway(before);
  if (early) return [state, early];
  const server = state.servers[call.server];
  if (!server || server.region !== call.region)
    return [state, serviceError(state, 404, "Ecs.0114", "The ECS does not exist.")];
  const order = orderOf(call);
  if (!order) return [state, serviceError(state, 400, "Common.0002", "The request body cannot be left blank.")];
  const image = state.images[order.imageid ?? server.imageId] ?? null;
  const rule = rules.find((each) => each.breaks({ state, call, server, order, image }));
  if (rule) return [state, serviceError(state, rule.status ?? 400, rule.code, rule.message)];
  return accepted(state, call, server, order, image);
}

/** Faults that meet the order at the door: nothing has happened. */
function turnedAway(state: HuaweiState): readonly [HuaweiState, SimReply | null] {
  const doors = [
    ["never-arrives", (now: HuaweiState): SimReply => ({ ...reply(now, 200, {}), how: "lost" })],
    ["throttled", tooMany],
    [
      "throttled-1503",
      (now: HuaweiState) => serviceError(now, 429, "Common.1503", "Api flow control Error because limit."),
    ],
    ["throttled-202", (now: HuaweiState) => serviceError(now, 202, "Common.0024", "Flow limit exceeded.")],
    ["refused", (now: HuaweiState) => serviceError(now, 400, "Ecs.0044", "The disk of this type has been sold out.")],
  ] as const;
  for (const [fault, answer] of doors) {
    const [next, struck] = strikes(state, fault);
    if (struck) return [next, answer(next)];
  }
  return [state, null];
}

function accepted(before: HuaweiState, call: WipeCall, server: SimServer, order: Order, image: SimImage | null): Turn {
  const [afterFail, fails] = strikes(before, "fails");
  const [afterHang, hang] = strikes(afterFail, "hangs");
  const [afterStale, stale] = strikes(afterHang, "stale");
  const [ready, vanish] = strikes(afterStale, "job-vanishes");
  const work = {
    kind: "wipe" as const,
    imageId: image?.id ?? server.imageId,
    keyName: order.keyname ?? "",
    password: order.adminpass ?? "",
    byol: order.metadata?.["BYOL"] === "true",
    temporary: uuid(`temporary/${server.id}/${before.made}`),
  };
  const fail = fails
    ? { code: "Ecs.0202", reason: "Failed to create the system disk." }
    : // An image without Cloud-Init is found out only while it is being installed.
      call.version === "v2" && image?.cloudInit === false
      ? { code: "Ecs.0007", reason: "Invalid image attributes." }
      : null;
  const [begun, job] = begin(ready, server, work, call.now, { fail, hang, stale, vanish });
  const ok = reply(begun, 200, { job_id: job.id });
  const [afterLost, lost] = strikes(begun, "lost");
  if (lost) return [afterLost, { ...ok, how: "lost" }];
  const [after500, broken] = strikes(afterLost, "internal");
  if (broken) return [after500, serviceError(after500, 500, "Common.0001", "A system exception occurred.")];
  return [after500, ok];
}

interface Order {
  imageid?: string;
  adminpass?: string;
  keyname?: string;
  userid?: string;
  mode?: string;
  metadata?: Readonly<Record<string, string>>;
}

function orderOf(call: WipeCall): Order | null {
  try {
    const body: unknown = JSON.parse(call.body);
    if (typeof body !== "object" || body === null) return null;
    const inner = (body as Record<string, unknown>)[call.what === "reinstall" ? "os-reinstall" : "os-change"];
    return typeof inner === "object" && inner !== null ? (inner as Order) : null;
  } catch {
    return null;
  }
}

interface Case {
  state: HuaweiState;
  call: WipeCall;
  server: SimServer;
  order: Order;
  image: SimImage | null;
}
interface Rule {
  code: string;
  message: string;
  status?: number;
  breaks(of: Case): boolean;
}

const mismatch = "The flavor does not match the image.";
const rules: readonly Rule[] = [
  {
    code: "Ecs.0603",
    status: 501,
    message: "The commands are being executed. Try again later.",
    breaks: ({ state, server }) =>
      wipeOf(state, server.id) !== undefined || (server.task?.startsWith("power") ?? false),
  },
  { code: "Ecs.0605", message: "ECS locked.", breaks: ({ server }) => server.locked },
  {
    code: "Ecs.0030",
    message: "The ECS has been frozen and does not support specifications modification.",
    breaks: ({ server }) => server.frozen,
  },
  {
    code: "Ecs.0005",
    message: "Spot ECSs do not support this operation.",
    breaks: ({ server }) => server.charging === "2",
  },
  {
    code: "Ecs.0005",
    message: "The flavor does not support this operation.",
    breaks: ({ server }) => server.flavor.startsWith("h2."),
  },
  {
    code: "Ecs.0105",
    message: "No system disk found. Attach the system disk to the ECS and try again.",
    breaks: ({ server }) => server.systemDisk === null,
  },
  { code: "Ecs.0100", message: "The ECS status does not meet requirements.", breaks: badState },
  {
    code: "Ecs.0005",
    message: "imageid is required.",
    breaks: ({ call, order }) => call.what === "change" && !order.imageid,
  },
  { code: "Ecs.0021", message: "Insufficient EVS disk quota.", breaks: ({ state }) => isArmed(state, "quota-zero") },
  {
    code: "Ecs.0031",
    message: "The image does not exist.",
    breaks: ({ image, server }) => image === null || image.region !== server.region,
  },
  { code: "Ecs.0032", message: "The image is not in Active state.", breaks: ({ image }) => image?.status !== "active" },
  { code: "Ecs.0005", message: mismatch, breaks: ({ image, server }) => image !== null && !fits(image, server) },
  {
    code: "Ecs.0005",
    message: "adminpass is not supported.",
    breaks: ({ call, order }) => !call.site.passwords && order.adminpass !== undefined,
  },
  { code: "Ecs.0005", message: "Specify either adminpass or keyname.", breaks: badLogin },
  {
    code: "Ecs.0011",
    message: "Ensure the password meets the password complexity requirements.",
    breaks: weakPassword,
  },
  { code: "Ecs.0314", message: "The key pair does not exist.", breaks: noKeyPair },
  { code: "Ecs.0090", message: "The BYOL feature is not supported at this time.", breaks: noByol },
];

function badState({ call, server, order }: Case): boolean {
  if (server.status === "SHUTOFF" || (server.status === "ERROR" && server.fault !== null)) return false;
  return !(server.status === "ACTIVE" && !call.site.mustBeStopped && order.mode === "withStopServer");
}

function fits(image: SimImage, server: SimServer): boolean {
  return image.arm === server.flavor.startsWith("kc1.") && image.minRamMb <= server.ramMb;
}

function badLogin({ call, order }: Case): boolean {
  if (order.adminpass !== undefined && order.keyname !== undefined) return true;
  if (order.keyname !== undefined) return call.what === "reinstall" && !order.userid;
  return order.adminpass === undefined && !(call.version === "v2" && order.metadata?.["user_data"]);
}

function weakPassword({ order, image }: Case): boolean {
  const password = order.adminpass;
  if (password === undefined) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!@$%^\-_=+[{}\]:,./?~#*]/].filter((kind) => kind.test(password));
  const user = image?.osType === "Windows" ? "administrator" : "root";
  const lower = password.toLowerCase();
  const named = lower.includes(user) || lower.includes([...user].reverse().join(""));
  const runs =
    user === "administrator" && [...user].some((_, n) => n + 3 <= user.length && lower.includes(user.slice(n, n + 3)));
  const strange = /[^A-Za-z0-9!@$%^\-_=+[{}\]:,./?~#*]/.test(password);
  return password.length < 8 || password.length > 26 || kinds.length < 3 || strange || named || runs;
}

function noKeyPair({ state, call, order, server }: Case): boolean {
  if (order.keyname === undefined) return false;
  const user = order.userid ?? call.site.userId;
  return !state.keyPairs.some(
    (pair) => pair.name === order.keyname && pair.region === server.region && pair.userId === user,
  );
}

const billed: ReadonlySet<string> = new Set(["SUSE", "Red Hat", "Oracle Linux", "Windows"]);

function noByol({ order, image, server }: Case): boolean {
  if (order.metadata?.["BYOL"] !== "true" || !image) return false;
  return !billed.has(image.platform) || (image.platform === "Windows" && !server.dedicatedHost);
}
