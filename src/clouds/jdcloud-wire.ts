/** The only place that knows how JD Cloud's answers are written. Only fields that are used are read; most may be absent. https://docs.jdcloud.com/cn/virtual-machines/api/describeinstance */
import * as z from "zod";
import { readName } from "../line.ts";
import type { Disk, Facts, Image, ImageKind, Os, Power, Server, ServerRef } from "./cloud.ts";
import { WireId } from "./wire-id.ts";

const text = z.string().nullish();
const flag = z.boolean().nullish();

const WireDisk = z.object({
  diskCategory: text,
  localDisk: z.object({ diskType: text, diskSizeGB: z.number().nullish() }).nullish(),
  cloudDisk: z
    .object({
      diskId: text,
      diskType: text,
      diskSizeGB: z.number().nullish(),
      encrypted: flag,
      snapshotId: text,
      createTime: text,
    })
    .nullish(),
  deviceName: text,
  status: text,
});
type WireDisk = z.infer<typeof WireDisk>;

/** The API's own models write `hostname`, the samples in its documents `hostName`. */
export const Instance = z.object({
  instanceId: WireId.min(1),
  instanceName: text,
  hostname: text,
  hostName: text,
  instanceType: text,
  status: text,
  imageId: text,
  osType: text,
  osVersion: text,
  platform: text,
  architecture: text,
  privateIpAddress: text,
  elasticIpAddress: text,
  systemDisk: WireDisk.nullish(),
  dataDisks: z.array(WireDisk).nullish(),
  launchTime: text,
  keyNames: z.array(z.string()).nullish(),
  charge: z.object({ chargeMode: text, chargeStatus: text }).nullish(),
  chargeOnStopped: text,
  dedicatedHostId: text,
  dedicatedPoolId: text,
  tags: z.array(z.object({ key: z.string(), value: text })).nullish(),
});
export type Instance = z.infer<typeof Instance>;

/** Each entry is parsed by itself, so that a strange one does not hide the others. */
export const InstancePage = z.object({ totalCount: z.number(), instances: z.array(z.unknown()).nullish() });

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimages */
export const WireImage = z.object({
  imageId: WireId.min(1),
  name: text,
  platform: text,
  osVersion: text,
  osType: text,
  architecture: text,
  systemDiskSizeGB: z.number().nullish(),
  imageSource: text,
  status: text,
  createTime: text,
  loginName: text,
  rootDeviceType: text,
  offline: flag,
  systemDisk: WireDisk.nullish(),
  chargeInfo: z.unknown().optional(),
});
export type WireImage = z.infer<typeof WireImage>;
export const ImagePage = z.object({ totalCount: z.number(), images: z.array(z.unknown()).nullish() });

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimageconstraints */
export const Constraints = z.object({
  imageConstraints: z
    .object({
      imageInstanceTypeConstraint: z
        .object({ constraintsType: text, instanceTypes: z.array(z.string()).nullish() })
        .nullish(),
    })
    .nullish(),
});
export type Constraints = z.infer<typeof Constraints>;

/** https://docs.jdcloud.com/cn/virtual-machines/api/describekeypairs */
export const WireKeyPair = z.object({ keyName: WireId.min(1), keyFingerprint: text });
export const KeyPairPage = z.object({ totalCount: z.number(), keypairs: z.array(z.unknown()).nullish() });

/** `image` is what JD Cloud says of the server's image: null when there is no such image any more, undefined when it was not asked or did not say. */
export function serverFrom(
  instance: Instance,
  ref: ServerRef,
  readAt: number,
  image: Image | null | undefined,
): Server {
  const systemDisk = instance.systemDisk?.diskCategory ? diskFrom(instance.systemDisk) : undefined;
  const state = instance.status ?? "";
  const os = osFrom(instance);
  const imageId = instance.imageId ?? "";
  const loginUser = image?.facts["loginUser"];
  return {
    ref,
    name: readName(instance.instanceName),
    readAt,
    power: powers[state] ?? "unknown",
    state,
    os: os.family === "unknown" && image ? image.os : os,
    image: { id: imageId, name: image?.name || os.name || imageId },
    ...(systemDisk === undefined ? {} : { systemDisk }),
    dataDisks: (instance.dataDisks ?? []).map(diskFrom),
    ips: { public: listed(instance.elasticIpAddress), private: listed(instance.privateIpAddress) },
    charge: chargeWords[instance.charge?.chargeMode ?? ""] ?? instance.charge?.chargeMode ?? "",
    ...(loginUser ? { loginUser } : {}),
    tags: Object.fromEntries((instance.tags ?? []).map((tag) => [tag.key, tag.value ?? ""])),
    // Only what the instance itself says: a look-up of its image may fail, and would then seem a change.
    identity: {
      "system disk": systemDisk?.id ?? "none",
      "system disk size": systemDisk === undefined ? "none" : `${systemDisk.sizeGb} GB`,
      "system disk kind": systemDisk?.kind ?? "none",
      image: imageId,
      OS: os.name,
    },
    trace: traceOf(instance),
    facts: factsOf(instance),
  };
}

/** What the last operations left behind. The same names are read by `jdcloud-look.ts`. */
function traceOf(instance: Instance): Facts {
  return {
    state: instance.status ?? "",
    image: instance.imageId ?? "",
    "host name": instance.hostname ?? instance.hostName ?? "",
    "system disk": instance.systemDisk?.cloudDisk?.diskId ?? "",
    "system disk made": instance.systemDisk?.cloudDisk?.createTime ?? "",
    "system disk made from": instance.systemDisk?.cloudDisk?.snapshotId ?? "",
    "key pairs": (instance.keyNames ?? []).join(", "),
  };
}

function factsOf(instance: Instance): Facts {
  const disk = instance.systemDisk;
  return {
    type: instance.instanceType ?? "",
    architecture: instance.architecture ?? "",
    hostname: instance.hostname ?? instance.hostName ?? "",
    encrypted: yesNo(disk?.cloudDisk?.encrypted),
    mount: disk?.status ?? "",
    chargeStatus: instance.charge?.chargeStatus ?? "",
    chargeOnStopped: instance.chargeOnStopped ?? "",
    dedicated: instance.dedicatedHostId || instance.dedicatedPoolId ? "yes" : "no",
  };
}

/** https://docs.jdcloud.com/virtual-machines/api/vm_status. A word that is not here is `unknown`, which means wait or ask. */
const powers: Readonly<Record<string, Power>> = {
  running: "running",
  stopped: "stopped",
  error: "broken",
  terminated: "gone",
  pending: "busy",
  starting: "busy",
  stopping: "busy",
  reboot: "busy",
  rebooting: "busy",
  rebuilding: "busy",
  resizing: "busy",
  deleting: "busy",
};

const chargeWords: Readonly<Record<string, string>> = {
  prepaid_by_duration: "prepaid",
  postpaid_by_usage: "pay as you go, by usage",
  postpaid_by_duration: "pay as you go, by configuration",
};

/** A local disk has no id of its own; its device name stands in for it. */
function diskFrom(disk: WireDisk): Disk {
  const [kind, about] =
    disk.diskCategory === "local"
      ? (["local", disk.localDisk] as const)
      : ([disk.diskCategory === "cloud" ? "cloud" : "unknown", disk.cloudDisk] as const);
  const id = disk.cloudDisk?.diskId || disk.deviceName || "";
  return { id, sizeGb: about?.diskSizeGB ?? 0, kind, type: about?.diskType ?? "" };
}

export function imageFrom(image: WireImage): Image {
  return {
    id: image.imageId,
    name: readName(image.name),
    kind: kinds[image.imageSource ?? ""] ?? "shared",
    os: osFrom(image),
    minDiskGb: image.systemDiskSizeGB ?? 0,
    createdAt: image.createTime ?? "",
    facts: {
      status: image.status ?? "",
      offline: yesNo(image.offline),
      disk: image.rootDeviceType ?? "",
      // A system disk of an image without this word is not encrypted; a local one never is.
      encrypted: yesNo(image.systemDisk?.cloudDisk?.encrypted),
      architecture: image.architecture ?? "",
      loginUser: image.loginName ?? "",
      charged: yesNo(Boolean(image.chargeInfo)),
    },
  };
}

/** Community images are anybody's: a server may be made from one, but they are not offered. */
const kinds: Readonly<Record<string, ImageKind>> = {
  public: "public",
  thirdparty: "market",
  private: "private",
  shared: "shared",
};
export const sources: Readonly<Record<ImageKind, string>> = {
  public: "public",
  market: "thirdparty",
  private: "private",
  shared: "shared",
};

function osFrom(about: {
  osType?: string | null | undefined;
  platform?: string | null | undefined;
  osVersion?: string | null | undefined;
}): Os {
  const family = about.osType === "linux" || about.osType === "windows" ? about.osType : "unknown";
  return { family, name: [about.platform, about.osVersion].filter(Boolean).join(" ") };
}

/** The cloud says that there is no such server. */
export function goneServer(ref: ServerRef, readAt: number): Server {
  return {
    ...{ ref, name: "", readAt, power: "gone", state: "not found", os: { family: "unknown", name: "" }, charge: "" },
    ...{ image: { id: "", name: "" }, dataDisks: [], ips: { public: [], private: [] } },
    ...{ tags: {}, identity: {}, trace: {}, facts: {} },
  };
}

function listed(address: string | null | undefined): string[] {
  return address ? [address] : [];
}

function yesNo(value: boolean | null | undefined): string {
  return value ? "yes" : "no";
}
