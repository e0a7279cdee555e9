/** The only place that says with which server, images and logins the stories run on each cloud. */
import { huaweiSim, otcSim } from "../../playground/clouds/huawei.ts";
import { huaweiSite, otcSite, type SimSite } from "../../playground/clouds/huawei-sites.ts";
import { jdcloudSim } from "../../playground/clouds/jdcloud.ts";
import type { CloudSim, SimRequest } from "../../playground/clouds/sim.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";
import { hexOf, idOf } from "../../playground/clouds/tencent-state.ts";

export type LoginWord = "key pair" | "generated" | "typed";

export interface CloudCase {
  title: string;
  account: {
    name: string;
    cloud: string;
    site: string;
    regions: readonly string[];
    projects?: Readonly<Record<string, string>>;
    userId?: string;
  };
  // biome-ignore lint/suspicious/noExplicitAny: a core's state is its own affair; the shell only carries it.
  sim: CloudSim<any>;
  /** An ordinary running Linux server with data disks. */
  server: string;
  /** A Linux server without data disks. */
  bare: string;
  /** Another image of the same kind of system, by a text that the typeahead finds. */
  otherImage: string;
  keyPair: string;
  /** The login that a story uses when it does not matter. */
  login: LoginWord;
  /** Which logins this cloud offers for that server. */
  logins: readonly LoginWord[];
  /** Where the cloud itself makes a password and sends it, by its own word; absent where none does. */
  sentTo?: string;
  /** A custom image whose own login may be kept; or why the form never offers that. */
  ownLogin: { image: string } | { never: string };
  /** Images that are neither the cloud's own nor the account's, and what is said of each. */
  fromElsewhere: readonly { image: string; says: string }[];
  /** The headings under which the form offers images. */
  imageKinds: readonly string[];
  /** An image that does not fit the ordinary server, and why. */
  leftOut: { name: string; says: string };
  /** A running server whose image the cloud has no more. */
  orphan: string;
  /** What the channel calls the cloud. */
  called: string;
  /** Whether a request on the wire is this act. */
  is(act: "reinstall" | "stop" | "start" | "image" | "read", request: SimRequest): boolean;
  /** Names of the panel's switches for what can go wrong. */
  faults: Readonly<Record<FaultKind, string>> & { jobVanishes?: string };
  /** The provider does not say how long it takes a late order, so only a person may settle. */
  onlyPeopleSettle?: boolean;
  /** Set for the account so that the order leaves a mark of its own, where that is the only proof without a receipt. */
  marked?: { hostnameMark: true };
  /** What the provider's support must do in the console after a failed reinstall, before it can be tried again. */
  mendedBy?: "stop";
  /** Servers that the bot stops first; or why it never does that here. */
  stopping: Stopping | { never: string };
  /** Where the system disk may grow with the reinstall; absent where the cloud lets nobody choose. */
  growth?: Growth;
  running: string;
  stopped: string;
}

export interface Growth {
  /** What the ordinary server's system disk has. */
  presentGb: number;
  /** An image that needs more than that. */
  needy: { image: string; gb: number };
  /** A server whose system disk cannot grow, and what the form says of it. */
  fixed: { server: string; says: string };
  /** The size that a request to reinstall names. */
  sent(body: string): number | undefined;
  /** A request for a price. */
  asksPrice(request: SimRequest): boolean;
  faults: Readonly<Record<"unknown" | "throttled" | "hangs" | "refused" | "stays", string>>;
}

export interface Stopping {
  /** Set for the account so that the bot stops a running server first; nothing where the cloud asks for it anyway. */
  account: { stopFirst?: true };
  /** A server that was stopped before. */
  standby: string;
  /** A server that does not heed a soft stop. */
  stubborn: string;
  /** Switched on to make it so. */
  stubbornBy?: string;
  /** Whether a hard stop follows; where there is none, what the failure says. */
  hard: true | { says: string };
  /** Switch by which the next start is refused. */
  startRefused: string;
}

export type FaultKind =
  | "refused"
  | "fails"
  | "hangs"
  | "throttled"
  | "lost"
  | "neverArrives"
  | "stale"
  | "down"
  | "callThrottled"
  | "imageFails"
  | "stopIgnored";

/** Where a cloud lists no images of its marketplace, one of them is taken by its id. */
const listed = ["Public images", "Custom (private) images", "Shared images"] as const;

const tencentActions = {
  reinstall: "ResetInstance",
  stop: "StopInstances",
  start: "StartInstances",
  image: "CreateImage",
  read: "DescribeInstances",
} as const;

export const tencentCase: CloudCase = {
  title: "Tencent Cloud CVM",
  account: { name: "prod", cloud: "tencent", site: "mainland", regions: ["ap-guangzhou"] },
  sim: tencentSim,
  server: "web-01",
  bare: "api-01",
  otherImage: "Ubuntu Server 22.04",
  keyPair: "oncall-2026",
  login: "key pair",
  logins: ["key pair", "generated", "typed"],
  sentTo: "message centre",
  ownLogin: { image: "web-golden-2026-11" },
  fromElsewhere: [
    {
      image: "security-baseline-ubuntu",
      says: "The image is shared by another account. Tencent Cloud recommends its own images or your custom ones.",
    },
    {
      // No list holds it, so it is taken by its id.
      image: idOf("img", hexOf("MARKET_IMAGE/LAMP stack on CentOS 7.9")),
      says: "The image is from the marketplace. Tencent Cloud recommends its own images or your custom ones.",
    },
  ],
  imageKinds: listed,
  leftOut: {
    name: "erp-windows-byol",
    says: "The image's licence (BYOL) is not the server's (TencentCloud). Choose an image with the server's licence.",
  },
  orphan: "billing-03",
  called: "Tencent Cloud",
  is: (act, { headers }) => headers["x-tc-action"] === tencentActions[act],
  faults: {
    refused: "reset-refused",
    fails: "reset-fails",
    hangs: "reset-hangs",
    throttled: "reset-throttled",
    lost: "reset-answer-lost",
    neverArrives: "reset-never-arrives",
    stale: "reset-stale",
    down: "down",
    callThrottled: "call-throttled",
    imageFails: "image-fails",
    stopIgnored: "soft-stop-ignored",
  },
  stopping: {
    account: { stopFirst: true },
    standby: "standby-01",
    stubborn: "stubborn-01",
    hard: true,
    startRefused: "start-refused",
  },
  growth: {
    presentGb: 50,
    needy: { image: "warehouse-full-200g", gb: 200 },
    fixed: { server: "archive-01", says: "A local system disk keeps its size; only cloud disks can grow." },
    sent: (body) => /"SystemDisk":\{"DiskSize":(\d+)\}/.exec(body)?.slice(1).map(Number)[0],
    asksPrice: ({ headers }) => headers["x-tc-action"] === "InquiryPriceResetInstance",
    faults: {
      unknown: "price-fails",
      throttled: "price-throttled",
      hangs: "price-hangs",
      refused: "disk-unavailable",
      stays: "reset-keeps-size",
    },
  },
  running: "RUNNING",
  stopped: "STOPPED",
};

const huaweiCalls = {
  reinstall: { method: "POST", path: /\/(reinstallos|changeos)$/, body: /^/ },
  stop: { method: "POST", path: /\/cloudservers\/action$/, body: /"os-stop"/ },
  start: { method: "POST", path: /\/cloudservers\/action$/, body: /"os-start"/ },
  image: { method: "POST", path: /\/cloudimages\/action$/, body: /^/ },
  read: { method: "GET", path: /\/cloudservers\//, body: /^/ },
} as const;

const shared = "The image is shared by another account: take it only if you know and trust that account.";
const market = "The image is from the marketplace: take it only if you know and trust who made it.";

const ecs = {
  sim: huaweiSim,
  server: "shop-01",
  bare: "db-01",
  otherImage: "Debian 12.5 64bit",
  keyPair: "oncall-2026",
  login: "key pair",
  ownLogin: { never: "ECS resets the login at every reinstall." },
  leftOut: {
    name: "golden-next",
    says: "The image is not active (saving): wait until it is, or choose another.",
  },
  orphan: "orphan-01",
  is: (act, { method, path, body }) => {
    const call = huaweiCalls[act];
    const [bare = ""] = path.split("?");
    return method === call.method && call.path.test(bare) && call.body.test(body);
  },
  faults: {
    refused: "refused",
    fails: "fails",
    hangs: "hangs",
    throttled: "throttled",
    lost: "lost",
    neverArrives: "never-arrives",
    stale: "stale",
    down: "down",
    callThrottled: "call-throttled",
    imageFails: "image-fails",
    stopIgnored: "stop-ignored",
    jobVanishes: "job-vanishes",
  },
  running: "ACTIVE",
  stopped: "SHUTOFF",
} satisfies Partial<CloudCase>;

/** The first region only: the second is there to show what a person without a key pair is told. */
function ecsAccount(name: string, { id, regions, userId }: SimSite): CloudCase["account"] {
  const projects = Object.fromEntries(regions.map((region) => [region.name, region.project]));
  return {
    name,
    cloud: "huawei",
    site: id,
    regions: regions.slice(0, 1).map((region) => region.name),
    projects,
    userId,
  };
}

export const huaweiCase: CloudCase = {
  ...ecs,
  title: "Huawei Cloud ECS",
  account: ecsAccount("hw", huaweiSite),
  sim: huaweiSim,
  logins: ["key pair", "generated", "typed"],
  fromElsewhere: [
    { image: "team-base-2026", says: shared },
    { image: "Market LAMP on Ubuntu 22.04", says: market },
  ],
  imageKinds: [...listed, "Marketplace images"],
  called: "Huawei Cloud",
  stopping: { never: "it takes a running server and stops it itself (mode: withStopServer)" },
};

export const otcCase: CloudCase = {
  ...ecs,
  title: "Open Telekom Cloud ECS",
  account: ecsAccount("otc", otcSite),
  sim: otcSim,
  logins: ["key pair"],
  fromElsewhere: [{ image: "team-base-2026", says: shared }],
  imageKinds: listed,
  called: "Open Telekom Cloud",
  stopping: {
    account: {},
    standby: "db-01",
    stubborn: "shop-01",
    stubbornBy: "stop-ignored",
    hard: true,
    startRefused: "stock",
  },
};

const jdcloudActions = {
  reinstall: "rebuildInstance",
  stop: "stopInstance",
  start: "startInstance",
  image: "createImage",
} as const;

export const jdcloudCase: CloudCase = {
  title: "JD Cloud VM",
  account: { name: "jd", cloud: "jdcloud", site: "cn", regions: ["cn-north-1"] },
  sim: jdcloudSim,
  server: "jd-web-01",
  bare: "jd-web-02",
  otherImage: "Ubuntu 24.04 64-bit",
  keyPair: "oncall-2026",
  login: "key pair",
  logins: ["key pair", "generated", "typed"],
  ownLogin: { never: "JD Cloud asks for a new login at every rebuild: a password, or a key pair on Linux." },
  fromElsewhere: [
    { image: "base-from-platform-team", says: shared },
    { image: "LAMP stack on CentOS 7.9", says: market },
  ],
  imageKinds: [...listed, "Marketplace images"],
  leftOut: {
    name: "golden-big",
    says: "The image needs 100 GB, the system disk has 40 GB, and a rebuild cannot resize it. Choose a smaller image.",
  },
  orphan: "jd-orphan",
  called: "JD Cloud",
  is: (act, { method, path }) =>
    act === "read"
      ? method === "GET" && /\/instances(\?|\/|$)/.test(path)
      : method === "POST" && decodeURIComponent(path).endsWith(`:${jdcloudActions[act]}`),
  faults: {
    refused: "refused",
    fails: "fails",
    hangs: "hangs",
    throttled: "throttled",
    lost: "lost",
    neverArrives: "never-arrives",
    stale: "stale",
    down: "down",
    callThrottled: "call-throttled",
    imageFails: "image-fails",
    stopIgnored: "stop-ignored",
  },
  onlyPeopleSettle: true,
  marked: { hostnameMark: true },
  mendedBy: "stop",
  stopping: {
    account: {},
    standby: "jd-web-02",
    stubborn: "jd-web-01",
    stubbornBy: "stop-ignored",
    hard: { says: "the stop did not take effect, and there is no hard stop here" },
    startRefused: "stock",
  },
  running: "running",
  stopped: "stopped",
};

/** Every cloud that the stories run on. */
export const cases: readonly CloudCase[] = [tencentCase, huaweiCase, otcCase, jdcloudCase];
