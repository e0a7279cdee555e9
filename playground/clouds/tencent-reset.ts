/** The only place that wipes a simulated instance. https://www.tencentcloud.com/document/product/213/33242 */
import { notFound, wrongIds } from "./tencent-describe.ts";
import { fires } from "./tencent-faults.ts";
import type { Params } from "./tencent-params.ts";
import { cannotReset, type Wish, wrongWish } from "./tencent-reset-rules.ts";
import {
  type CvmInstance,
  type CvmTask,
  draw,
  durations,
  idOf,
  imagesIn,
  isWindows,
  never,
  serverIn,
  type TencentState,
  withServer,
} from "./tencent-state.ts";
import { type Answered, type Call, type Refusal, refusal, refuse } from "./tencent-wire.ts";

export function resetInstance(state: TencentState, call: Call<Params<"ResetInstance">>): Answered {
  const wish = wishOf(state, call);
  if ("code" in wish) return refuse(state, wish);
  const refused = wrongWish(wish) ?? cannotReset(wish, call.now);
  if (refused) return refuse(state, refused);
  const [after, soldOut] = fires(state, "reset-refused");
  if (soldOut) {
    return refuse(
      after,
      refusal("ResourceInsufficient.CloudDiskSoldOut", "The specified cloud disk has been sold out."),
    );
  }
  return [beginReset(after, wish, call, "api"), { give: {} }];
}

/** A price, or the same refusals as the reset itself would meet about image, disk and licence. */
export function inquirePrice(state: TencentState, call: Call<Params<"InquiryPriceResetInstance">>): Answered {
  const wish = wishOf(state, call);
  if ("code" in wish) return refuse(state, wish);
  const refused = wrongWish(wish);
  if (
    refused?.code === "InvalidParameterValue.InvalidImageIdForRetsetInstance" &&
    isWindows(wish.image) !== isWindows(wish.instance)
  ) {
    return refuse(state, { ...refused, code: "InvalidParameterValue.InvalidImageOsName" });
  }
  if (refused) return refuse(state, refused);
  if (wish.sizeGb > wish.instance.systemDisk.sizeGb && fires(state, "disk-unavailable")[1]) {
    const words = "The parameters of the cloud disk do not meet the specification.";
    return refuse(state, refusal("ResourceInsufficient.CloudDiskUnavailable", words));
  }
  if (fires(state, "price-fails")[1]) {
    return refuse(state, refusal("FailedOperation.InquiryPriceFailed", "Price query failed."));
  }
  return [state, { give: { Price: { InstancePrice: priceOf(wish) } } }];
}

/** A sum in advance, or so much an hour; the figures are made up. */
function priceOf({ instance, sizeGb }: Wish): Readonly<Record<string, number | string>> {
  if (instance.charge === "PREPAID") return { OriginalPrice: sizeGb, DiscountPrice: sizeGb, Discount: 100 };
  return { UnitPrice: sizeGb / 1000, UnitPriceDiscount: sizeGb / 1000, ChargeUnit: "HOUR", Discount: 100 };
}

/** What is asked for, with its instance and image found. */
function wishOf(
  state: TencentState,
  call: Call<Params<"InquiryPriceResetInstance"> & { HostName?: string | undefined }>,
): Wish | Refusal {
  const { InstanceId: id, ImageId: asked, SystemDisk: disk, LoginSettings: login, HostName, UserData } = call.params;
  const wrong = wrongIds([id]);
  if (wrong) return wrong;
  const instance = serverIn(state, call.region, id, call.now);
  if (!instance) return notFound(id);
  const imageId = asked ?? instance.imageId;
  if (!/^img-[a-z0-9]{8}$/.test(imageId)) {
    return refusal("InvalidImageId.Malformed", `The image ID \`${imageId}\` is malformed.`);
  }
  const image = imagesIn(state, call.region).find((each) => each.id === imageId);
  if (!image) return refusal("InvalidImageId.NotFound", `The image \`${imageId}\` does not exist.`);
  return {
    instance,
    image,
    sizeGb: disk?.DiskSize ?? instance.systemDisk.sizeGb,
    login: login ?? {},
    hostName: HostName,
    userData: UserData,
    keyPairs: state.keyPairs.filter((pair) => pair.region === call.region),
    now: call.now,
  };
}

/** Somebody else presses "Reinstall" in the console: the same image, a password of theirs. */
export function consoleReset(state: TencentState, instance: CvmInstance, requestId: string, now: number): TencentState {
  const image = imagesIn(state, instance.region).find((each) => each.id === instance.imageId);
  if (!image) return state;
  const sizeGb = instance.systemDisk.sizeGb;
  const wish = { instance, image, sizeGb, login: {}, hostName: undefined, userData: undefined, keyPairs: [], now };
  if (wrongWish(wish) ?? cannotReset(wish, now)) return state;
  return beginReset(state, wish, { requestId, now }, "console");
}

function beginReset(
  state: TencentState,
  wish: Wish,
  call: { requestId: string; now: number },
  by: "api" | "console",
): TencentState {
  const { instance } = wish;
  const [drawn, lot] = draw(state);
  const [afterFails, fails] = by === "api" ? fires(drawn, "reset-fails") : [drawn, false];
  const [afterHangs, hangs] = by === "api" ? fires(afterFails, "reset-hangs") : [afterFails, false];
  const [afterStale, stale] = by === "api" ? fires(afterHangs, "reset-stale") : [afterHangs, false];
  const [after, keeps] = by === "api" ? fires(afterStale, "reset-keeps-size") : [afterStale, false];
  const sizeGb = keeps ? instance.systemDisk.sizeGb : wish.sizeGb;
  const timed = timesOf(lot, call.now, state.speed, { fails, hangs, stale });
  const task: CvmTask = {
    operation: "ResetInstance",
    requestId: call.requestId,
    ...timed,
    effect: fails ? { state: "STOPPED", reinstallFailed: true } : freshSystem({ ...wish, sizeGb }, lot),
    outcome: fails ? "FAILED" : "SUCCESS",
    message: fails ? "Failed to reinstall the system: the image could not be written to the system disk." : "",
  };
  const wipe = { at: call.now, server: instance.id, requestId: call.requestId, by };
  const wiped = { ...instance, reinstalls: instance.reinstalls + 1, reinstallFailed: false, task };
  return withServer({ ...after, wipes: [...after.wipes, wipe] }, wiped);
}

function timesOf(
  lot: string,
  now: number,
  speed: number,
  fault: { fails: boolean; hangs: boolean; stale: boolean },
): Pick<CvmTask, "acceptedAt" | "shownAt" | "doneAt" | "endsAt" | "phases"> {
  const spread = Number.parseInt(lot.slice(-4), 16) / 0xffff;
  const full = durations.resetLeast + (durations.resetMost - durations.resetLeast) * spread;
  const ms = fault.fails ? full / 2 : full;
  const at = (share: number) => now + (ms * share) / speed;
  const shownAt = now + (fault.stale ? durations.staleLag : durations.lag) / speed;
  const doneAt = fault.hangs ? never : Math.max(at(1), shownAt);
  const phases = [
    { from: now, state: "STOPPING" },
    { from: at(0.1), state: "STOPPED" },
    ...(fault.hangs || fault.fails ? [] : [{ from: at(0.85), state: "STARTING" }]),
  ];
  return {
    acceptedAt: now,
    shownAt,
    doneAt,
    endsAt: fault.hangs ? never : doneAt + durations.busyAfter / speed,
    phases,
  };
}

/** The instance as it comes back. A change between Linux and Windows brings a new system disk. */
function freshSystem(wish: Wish, lot: string): Partial<CvmInstance> {
  const { instance, image, login } = wish;
  const crosses = isWindows(image) !== isWindows(instance);
  const disk = { ...instance.systemDisk, sizeGb: wish.sizeGb };
  return {
    state: "RUNNING",
    stopCharging: "NOT_APPLICABLE",
    imageId: image.id,
    osName: image.osName,
    licence: image.licence,
    hostName: wish.hostName ?? instance.hostName,
    systemDisk: crosses ? { ...disk, id: idOf("disk", lot) } : disk,
    keyIds: login.KeyIds ?? [],
    password: passwordAfter(login, lot),
  };
}

/** With no login asked for, the cloud makes a password and sends it to the account's message centre. */
function passwordAfter(login: Wish["login"], lot: string): string {
  if (login.Password !== undefined) return login.Password;
  const other = (login.KeyIds ?? []).length > 0 || /^true$/i.test(login.KeepImageLogin ?? "");
  return other ? "" : `Tc3!${lot.slice(0, 12)}`;
}
