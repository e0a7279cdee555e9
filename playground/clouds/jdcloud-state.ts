/** The only place that says what simulated JD Cloud remembers, and how time moves it on. States are values: a change makes a new one. */
import { createHash } from "node:crypto";

export interface JdDisk {
  category: "local" | "cloud";
  /** Empty for a local disk, which has no id of its own. */
  id: string;
  type: string;
  sizeGb: number;
  encrypted: boolean;
  snapshotId: string;
  createTime: string;
  /** How it hangs on the server: "attached", or a word of something unfinished. */
  mount: string;
}

/** Something under way. The status word of `kind` shows from `shownAt` on; at `endsAt` the fields of `then` are put in place. */
export interface JdTask {
  kind: "stopping" | "starting" | "rebooting" | "rebuilding" | "resizing" | "imaging";
  shownAt: number;
  endsAt: number;
  then: Partial<JdVm>;
}

export interface JdVm {
  id: string;
  name: string;
  hostname: string;
  region: string;
  about: string;
  status: string;
  task: JdTask | null;
  instanceType: string;
  imageId: string;
  osType: "linux" | "windows";
  osVersion: string;
  platform: string;
  systemDisk: JdDisk | null;
  dataDisks: readonly JdDisk[];
  privateIp: string;
  publicIp: string;
  keyNames: readonly string[];
  charge: { mode: string; status: string };
  chargeOnStopped: "keepCharging" | "stopCharging";
  /** Empty when it is not on a host of one's own. */
  dedicatedHostId: string;
  imageCharged: boolean;
  tags: Readonly<Record<string, string>>;
  launchTime: string;
  password: string;
  rebuilds: number;
  operation: string;
}

export interface JdImage {
  id: string;
  region: string;
  name: string;
  platform: string;
  osVersion: string;
  osType: "linux" | "windows";
  architecture: "x86_64" | "arm64";
  sizeGb: number;
  source: "public" | "thirdparty" | "private" | "shared" | "community";
  status: string;
  /** When a pending image becomes ready; 0 for one that never does. */
  readyAt: number;
  rootDevice: "localDisk" | "cloudDisk";
  offline: boolean;
  encrypted: boolean;
  loginName: string;
  charged: boolean;
  createTime: string;
  constraint: { type: "excludes" | "includes"; instanceTypes: readonly string[] } | null;
}

export interface JdcloudState {
  speed: number;
  seq: number;
  servers: Readonly<Record<string, JdVm>>;
  images: readonly JdImage[];
  keyPairs: readonly { region: string; name: string; fingerprint: string }[];
  armed: readonly string[];
  /** Nonces seen last, so that none is taken twice. */
  nonces: readonly string[];
  /** How many calls came in the present minute. */
  calls: { minute: number; count: number };
}

/** Real durations in ms, before the division by `speed`. JD publishes none: these are what its console shows about. */
export const durations = {
  stopping: 20_000,
  starting: 20_000,
  rebooting: 30_000,
  rebuilding: 180_000,
  imaging: 120_000,
  resizing: 1_800_000,
  /** How long the old status is still shown after an order was accepted. */
  lag: 2_000,
  /** The same with the fault "stale". */
  stale: 45_000,
} as const;

export const never = Number.MAX_SAFE_INTEGER;

/** The server as it is at `now`: a task that has ended leaves its result behind. */
export function settled(vm: JdVm, now: number): JdVm {
  return vm.task && now >= vm.task.endsAt ? { ...vm, ...vm.task.then, task: null } : vm;
}

/** The status word that JD would answer at `now`. Making an image shows no status of its own. */
export function statusAt(vm: JdVm, now: number): string {
  const current = settled(vm, now);
  if (!current.task || current.task.kind === "imaging") return current.status;
  return now < current.task.shownAt ? current.status : current.task.kind;
}

/** The switch of the panel makes the whole account overdue. */
export function chargeStatus(state: JdcloudState, vm: JdVm): string {
  return state.armed.includes("overdue") ? "overdue" : vm.charge.status;
}

/** Begins a task; what it will change is put in place at its end. */
export function begin(
  vm: JdVm,
  kind: JdTask["kind"],
  now: number,
  speed: number,
  then: Partial<JdVm>,
  how: { lagMs?: number; hangs?: boolean } = {},
): JdVm {
  const shownAt = now + (how.lagMs ?? 0) / speed;
  const endsAt = how.hangs ? never : shownAt + durations[kind] / speed;
  return { ...vm, operation: kind, task: { kind, shownAt, endsAt, then } };
}

export function withServer(state: JdcloudState, vm: JdVm): JdcloudState {
  return { ...state, servers: { ...state.servers, [vm.id]: vm } };
}

export function imageIn(state: JdcloudState, region: string, id: string): JdImage | undefined {
  return state.images.find((image) => image.id === id && image.region === region);
}

export function imageStatus(image: JdImage, now: number): string {
  return image.status === "pending" && image.readyAt > 0 && now >= image.readyAt ? "ready" : image.status;
}

/** Image times and times of creation are written like this in the vendor's samples, without a zone. */
export function stamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace("T", " ");
}

/** Texts that look drawn by lot and are the same at every start. */
export function hexOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

const requestsBegin = hexOf("request", 24);

/** One for each call, of which there are many: told apart by the count alone. */
export function requestIdOf(count: number): string {
  return requestsBegin + count.toString(16).padStart(8, "0");
}
