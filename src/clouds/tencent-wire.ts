/** The only place that knows how Tencent Cloud's answers are written. Only fields that are used are read; most may be null. https://www.tencentcloud.com/document/api/213/15753 */
import * as z from "zod";
import { readName } from "../line.ts";
import type { Disk, Facts, Image, ImageKind, Os, Power, Server, ServerRef } from "./cloud.ts";
import { WireId } from "./wire-id.ts";

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const WireDisk = z.object({ DiskId: text, DiskType: text, DiskSize: z.number().nullish() });

/** https://www.tencentcloud.com/document/api/213/15753#Instance */
export const Instance = z.object({
  InstanceId: WireId.min(1),
  InstanceName: text,
  InstanceType: text,
  InstanceState: text,
  RestrictState: text,
  InstanceChargeType: text,
  StopChargingMode: text,
  IsolatedSource: text,
  ImageId: text,
  OsName: text,
  LicenseType: text,
  DefaultLoginUser: text,
  SystemDisk: WireDisk.nullish(),
  DataDisks: z.array(WireDisk).nullish(),
  PrivateIpAddresses: texts,
  PublicIpAddresses: texts,
  IPv6Addresses: texts,
  Tags: z.array(z.object({ Key: z.string(), Value: text })).nullish(),
  LatestOperation: text,
  LatestOperationState: text,
  LatestOperationRequestId: text,
});
export type Instance = z.infer<typeof Instance>;

/** Each entry is parsed by itself, so that a strange one does not hide the others. */
export const InstancePage = z.object({ TotalCount: z.number(), InstanceSet: z.array(z.unknown()).nullish() });

/** https://www.tencentcloud.com/document/api/213/15753#Image */
export const WireImage = z.object({
  ImageId: WireId.min(1),
  ImageName: text,
  ImageType: text,
  ImageState: text,
  ImageSize: z.number().nullish(),
  ImageDeprecated: z.boolean().nullish(),
  OsName: text,
  Platform: text,
  Architecture: text,
  LicenseType: text,
  CreatedTime: text,
});
export type WireImage = z.infer<typeof WireImage>;
export const ImagePage = z.object({ TotalCount: z.number(), ImageSet: z.array(z.unknown()).nullish() });

export const WireKeyPair = z.object({ KeyId: WireId.min(1), KeyName: text });
export const KeyPairPage = z.object({ TotalCount: z.number(), KeyPairSet: z.array(z.unknown()).nullish() });

export function serverFrom(instance: Instance, ref: ServerRef, readAt: number): Server {
  const systemDisk = instance.SystemDisk ? diskFrom(instance.SystemDisk) : undefined;
  const os = osFrom(readName(instance.OsName));
  const state = instance.InstanceState ?? "";
  const operating = instance.LatestOperationState === "OPERATING";
  return {
    ref,
    name: readName(instance.InstanceName),
    readAt,
    power: powerOf(instance),
    state: operating ? `${state}, ${instance.LatestOperation ?? "an operation"} under way` : state,
    os,
    image: { id: instance.ImageId ?? "", name: os.name },
    ...(systemDisk === undefined ? {} : { systemDisk }),
    dataDisks: (instance.DataDisks ?? []).map(diskFrom),
    ips: {
      public: instance.PublicIpAddresses ?? [],
      private: [...(instance.PrivateIpAddresses ?? []), ...(instance.IPv6Addresses ?? [])],
    },
    charge: chargeWords[instance.InstanceChargeType ?? ""] ?? instance.InstanceChargeType ?? "",
    ...(instance.DefaultLoginUser ? { loginUser: instance.DefaultLoginUser } : {}),
    tags: Object.fromEntries((instance.Tags ?? []).map((tag) => [tag.Key, tag.Value ?? ""])),
    identity: {
      "system disk": systemDisk?.id ?? "",
      "system disk size": systemDisk === undefined ? "" : `${systemDisk.sizeGb} GB`,
      image: instance.ImageId ?? "",
      OS: os.name,
      licence: licenceOf(instance.LicenseType),
    },
    trace: traceOf(instance),
    facts: factsOf(instance),
  };
}

/** What the last operations left behind. The same names are read by `tencent-look.ts`. */
function traceOf(instance: Instance): Facts {
  return {
    operation: instance.LatestOperation ?? "",
    "operation state": instance.LatestOperationState ?? "",
    "operation request": instance.LatestOperationRequestId ?? "",
    image: instance.ImageId ?? "",
    "system disk": instance.SystemDisk?.DiskId ?? "",
    state: instance.InstanceState ?? "",
  };
}

function factsOf(instance: Instance): Facts {
  return {
    state: instance.InstanceState ?? "",
    type: instance.InstanceType ?? "",
    charge: instance.InstanceChargeType ?? "",
    stopCharging: instance.StopChargingMode ?? "",
    restrict: instance.RestrictState ?? "",
    isolated: instance.IsolatedSource ?? "",
    licence: licenceOf(instance.LicenseType),
  };
}

const chargeWords: Readonly<Record<string, string>> = {
  PREPAID: "monthly subscription",
  POSTPAID_BY_HOUR: "pay as you go",
  CDHPAID: "on a dedicated host",
  CDCPAID: "on a dedicated cluster",
  SPOTPAID: "spot instance",
};

/** The provider's default, which it may leave out. */
function licenceOf(licence: string | null | undefined): string {
  return licence || "TencentCloud";
}

/** No word of these is final: the server is on its way to another state. SHUTDOWN is stopped and waits to be destroyed; pre-flight refuses it. */
const powers: Readonly<Record<string, Power>> = {
  RUNNING: "running",
  STOPPED: "stopped",
  SHUTDOWN: "stopped",
  PENDING: "busy",
  STARTING: "busy",
  STOPPING: "busy",
  REBOOTING: "busy",
  TERMINATING: "busy",
  ENTER_RESCUE_MODE: "busy",
  RESCUE_MODE: "busy",
  EXIT_RESCUE_MODE: "busy",
  ENTER_SERVICE_LIVE_MIGRATE: "busy",
  SERVICE_LIVE_MIGRATE: "busy",
  EXIT_SERVICE_LIVE_MIGRATE: "busy",
};

/** An operation can still be under way although the state already looks final: https://github.com/hashicorp/packer/issues/9054 */
function powerOf(instance: Instance): Power {
  const power = powers[instance.InstanceState ?? ""] ?? "unknown";
  if (instance.LatestOperationState === "OPERATING" || power === "busy") return "busy";
  const failed = instance.LatestOperation === "ResetInstance" && instance.LatestOperationState === "FAILED";
  const final = instance.InstanceState === "RUNNING" || instance.InstanceState === "STOPPED";
  return failed && final ? "broken" : power;
}

export function goneServer(ref: ServerRef, readAt: number): Server {
  return {
    ref,
    name: "",
    readAt,
    power: "gone",
    state: "not found",
    os: { family: "unknown", name: "" },
    image: { id: "", name: "" },
    dataDisks: [],
    ips: { public: [], private: [] },
    charge: "",
    tags: {},
    identity: {},
    trace: {},
    facts: {},
  };
}

function diskFrom(disk: z.infer<typeof WireDisk>): Disk {
  const type = disk.DiskType ?? "";
  const kind = type.startsWith("CLOUD_") ? "cloud" : type.startsWith("LOCAL_") ? "local" : "unknown";
  return { id: disk.DiskId ?? "", sizeGb: disk.DiskSize ?? 0, kind, type };
}

export function osFrom(name: string, platform = ""): Os {
  if (name === "" && platform === "") return { family: "unknown", name: "" };
  return { family: /windows/i.test(`${platform} ${name}`) ? "windows" : "linux", name: name || platform };
}

const imageKinds: Readonly<Record<string, ImageKind>> = {
  PUBLIC_IMAGE: "public",
  PRIVATE_IMAGE: "private",
  SHARED_IMAGE: "shared",
};

export function imageFrom(image: WireImage): Image {
  return {
    id: image.ImageId,
    name: readName(image.ImageName),
    kind: imageKinds[image.ImageType ?? ""] ?? "market",
    os: osFrom(readName(image.OsName), image.Platform ?? ""),
    minDiskGb: image.ImageSize ?? 0,
    createdAt: image.CreatedTime ?? "",
    facts: {
      state: image.ImageState ?? "",
      platform: image.Platform ?? "",
      architecture: image.Architecture ?? "",
      licence: licenceOf(image.LicenseType),
      deprecated: image.ImageDeprecated ? "yes" : "no",
    },
  };
}
