/** The only place that says which reinstalls simulated Tencent Cloud refuses, and with which code of its list. */
import { architectureOf } from "./tencent-describe.ts";
import { type CvmImage, type CvmInstance, type CvmKeyPair, imageState, isWindows } from "./tencent-state.ts";
import { notNow } from "./tencent-task.ts";
import { type Refusal, refusal } from "./tencent-wire.ts";

export interface Wish {
  instance: CvmInstance;
  image: CvmImage;
  sizeGb: number;
  login: {
    Password?: string | undefined;
    KeyIds?: readonly string[] | undefined;
    KeepImageLogin?: string | undefined;
  };
  hostName: string | undefined;
  userData: string | undefined;
  keyPairs: readonly CvmKeyPair[];
  now: number;
}

const diskMaxGb = 2048;
const userDataMaxBytes = 16 * 1024;
/** Of the regions here, the one outside the mainland. */
const outsideMainland: readonly string[] = ["ap-hongkong"];

/** What stands against the instance itself. */
export function cannotReset(wish: Wish, now: number): Refusal | null {
  const { instance } = wish;
  const about = (code: string, why: string) => refusal(code, `The instance \`${instance.id}\` ${why}.`);
  const refused = notNow(instance, "ResetInstance", now);
  if (refused) return refused;
  if (instance.charge === "SPOTPAID") {
    return about("UnsupportedOperation.InstanceChargeType", "is billed in a mode that does not support this operation");
  }
  if (instance.state === "STOPPED" && instance.stopCharging === "STOP_CHARGING") {
    return about("UnsupportedOperation.StoppedModeStopCharging", "is stopped in the mode without charges");
  }
  const known = instance.state === "RUNNING" || instance.state === "STOPPED";
  return known ? null : about("InvalidInstance.NotSupported", `in state ${instance.state} is not supported`);
}

type Rule = readonly [broken: (wish: Wish) => boolean, code: string, message: string];

const imageRules: readonly Rule[] = [
  [
    (wish) => imageState(wish.image, wish.now) !== "NORMAL",
    "InvalidParameterValue.InvalidImageState",
    "The image has another ongoing task or is not usable.",
  ],
  [
    (wish) => wish.image.architecture !== architectureOf(wish.instance.type),
    "InvalidParameterValue.InvalidImageForGivenInstanceType",
    "The specified image does not support the instance type.",
  ],
  [
    (wish) => wish.image.licence !== wish.instance.licence,
    "UnsupportedOperation.InvalidImageLicenseTypeForReset",
    "The image license type does not match the instance.",
  ],
  [
    (wish) => crosses(wish) && wish.instance.systemDisk.type === "LOCAL_BASIC" && wish.instance.systemDisk.sizeGb <= 20,
    "UnsupportedOperation.RawLocalDiskInsReinstalltoQcow2",
    "This image does not support instance reinstallation.",
  ],
  [
    (wish) => crosses(wish) && outsideMainland.includes(wish.instance.region),
    "InvalidParameterValue.InvalidImageIdForRetsetInstance",
    "The image cannot be used to reinstall the current instance: its system is not available in this region.",
  ],
  [
    (wish) => wish.image.sizeGb > wish.sizeGb,
    "InvalidParameterValue.InvalidImageIdForRetsetInstance",
    "The image cannot be used to reinstall the current instance: it is larger than the system disk.",
  ],
];

const diskRules: readonly Rule[] = [
  [
    (wish) => wish.sizeGb < wish.instance.systemDisk.sizeGb,
    "InvalidParameterValue",
    "The system disk can only be expanded: SystemDisk.DiskSize is smaller than the present size.",
  ],
  [
    (wish) => wish.sizeGb > wish.instance.systemDisk.sizeGb && wish.instance.systemDisk.type.startsWith("LOCAL"),
    "InvalidParameterValue",
    "A local system disk cannot be expanded.",
  ],
  [(wish) => wish.sizeGb > diskMaxGb, "InvalidParameterValue", `SystemDisk.DiskSize is over ${diskMaxGb}.`],
];

const loginRules: readonly Rule[] = [
  [
    (wish) => loginsNamed(wish) > 1,
    "InvalidParameter.ParameterConflict",
    "Password, KeyIds and KeepImageLogin exclude each other.",
  ],
  [
    (wish) => !/^(true|false)?$/i.test(wish.login.KeepImageLogin ?? ""),
    "InvalidParameterValue",
    "The value of the parameter `LoginSettings.KeepImageLogin` is not valid.",
  ],
  [
    (wish) => keepsImageLogin(wish) && !["PRIVATE_IMAGE", "SHARED_IMAGE"].includes(wish.image.type),
    "InvalidParameterValue",
    "KeepImageLogin is available for private, shared and imported images only.",
  ],
  [
    (wish) => keyIds(wish).length > 0 && isWindows(wish.image),
    "UnsupportedOperation.KeyPairUnsupportedWindows",
    "Key-pair login is not available to Windows instances.",
  ],
  [
    (wish) => keyIds(wish).some((id) => !/^skey-[a-z0-9]{8}$/.test(id)),
    "InvalidKeyPairId.Malformed",
    "A key pair ID is malformed.",
  ],
  [
    (wish) => keyIds(wish).some((id) => !wish.keyPairs.some((pair) => pair.id === id)),
    "InvalidParameterValue.KeyPairNotFound",
    "The key does not exist.",
  ],
  [
    (wish) => wish.login.Password !== undefined && !isPasswordFit(wish.login.Password, isWindows(wish.image)),
    "InvalidParameterValue.InvalidPassword",
    "The specified password does not meet the complexity requirements.",
  ],
];

const otherRules: readonly Rule[] = [
  [
    (wish) => wish.hostName !== undefined && !isHostNameFit(wish.hostName, isWindows(wish.image)),
    "InvalidParameterValue.IllegalHostName",
    "The value of HostName is invalid.",
  ],
  [
    (wish) => wish.userData !== undefined && !isUserDataFit(wish.userData),
    "InvalidParameterValue.InvalidUserDataFormat",
    "UserData must be Base64 of at most 16 KB.",
  ],
];

/** What stands against the image, the disk, the login or the names asked for. */
export function wrongWish(wish: Wish): Refusal | null {
  const rules = [...imageRules, ...diskRules, ...loginRules, ...otherRules];
  const broken = rules.find(([isBroken]) => isBroken(wish));
  return broken ? refusal(broken[1], broken[2]) : null;
}

function crosses(wish: Wish): boolean {
  return isWindows(wish.image) !== isWindows(wish.instance);
}

function keyIds(wish: Wish): readonly string[] {
  return wish.login.KeyIds ?? [];
}

function keepsImageLogin(wish: Wish): boolean {
  return /^true$/i.test(wish.login.KeepImageLogin ?? "");
}

function loginsNamed(wish: Wish): number {
  return [wish.login.Password !== undefined, keyIds(wish).length > 0, keepsImageLogin(wish)].filter(Boolean).length;
}

/** LoginSettings.Password: Linux 8 to 30 of two kinds, Windows 12 to 30 of three. https://www.tencentcloud.com/document/api/213/15753#LoginSettings */
export function isPasswordFit(password: string, windows: boolean): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  const allowed = /^[a-zA-Z0-9()`~!@#$%^&*\-+=|{}[\]:;',.?/]+$/.test(password);
  const long = password.length >= (windows ? 12 : 8) && password.length <= 30;
  return allowed && long && kinds >= (windows ? 3 : 2);
}

export function isHostNameFit(name: string, windows: boolean): boolean {
  if (/^[.-]|[.-]$|[.-]{2}/.test(name)) return false;
  if (windows) return /^[a-zA-Z0-9-]{2,15}$/.test(name) && !/^\d+$/.test(name);
  return /^[a-zA-Z0-9.-]{2,60}$/.test(name);
}

function isUserDataFit(text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text && bytes.length <= userDataMaxBytes;
}
