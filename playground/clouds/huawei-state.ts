/** The only place that says what the simulated ECS remembers. Every value is replaced, never changed in place. */
import { createHash } from "node:crypto";

export interface SimDisk {
  id: string;
  sizeGb: number;
  type: string;
}

export interface SimServer {
  id: string;
  name: string;
  region: string;
  about: string;
  /** The API's own word; the console's "Reinstallation failed" is not one of them. */
  status: "ACTIVE" | "SHUTOFF" | "REBUILD" | "ERROR" | "BUILD" | "VERIFY_RESIZE" | "UNKNOWN";
  task: string | null;
  fault: { message: string; code: string } | null;
  imageId: string;
  imageName: string;
  imageType: string;
  osType: "Linux" | "Windows";
  platform: string;
  flavor: string;
  vcpus: number;
  ramMb: number;
  /** "0" pay per use, "1" prepaid, "2" spot. */
  charging: "0" | "1" | "2";
  locked: boolean;
  frozen: boolean;
  dedicatedHost: boolean;
  byol: boolean;
  systemDisk: SimDisk | null;
  dataDisks: readonly SimDisk[];
  ip: string;
  publicIp: string;
  mac: string;
  hostname: string;
  keyName: string;
  password: string;
  createdAt: number;
  launchedAt: number;
  updatedAt: number;
  reinstalls: number;
  /** Set on the temporary server that exists only while this server is being reinstalled. */
  temporaryFor?: string;
  /** What the API still shows of it, and until when. */
  stale?: { until: number; as: SimServer };
}

export interface SimImage {
  id: string;
  region: string;
  name: string;
  type: "gold" | "private" | "shared" | "market";
  status: "active" | "saving" | "killed";
  osType: "Linux" | "Windows";
  platform: string;
  /** Where it is not the image's own name. */
  osVersion?: string;
  minDiskGb: number;
  minRamMb: number;
  arm: boolean;
  /** Without Cloud-Init only the v1 paths can install it. */
  cloudInit: boolean;
  createdAt: number;
}

export type SimWork =
  | { kind: "stop" | "start" }
  | { kind: "image"; imageId: string }
  | { kind: "wipe"; imageId: string; keyName: string; password: string; byol: boolean; temporary: string };

export interface SimJob {
  id: string;
  region: string;
  type: string;
  server: string;
  work: SimWork;
  beganAt: number;
  runsAt: number;
  /** Infinity: it hangs. */
  endsAt: number;
  state: "open" | "SUCCESS" | "FAIL";
  endedAt: number;
  /** Decided at the start: how it will end. */
  fails: { code: string; reason: string } | null;
  /** The job can no longer be asked for. */
  vanished: boolean;
}

export interface SimKeyPair {
  name: string;
  region: string;
  userId: string;
}

export interface HuaweiState {
  speed: number;
  /** Counts everything made since the start, so that ids are the same in every run. */
  made: number;
  servers: Readonly<Record<string, SimServer>>;
  images: Readonly<Record<string, SimImage>>;
  jobs: Readonly<Record<string, SimJob>>;
  keyPairs: readonly SimKeyPair[];
  armed: readonly string[];
}

export function withServer(state: HuaweiState, server: SimServer): HuaweiState {
  return { ...state, servers: { ...state.servers, [server.id]: server } };
}

export function withoutServer(state: HuaweiState, id: string): HuaweiState {
  const servers = { ...state.servers };
  delete servers[id];
  return { ...state, servers };
}

export function withJob(state: HuaweiState, job: SimJob): HuaweiState {
  return { ...state, jobs: { ...state.jobs, [job.id]: job } };
}

/** The open wipe of a server: nothing else may run meanwhile. */
export function wipeOf(state: HuaweiState, server: string): SimJob | undefined {
  return Object.values(state.jobs).find(
    (job) => job.server === server && job.state === "open" && job.work.kind === "wipe",
  );
}

/** Ids that look like the provider's and depend on nothing but their seed. */
export function uuid(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export function hexId(seed: string): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, 32);
}

const requestsBegin = hexId("request").slice(0, 24);

/** One for each call, of which there are many: told apart by the count alone. */
export function requestId(count: number): string {
  return requestsBegin + count.toString(16).padStart(8, "0");
}
