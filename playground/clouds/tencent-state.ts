/** The only place that says what simulated Tencent Cloud remembers, and how time moves it on. States are values: a change makes a new one. */
import { createHash } from "node:crypto";

export interface TencentState {
  speed: number;
  /** Everything drawn by lot comes from the seed and this counter. */
  seed: string;
  drawn: number;
  /** The latest time a call was handled at. */
  seenAt: number;
  servers: Readonly<Record<string, CvmInstance>>;
  images: readonly CvmImage[];
  keyPairs: readonly CvmKeyPair[];
  /** How often an armed fault will still fire, by its id. */
  armed: Readonly<Record<string, number>>;
  /** Calls by API and region within one second. */
  calls: { second: number; counts: Readonly<Record<string, number>> };
  /** Every wipe that was taken on, oldest first, whoever asked for it. */
  wipes: readonly { at: number; server: string; requestId: string; by: "api" | "console" }[];
}

export interface CvmInstance {
  id: string;
  name: string;
  /** What this server is there to show; empty for an ordinary one. */
  about: string;
  region: string;
  zone: string;
  type: string;
  cpu: number;
  memoryGb: number;
  uuid: string;
  hostName: string;
  state: string;
  restrict: "NORMAL" | "EXPIRED" | "PROTECTIVELY_ISOLATED";
  charge: "PREPAID" | "POSTPAID_BY_HOUR" | "SPOTPAID";
  stopCharging: "KEEP_CHARGING" | "STOP_CHARGING" | "NOT_APPLICABLE";
  imageId: string;
  osName: string;
  licence: "TencentCloud" | "BYOL";
  systemDisk: CvmDisk;
  dataDisks: readonly CvmDisk[];
  privateIp: string;
  publicIp: string;
  keyIds: readonly string[];
  tags: readonly { Key: string; Value: string }[];
  createdAt: string;
  latest: CvmLatest | null;
  task: CvmTask | null;
  /** A reinstall failed: only another reinstall is taken. */
  reinstallFailed: boolean;
  /** The guest does not listen to a soft stop. */
  ignoresSoftStop: boolean;
  /** The password that was set last; empty when there is none that we know of. */
  password: string;
  reinstalls: number;
}

export interface CvmDisk {
  id: string;
  type: string;
  sizeGb: number;
}

/** The four LatestOperation fields. */
export interface CvmLatest {
  operation: string;
  state: "OPERATING" | "SUCCESS" | "FAILED";
  requestId: string;
  message: string;
}

/**
 * An operation under way. Readers see the old picture until `shownAt`, then the word of the present phase, from `doneAt` on
 * what `effect` puts in place, and only from `endsAt` on that it is over. The server takes no other order from acceptance until `endsAt`.
 */
export interface CvmTask {
  operation: string;
  requestId: string;
  acceptedAt: number;
  shownAt: number;
  doneAt: number;
  endsAt: number;
  phases: readonly { from: number; state: string }[];
  effect: Partial<CvmInstance>;
  outcome: "SUCCESS" | "FAILED";
  message: string;
}

export interface CvmImage {
  id: string;
  /** "*" for an image that every region has. */
  region: string;
  name: string;
  osName: string;
  platform: string;
  type: "PUBLIC_IMAGE" | "PRIVATE_IMAGE" | "SHARED_IMAGE" | "MARKET_IMAGE";
  architecture: "x86_64" | "arm";
  sizeGb: number;
  /** What it is, or will be from `settlesAt` on. */
  state: string;
  settlesAt: number;
  licence: "TencentCloud" | "BYOL";
  deprecated: boolean;
  description: string;
  createdAt: string;
}

export interface CvmKeyPair {
  id: string;
  name: string;
  region: string;
}

/** Real durations in ms, before the division by `speed`. */
export const durations = {
  stop: 20_000,
  hardStop: 14_000,
  /** How long a guest that does not listen is given. */
  softStopPatience: 60_000,
  start: 20_000,
  reboot: 30_000,
  resetLeast: 240_000,
  resetMost: 360_000,
  image: 300_000,
  resize: 7_200_000,
  /** For how long an accepted order does not show yet. */
  lag: 8_000,
  staleLag: 150_000,
  /** The state is final already and the operation is not. */
  busyAfter: 5_000,
} as const;

export const never = Number.MAX_SAFE_INTEGER;

/** What a reader is shown at `now`; with `truth`, what is really so, without the lag. */
export function pictureAt(instance: CvmInstance, now: number, how: "seen" | "truth" = "seen"): CvmInstance {
  const task = instance.task;
  if (!task || now < (how === "truth" ? task.acceptedAt : task.shownAt)) return instance;
  const over = now >= task.endsAt;
  const phase = task.phases.findLast((each) => now >= each.from);
  const effect = now >= task.doneAt ? task.effect : { state: phase?.state ?? instance.state };
  const latest: CvmLatest = {
    operation: task.operation,
    requestId: task.requestId,
    state: over ? task.outcome : "OPERATING",
    message: over ? task.message : "",
  };
  return { ...instance, ...effect, latest, task: over ? null : task };
}

/** The record with a finished operation folded in; one still under way is left as it is. */
export function settled(instance: CvmInstance, now: number): CvmInstance {
  return instance.task && now >= instance.task.endsAt ? pictureAt(instance, now, "truth") : instance;
}

export function withServer(state: TencentState, instance: CvmInstance): TencentState {
  return { ...state, servers: { ...state.servers, [instance.id]: instance } };
}

export function serverIn(state: TencentState, region: string, id: string, now: number): CvmInstance | null {
  const instance = state.servers[id];
  return instance && instance.region === region ? settled(instance, now) : null;
}

export function imagesIn(state: TencentState, region: string): readonly CvmImage[] {
  return state.images.filter((image) => image.region === "*" || image.region === region);
}

export function imageState(image: CvmImage, now: number): string {
  return now < image.settlesAt ? "CREATING" : image.state;
}

export function isWindows(thing: { osName: string }): boolean {
  return thing.osName.startsWith("Windows");
}

/** A text drawn by lot out of the state's own seed: hexadecimal, 64 digits. */
export function draw(state: TencentState): [TencentState, string] {
  return [{ ...state, drawn: state.drawn + 1 }, hexOf(`${state.seed}/${state.drawn}`)];
}

const requestsBegin = uuidOf(hexOf("request")).slice(0, -8);

/** A request id. There are many, one for each call: they are told apart by the count alone. */
export function drawUuid(state: TencentState): [TencentState, string] {
  const count = state.drawn + 1;
  return [{ ...state, drawn: count }, requestsBegin + count.toString(16).padStart(8, "0")];
}

/** The same text gives the same digits at every start. */
export function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function uuidOf(hex: string): string {
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

/** Eight lower-case letters and digits behind a prefix, as all ids of this cloud are made. */
export function idOf(prefix: string, hex: string): string {
  return `${prefix}-${BigInt(`0x${hex.slice(0, 16)}`)
    .toString(36)
    .padStart(13, "0")
    .slice(-8)}`;
}
