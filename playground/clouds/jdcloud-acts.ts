/** The acting calls of simulated JD Cloud: each is refused, or begins a task that time will end. */
import * as z from "zod";
import { quotaLimits, serverIn } from "./jdcloud-read.ts";
import { passwordFits, RebuildBody, rebuilding, rebuildRefusal } from "./jdcloud-rebuild.ts";
import {
  begin,
  chargeStatus,
  durations,
  hexOf,
  imageIn,
  type JdcloudState,
  type JdImage,
  type JdVm,
  stamp,
  statusAt,
  withServer,
} from "./jdcloud-state.ts";
import { fail, type Outcome } from "./jdcloud-wire.ts";

/** Which faults strike this call; the core has already disarmed them. */
export type Struck = ReadonlySet<string>;

/** An act on a server, by its name in the path. */
export function act(
  state: JdcloudState,
  ask: { region: string; id: string; action: string; body: unknown; now: number },
  struck: Struck,
): readonly [JdcloudState, Outcome] {
  const run = Object.hasOwn(actions, ask.action) ? actions[ask.action] : undefined;
  if (!run) return [state, fail(404, "NOT_FOUND", "no such action[gw]")];
  const vm = serverIn(state, ask.region, ask.id, ask.now);
  if (!vm) return [state, fail(404, "NOT_FOUND", `Instance '${ask.id}' not found.`)];
  return run({ state, vm, now: ask.now, body: ask.body, struck });
}

interface Call {
  state: JdcloudState;
  vm: JdVm;
  now: number;
  body: unknown;
  struck: Struck;
}
type Done = readonly [JdcloudState, Outcome];

const actions: Readonly<Record<string, (call: Call) => Done>> = {
  rebuildInstance,
  stopInstance,
  startInstance,
  rebootInstance,
  createImage,
  modifyInstancePassword,
};

function rebuildInstance({ state, vm, now, body, struck }: Call): Done {
  const parsed = RebuildBody.safeParse(body);
  if (!parsed.success) return [state, fail(400, "INVALID_ARGUMENT", "Invalid request body")];
  if (struck.has("refused")) return [state, unsupported(vm)];
  const refused = rebuildRefusal(state, vm, parsed.data, now);
  if (refused) return [state, refused];
  const how = { fails: struck.has("fails"), hangs: struck.has("hangs"), stale: struck.has("stale") };
  return [withServer(state, rebuilding(state, vm, parsed.data, now, how)), { ok: null }];
}

function unsupported(vm: JdVm): Outcome {
  return fail(400, "FAILED_PRECONDITION", `Image constraints. Doesn't support instanceType '${vm.instanceType}'`);
}

const StopBody = z.object({ chargeOnStopped: z.enum(["", "keepCharging", "stopCharging"]).nullish() });

/** There is no force: a guest that does not listen keeps running. */
function stopInstance({ state, vm, now, body, struck }: Call): Done {
  const parsed = StopBody.safeParse(body ?? {});
  if (!parsed.success) return [state, fail(400, "INVALID_ARGUMENT", "Invalid chargeOnStopped")];
  const wanted = parsed.data.chargeOnStopped ?? "";
  const refused = wrongStatus(vm, "running", now) ?? wrongCharging(vm, wanted);
  if (refused) return [state, refused];
  const status = struck.has("stop-ignored") ? "running" : "stopped";
  return [withServer(state, begin(vm, "stopping", now, state.speed, { status })), { ok: null }];
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/stopinstance */
function wrongCharging(vm: JdVm, wanted: string): Outcome | null {
  const no = (message: string) => fail(400, "FAILED_PRECONDITION", message);
  if (wanted && vm.dedicatedHostId) return no("keepCharging or stopCharging does not applied to dedicated host");
  if (wanted !== "stopCharging") return null;
  if (vm.systemDisk?.category !== "cloud") return no("stopCharging only applied to cloud system disk");
  if (vm.charge.mode === "postpaid_by_duration") return null;
  return no("stopCharging only applied to postpaid by duration");
}

function startInstance({ state, vm, now, struck }: Call): Done {
  const refused = wrongStatus(vm, "stopped", now);
  if (refused) return [state, refused];
  if (!vm.systemDisk) return [state, fail(404, "NOT_FOUND", "System disk not found")];
  if (vm.systemDisk.mount !== "attached") return [state, fail(404, "NOT_FOUND", "Invalid system disk mount state")];
  if (isUnpaid(chargeStatus(state, vm))) return [state, fail(400, "FAILED_PRECONDITION", "Invalid charge state")];
  if (struck.has("stock")) return [state, fail(400, "FAILED_PRECONDITION", "Insufficient resource")];
  return [withServer(state, begin(vm, "starting", now, state.speed, { status: "running" })), { ok: null }];
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/startinstance */
function isUnpaid(charge: string): boolean {
  return charge === "overdue" || charge === "arrear";
}

function rebootInstance({ state, vm, now }: Call): Done {
  const refused = wrongStatus(vm, "running", now);
  if (refused) return [state, refused];
  return [withServer(state, begin(vm, "rebooting", now, state.speed, { status: "running" })), { ok: null }];
}

const ImageBody = z.object({
  name: z.string().regex(/^[\p{Script=Han}\w.-]{2,32}$/u),
  description: z.string().nullish(),
});

function createImage({ state, vm, now, body, struck }: Call): Done {
  const parsed = ImageBody.safeParse(body);
  if (!parsed.success) return [state, fail(400, "INVALID_ARGUMENT", "Invalid image name")];
  if (vm.task) return [state, conflict(vm)];
  const local = vm.systemDisk?.category === "local";
  const status = statusAt(vm, now);
  if (status !== "stopped" && (local || status !== "running")) {
    return [state, fail(400, "FAILED_PRECONDITION", `Invalid instance status '${status}'`)];
  }
  const mine = state.images.filter((image) => image.region === vm.region && image.source === "private");
  if (mine.length >= quotaLimits.image) return [state, fail(429, "QUOTA_EXCEEDED", "Image quota exceeded")];
  const made = imageOf(state, vm, parsed.data.name, now);
  const image: JdImage = struck.has("image-fails") ? { ...made, status: "error" } : made;
  const busy = begin(vm, "imaging", now, state.speed, {});
  return [{ ...withServer(state, busy), images: [...state.images, image] }, { ok: { imageId: image.id } }];
}

function imageOf(state: JdcloudState, vm: JdVm, name: string, now: number): JdImage {
  return {
    ...{ id: `img-${hexOf(`image ${state.seq}`, 10)}`, region: vm.region, name, source: "private", status: "pending" },
    ...{ platform: vm.platform, osVersion: vm.osVersion, osType: vm.osType, architecture: "x86_64" },
    ...{ sizeGb: vm.systemDisk?.sizeGb ?? 40, encrypted: vm.systemDisk?.encrypted ?? false },
    readyAt: now + durations.imaging / state.speed,
    rootDevice: vm.systemDisk?.category === "local" ? "localDisk" : "cloudDisk",
    offline: false,
    loginName: imageIn(state, vm.region, vm.imageId)?.loginName ?? (vm.osType === "windows" ? "administrator" : "root"),
    charged: vm.imageCharged,
    createTime: stamp(now),
    constraint: null,
  };
}

function modifyInstancePassword({ state, vm, body }: Call): Done {
  const parsed = z.object({ password: z.string() }).safeParse(body);
  if (!parsed.success || !passwordFits(parsed.data.password)) {
    return [state, fail(400, "INVALID_ARGUMENT", "Invalid password")];
  }
  return [withServer(state, { ...vm, password: parsed.data.password }), { ok: null }];
}

function wrongStatus(vm: JdVm, wanted: string, now: number): Outcome | null {
  const status = statusAt(vm, now);
  if (vm.task && status === wanted) return conflict(vm);
  return status === wanted ? null : fail(400, "FAILED_PRECONDITION", `Invalid instance status '${status}'`);
}

function conflict(vm: JdVm): Outcome {
  return fail(400, "FAILED_PRECONDITION", `Conflict with underlay task '${vm.task?.kind}'`);
}
