/** The only place that looks behind the simulated clouds' own words: what is really so, whichever words the provider has for it. */

import type { HuaweiState } from "../playground/clouds/huawei-state.ts";
import { settle as settleHuawei } from "../playground/clouds/huawei-time.ts";
import { imageStatus, type JdcloudState, settled as settledJdcloud } from "../playground/clouds/jdcloud-state.ts";
import { pictureAt, type TencentState } from "../playground/clouds/tencent-state.ts";
import type { CloudAccount } from "../src/clouds/clouds.ts";
import { type CloudCase, cases } from "../test/setup/cases.ts";

/** A server as it really is. `ended` is false while an operation is under way. */
export interface Truth {
  power: "running" | "stopped" | "other";
  image: string;
  disk: string;
  /** How many reinstalls were taken on, whoever asked for them. */
  wipes: number;
  ended: boolean;
  /** The last reinstall did not go well. */
  broken: boolean;
  sizeGb: number;
}

export interface SimCloud {
  of: CloudCase;
  account: Omit<CloudAccount, "id" | "secret" | "endpoint">;
  /** Ordinary servers, running; the first is the case's own. */
  servers: readonly string[];
  otherImage: string;
  /** A custom image with a login of its own; empty where none is kept. */
  ownImage: string;
  keyPair: string;
  start: unknown;
  startFew: unknown;
  truth(state: unknown, server: string, now: number): Truth | null;
  /** More than this server's system disk has at the start. */
  largerGb(server: string): number;
  /** Whether this image is ready to be installed. */
  isUsable(state: unknown, image: string, now: number): boolean;
  /** Somebody puts another system disk in. */
  swapDisk(state: unknown, server: string, now: number): unknown;
}

export const startAt = Date.UTC(2026, 10, 21, 3, 0, 0);
const serversKept = 6;
/** For a single flow: its own server and a bystander, since most readings list them all. */
const fewKept = 2;
/** Their operations are this much shorter than real ones, so that a history is. */
const speed = 5;

interface Named {
  id: string;
  name: string;
  region?: string;
}

/** The start states are values, so all runs share them; only what the flows need is kept, so that lists stay short. */
export function simClouds(): readonly SimCloud[] {
  return cases.map((of) => {
    const whole = of.sim.start({ speed, now: startAt }) as {
      servers: Record<string, Named>;
      images: unknown;
      keyPairs: unknown;
    };
    const [region] = of.account.regions;
    const ordinary = of.sim
      .panel(whole, startAt)
      .filter((server) => server.region === region && server.state === of.running && server.about === "")
      .map(({ id }) => id);
    const own = Object.values(whole.servers).find(({ name }) => name === of.server)?.id ?? "";
    const servers = [own, ...ordinary.filter((id) => id !== own)].slice(0, serversKept);
    const images = Object.values(whole.images as Record<string, Named>);
    const other = images.find((image) => image.name.includes(of.otherImage) && isIn(image, region));
    const named = "image" in of.ownLogin ? of.ownLogin.image : "";
    const ownImage = images.find((image) => image.name === named && isIn(image, region))?.id ?? "";
    const used = new Set([...servers.map((id) => imageOf(whole.servers[id])), other?.id, ownImage]);
    const kept = Object.entries(whole.images as Record<string, Named>).filter(
      ([, image]) => isIn(image, region) && used.has(image.id),
    );
    const trimmed = Array.isArray(whole.images) ? kept.map(([, image]) => image) : Object.fromEntries(kept);
    const keyPairs = (whole.keyPairs as Named[]).filter((pair) => pair.name === of.keyPair && isIn(pair, region));
    const startWith = (count: number) => ({
      ...whole,
      servers: Object.fromEntries(servers.slice(0, count).map((id) => [id, whole.servers[id]])),
      images: trimmed,
      keyPairs,
    });
    const keyPair = of.account.cloud === "tencent" ? keyNamed(whole, of.keyPair) : of.keyPair;
    return {
      of,
      account: of.account as SimCloud["account"],
      servers,
      otherImage: other?.id ?? "",
      ownImage,
      largerGb: (server) => (by(of).truth(whole, server, startAt)?.sizeGb ?? 0) + 20,
      keyPair,
      start: startWith(serversKept),
      startFew: startWith(fewKept),
      ...by(of),
    };
  });
}

function isIn(image: Named, region: string | undefined): boolean {
  return image.region === undefined || image.region === "*" || image.region === region;
}

function imageOf(server: unknown): string {
  return (server as { imageId: string }).imageId;
}

function keyNamed(state: unknown, name: string): string {
  return (state as TencentState).keyPairs.find((pair) => pair.name === name)?.id ?? "";
}

type Behind = Pick<SimCloud, "truth" | "isUsable" | "swapDisk">;

function by(of: CloudCase): Behind {
  if (of.account.cloud === "tencent") return tencent;
  return of.account.cloud === "huawei" ? huawei : jdcloud;
}

function powerOf(state: string): Truth["power"] {
  if (state === "RUNNING" || state === "ACTIVE" || state === "running") return "running";
  return state === "STOPPED" || state === "SHUTOFF" || state === "stopped" ? "stopped" : "other";
}

const tencent: Behind = {
  truth(state, id, now) {
    const found = (state as TencentState).servers[id];
    if (found === undefined) return null;
    const server = pictureAt(found, now, "truth");
    return {
      power: powerOf(server.state),
      image: server.imageId,
      disk: server.systemDisk.id,
      wipes: server.reinstalls,
      ended: server.task === null || now >= server.task.doneAt,
      broken: server.reinstallFailed,
      sizeGb: server.systemDisk.sizeGb,
    };
  },
  isUsable(state, id, now) {
    const image = (state as TencentState).images.find((one) => one.id === id);
    return image !== undefined && image.state === "NORMAL" && now >= image.settlesAt;
  },
  swapDisk(state, id) {
    const { servers } = state as TencentState;
    const server = servers[id];
    if (server === undefined || server.task !== null) return state;
    const systemDisk = { ...server.systemDisk, id: "disk-stranger" };
    return { ...(state as TencentState), servers: { ...servers, [id]: { ...server, systemDisk } } };
  },
};

const huawei: Behind = {
  truth(state, id, now) {
    const { jobs, servers } = settleHuawei(state as HuaweiState, now);
    const server = servers[id];
    if (server === undefined) return null;
    return {
      power: powerOf(server.status),
      image: server.imageId,
      disk: server.systemDisk?.id ?? "",
      wipes: Object.values(jobs).filter((job) => job.server === id && job.work.kind === "wipe").length,
      // A stop that the server does not heed stays open, and stops nothing.
      ended: !Object.values(jobs).some(
        ({ server: of, state: is, work, endsAt }) =>
          of === id && is === "open" && (work.kind !== "stop" || Number.isFinite(endsAt)),
      ),
      broken: server.status === "ERROR",
      sizeGb: server.systemDisk?.sizeGb ?? 0,
    };
  },
  isUsable: (state, id, now) => settleHuawei(state as HuaweiState, now).images[id]?.status === "active",
  swapDisk(state, id, now) {
    const now_ = settleHuawei(state as HuaweiState, now);
    const server = now_.servers[id];
    if (server?.systemDisk == null || server.task !== null) return state;
    const systemDisk = { ...server.systemDisk, id: "00000000-0000-4000-8000-0000000d15c0" };
    return { ...now_, servers: { ...now_.servers, [id]: { ...server, systemDisk } } };
  },
};

const jdcloud: Behind = {
  truth(state, id, now) {
    const found = (state as JdcloudState).servers[id];
    if (found === undefined) return null;
    const server = settledJdcloud(found, now);
    return {
      power: powerOf(server.status),
      image: server.imageId,
      disk: server.systemDisk?.id ?? "",
      wipes: server.rebuilds,
      ended: server.task === null,
      broken: server.status === "error",
      sizeGb: server.systemDisk?.sizeGb ?? 0,
    };
  },
  isUsable(state, id, now) {
    const { images } = state as JdcloudState;
    const image = Object.values(images).find((one) => one.id === id);
    return image !== undefined && imageStatus(image, now) === "ready";
  },
  swapDisk(state, id, now) {
    const { servers } = state as JdcloudState;
    const found = servers[id];
    const server = found === undefined ? undefined : settledJdcloud(found, now);
    if (server?.systemDisk == null || server.task !== null) return state;
    const systemDisk = { ...server.systemDisk, id: "vol-stranger00" };
    return { ...(state as JdcloudState), servers: { ...servers, [id]: { ...server, systemDisk } } };
  },
};
