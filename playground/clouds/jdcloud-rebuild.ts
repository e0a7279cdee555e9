/** The rules of rebuildInstance in simulated JD Cloud, in the order in which they are asked, and what an accepted one does. https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance */
import * as z from "zod";
import {
  begin,
  durations,
  imageIn,
  imageStatus,
  type JdcloudState,
  type JdImage,
  type JdVm,
  statusAt,
} from "./jdcloud-state.ts";
import { fail, type Outcome } from "./jdcloud-wire.ts";

/** One SDK sends null for what is not set and repeats region and id in the body: both are let through. */
export const RebuildBody = z.object({
  password: z.string().nullish(),
  imageId: z.string().nullish(),
  keyNames: z.array(z.string()).nullish(),
  hostname: z.string().nullish(),
});
export type RebuildBody = z.infer<typeof RebuildBody>;

/** What is wrong with the order, or null. */
export function rebuildRefusal(state: JdcloudState, vm: JdVm, body: RebuildBody, now: number): Outcome | null {
  const image = imageIn(state, vm.region, body.imageId || vm.imageId);
  return (
    stateRefusal(vm, now) ??
    (image
      ? imageRefusal(vm, image, now)
      : fail(404, "NOT_FOUND", `Image '${body.imageId || vm.imageId}' not found.`)) ??
    loginRefusal(state, vm, body, image?.osType ?? vm.osType) ??
    (body.hostname && !hostnameFits(body.hostname, image?.osType ?? vm.osType)
      ? fail(400, "INVALID_ARGUMENT", "Invalid hostname")
      : null)
  );
}

function stateRefusal(vm: JdVm, now: number): Outcome | null {
  const status = statusAt(vm, now);
  if (vm.task) return precondition(`Conflict with underlay task '${vm.task.kind}'`);
  if (status === "running") return precondition("Please stop the instance first.");
  if (status !== "stopped") return precondition(`Invalid instance status '${status}'`);
  if (!vm.systemDisk) return fail(404, "NOT_FOUND", "System disk not found");
  if (vm.systemDisk.mount !== "attached") return fail(404, "FAILED_PRECONDITION", "Invalid system disk mount state");
  return null;
}

function imageRefusal(vm: JdVm, image: JdImage, now: number): Outcome | null {
  const disk = vm.systemDisk;
  if (!disk) return null;
  const listed = image.constraint?.instanceTypes.includes(vm.instanceType);
  if (imageStatus(image, now) !== "ready") return fail(404, "NOT_FOUND", `Image '${image.id}' not found.`);
  if (disk.category === "local" && image.rootDevice !== "localDisk") {
    return precondition("Image constraints. Only support cloud system disk");
  }
  if (disk.category === "cloud" && image.rootDevice !== "cloudDisk") {
    return precondition("Image constraints. Only support local system disk");
  }
  if (image.constraint && listed === (image.constraint.type === "excludes")) {
    return precondition(`Image constraints. Doesn't support instanceType '${vm.instanceType}'`);
  }
  if (image.encrypted !== disk.encrypted) {
    return precondition("The image is not consistent with the system disk encryption properties.");
  }
  if (image.architecture !== "x86_64") {
    return precondition(`instanceType is not supported when using ${image.architecture}.`);
  }
  if (disk.sizeGb < image.sizeGb) {
    return fail(400, "OUT_OF_RANGE", "NewSysDiskSizeGB out of range. Less than the image system disk capacity.");
  }
  return null;
}

function loginRefusal(state: JdcloudState, vm: JdVm, body: RebuildBody, osType: string): Outcome | null {
  const keys = osType === "linux" ? (body.keyNames ?? []) : [];
  const unknown = keys.find((key) => !state.keyPairs.some((pair) => pair.region === vm.region && pair.name === key));
  if (unknown !== undefined) return fail(404, "NOT_FOUND", `Keypair '${unknown}' not found`);
  if (keys.length > 1) return fail(400, "INVALID_ARGUMENT", "Only one keypair is supported");
  const password = body.password ?? "";
  if (password === "" && keys.length === 1) return null;
  return passwordFits(password) ? null : fail(400, "INVALID_ARGUMENT", "Invalid password");
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/general_parameters */
export function passwordFits(password: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  if (password.length < 8 || password.length > 30 || kinds < 3) return false;
  if (/[^a-zA-Z0-9()`~!@#$%^&*_\-+=|{}[\]:";'<>,.?/]/.test(password)) return false;
  if (forbiddenWords.some((word) => password.includes(word))) return false;
  const lower = password.toLowerCase();
  const threes = [...lower].slice(2).map((_, at) => lower.slice(at, at + 3));
  return !threes.some((three) => runs.some((run) => run.includes(three)));
}

const forbiddenWords = ["jd", "JD", "360", "bug", "BUG", "com", "COM", "cloud", "CLOUD", "password", "PASSWORD"];
const straight = [
  "0123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  ...["qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm"],
];
const runs = [...straight, ...straight.map((run) => [...run].reverse().join(""))];

function hostnameFits(name: string, osType: string): boolean {
  if (/\.\.|--|^[.-]|[.-]$/.test(name)) return false;
  if (osType === "windows") return /^[A-Za-z0-9-]{2,15}$/.test(name) && !/^\d+$/.test(name);
  return /^[A-Za-z0-9.-]{2,64}$/.test(name);
}

/** The rebuild under way. The disk keeps its id, which is the harder case for whoever must tell whether it ran. */
export function rebuilding(
  state: JdcloudState,
  vm: JdVm,
  body: RebuildBody,
  now: number,
  how: { fails?: boolean; hangs?: boolean; stale?: boolean },
): JdVm {
  const image = imageIn(state, vm.region, body.imageId || vm.imageId);
  const wiped = { ...vm, rebuilds: vm.rebuilds + 1 };
  const lagMs = how.stale ? durations.stale : durations.lag;
  const timing = { lagMs, hangs: how.hangs ?? false };
  if (how.fails || !image) return begin(wiped, "rebuilding", now, state.speed, { status: "error" }, timing);
  return begin(wiped, "rebuilding", now, state.speed, outcome(vm, image, body), timing);
}

function outcome(vm: JdVm, image: JdImage, body: RebuildBody): Partial<JdVm> {
  return {
    status: "stopped",
    imageId: image.id,
    osType: image.osType,
    osVersion: image.osVersion,
    platform: image.platform,
    imageCharged: image.charged,
    hostname: body.hostname || plainName(vm.name),
    keyNames: image.osType === "linux" ? (body.keyNames ?? []) : [],
    password: body.password ?? "",
    ...(vm.systemDisk && vm.systemDisk.category === "cloud"
      ? { systemDisk: { ...vm.systemDisk, snapshotId: `snapshot-${image.id.slice(4)}` } }
      : {}),
  };
}

/** A name without a wish of the caller is the instance's, made to fit RFC 952. */
export function plainName(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9.-]+/g, "-")
    .replace(/-+/g, "-")
    .replace(/\.+/g, ".");
  return plain.replace(/^[-.]+|[-.]+$/g, "").slice(0, 60) || "vm";
}

function precondition(message: string): Outcome {
  return fail(400, "FAILED_PRECONDITION", message);
}
