/** The reading calls of simulated JD Cloud: what it shows of servers, images, key pairs and quotas, field names as in its API. */
import {
  chargeStatus,
  imageIn,
  imageStatus,
  type JdcloudState,
  type JdDisk,
  type JdImage,
  type JdVm,
  settled,
  statusAt,
} from "./jdcloud-state.ts";
import { fail, filtersOf, listOf, type Outcome, pageOf, type Query } from "./jdcloud-wire.ts";

export interface Ask {
  state: JdcloudState;
  region: string;
  query: Query;
  now: number;
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeinstances */
export function describeInstances({ state, region, query, now }: Ask): Outcome {
  const filters = filtersOf(query);
  const unknown = filters.find((filter) => !(filter.name in fieldOf));
  if (unknown) return fail(400, "INVALID_ARGUMENT", `Invalid filter '${unknown.name}'`);
  const fits = (vm: JdVm) => filters.every((filter) => fieldOf[filter.name]?.(vm, filter.values, now));
  const all = serversIn(state, region, now)
    .filter(fits)
    .filter((vm) => hasTags(vm, query));
  const paged = pageOf(query, all);
  if (!("page" in paged)) return paged;
  return { ok: { instances: paged.page.map((vm) => instanceView(state, vm, now)), totalCount: all.length } };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeinstancestatus */
export function describeInstanceStatus(ask: Ask): Outcome {
  const all = serversIn(ask.state, ask.region, ask.now);
  const paged = pageOf(ask.query, all);
  if (!("page" in paged)) return paged;
  const instanceStatuses = paged.page.map((vm) => ({ instanceId: vm.id, status: statusAt(vm, ask.now) }));
  return { ok: { instanceStatuses, totalCount: all.length } };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeinstance */
export function describeInstance({ state, region, now }: Ask, id: string): Outcome {
  const vm = serverIn(state, region, id, now);
  return vm
    ? { ok: { instance: instanceView(state, vm, now) } }
    : fail(404, "NOT_FOUND", `Instance '${id}' not found.`);
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimages */
export function describeImages({ state, region, query, now }: Ask): Outcome {
  const ids = listOf(query, "ids");
  const source = query.get("imageSource");
  if (!source && ids.length === 0) return fail(400, "FAILED_PRECONDITION", "Parameter ImageSource missing");
  const same = (name: string, value: string) => !query.has(name) || query.get(name) === value;
  const all = state.images.filter(
    (image) =>
      image.region === region &&
      (ids.length === 0 || ids.includes(image.id)) &&
      same("imageSource", image.source) &&
      same("platform", image.platform) &&
      same("rootDeviceType", image.rootDevice) &&
      same("architecture", image.architecture) &&
      same("status", imageStatus(image, now)) &&
      same("offline", String(image.offline)) &&
      image.name.toLowerCase().includes((query.get("imageName") ?? "").toLowerCase()),
  );
  const paged = pageOf(query, all);
  if (!("page" in paged)) return paged;
  return { ok: { images: paged.page.map((image) => imageView(image, now)), totalCount: all.length } };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimage */
export function describeImage({ state, region, now }: Ask, id: string): Outcome {
  const image = imageIn(state, region, id);
  return image ? { ok: { image: imageView(image, now) } } : fail(404, "NOT_FOUND", `Image '${id}' not found.`);
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimageconstraints */
export function describeImageConstraints({ state, region }: Ask, id: string): Outcome {
  const image = imageIn(state, region, id);
  if (!image) return fail(404, "NOT_FOUND", `Image '${id}' not found.`);
  const limits = image.constraint && {
    constraintsType: image.constraint.type,
    instanceTypes: image.constraint.instanceTypes,
  };
  return { ok: { imageConstraints: { imageId: id, ...(limits ? { imageInstanceTypeConstraint: limits } : {}) } } };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describekeypairs */
export function describeKeypairs({ state, region, query, now }: Ask): Outcome {
  const wanted = filtersOf(query).find((filter) => filter.name === "keyNames")?.values;
  const all = state.keyPairs.filter((pair) => pair.region === region && (!wanted || wanted.includes(pair.name)));
  const paged = pageOf(query, all);
  if (!("page" in paged)) return paged;
  const keypairs = paged.page.map((pair) => ({
    keyName: pair.name,
    keyFingerprint: pair.fingerprint,
    createTime: "2025-03-02 08:00:00",
    instanceIds: serversIn(state, region, now)
      .filter((vm) => vm.keyNames.includes(pair.name))
      .map((vm) => vm.id),
  }));
  return { ok: { keypairs, totalCount: all.length } };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/describequotas */
export function describeQuotas({ state, region, now }: Ask): Outcome {
  const used = {
    instance: serversIn(state, region, now).length,
    image: state.images.filter((image) => image.region === region && image.source === "private").length,
    keypair: state.keyPairs.filter((pair) => pair.region === region).length,
  };
  return {
    ok: {
      quotas: Object.entries(quotaLimits).map(([resourceType, limit]) => ({
        resourceType,
        limit: resourceType === "image" && state.armed.includes("image-quota") ? 0 : limit,
        used: used[resourceType as keyof typeof used],
      })),
    },
  };
}

export const quotaLimits = { instance: 200, image: 12, keypair: 20 } as const;

/** The servers of a region as they are now. */
export function serversIn(state: JdcloudState, region: string, now: number): JdVm[] {
  return Object.values(state.servers)
    .filter((vm) => vm.region === region)
    .map((vm) => settled(vm, now));
}

export function serverIn(state: JdcloudState, region: string, id: string, now: number): JdVm | undefined {
  const vm = Object.hasOwn(state.servers, id) ? state.servers[id] : undefined;
  return vm?.region === region ? settled(vm, now) : undefined;
}

type Test = (vm: JdVm, values: readonly string[], now: number) => boolean;
const fieldOf: Readonly<Record<string, Test>> = {
  instanceId: (vm, values) => values.includes(vm.id),
  status: (vm, values, now) => values.includes(statusAt(vm, now)),
  name: (vm, values) => vm.name.includes(values[0] ?? ""),
  imageId: (vm, values) => values.includes(vm.imageId),
  instanceType: (vm, values) => values.includes(vm.instanceType),
  privateIpAddress: (vm, values) => values.some((value) => vm.privateIp.includes(value)),
  elasticIpAddress: (vm, values) => values.includes(vm.publicIp),
  vpcId: (_vm, values) => values.includes("vpc-playground"),
};

function hasTags(vm: JdVm, query: Query): boolean {
  for (let n = 1; query.has(`tags.${n}.key`); n += 1) {
    const value = vm.tags[query.get(`tags.${n}.key`) ?? ""];
    const wanted = listOf(query, `tags.${n}.values`);
    if (value === undefined || (wanted.length > 0 && !wanted.includes(value))) return false;
  }
  return true;
}

function instanceView(state: JdcloudState, vm: JdVm, now: number): Readonly<Record<string, unknown>> {
  return {
    instanceId: vm.id,
    instanceName: vm.name,
    hostname: vm.hostname,
    instanceType: vm.instanceType,
    vpcId: "vpc-playground",
    subnetId: "subnet-playground",
    privateIpAddress: vm.privateIp,
    ...(vm.publicIp ? { elasticIpId: `fip-${vm.id.slice(2)}`, elasticIpAddress: vm.publicIp } : {}),
    status: statusAt(vm, now),
    description: "",
    imageId: vm.imageId,
    ...(vm.systemDisk ? { systemDisk: diskView(vm.systemDisk, "vda") } : {}),
    dataDisks: vm.dataDisks.map((disk, at) => diskView(disk, `vd${String.fromCharCode(98 + at)}`)),
    launchTime: vm.launchTime,
    az: `${vm.region}a`,
    keyNames: vm.keyNames,
    charge: chargeView(state, vm),
    ...(vm.imageCharged ? { imageCharge: { chargeInfo: { serviceCode: "vm_image" } } } : {}),
    chargeOnStopped: vm.chargeOnStopped,
    ...(vm.dedicatedHostId ? { dedicatedHostId: vm.dedicatedHostId } : {}),
    osType: vm.osType,
    osVersion: vm.osVersion,
    platform: vm.platform,
    architecture: "x86_64",
    bootMode: "bios",
    tags: Object.entries(vm.tags).map(([key, value]) => ({ key, value })),
  };
}

function chargeView(state: JdcloudState, vm: JdVm): Readonly<Record<string, string>> {
  const prepaid = vm.charge.mode === "prepaid_by_duration";
  return {
    chargeMode: vm.charge.mode,
    ...(chargeStatus(state, vm) ? { chargeStatus: chargeStatus(state, vm) } : {}),
    chargeStartTime: "2026-05-31T18:00:00Z",
    ...(prepaid ? { chargeExpiredTime: "2027-03-01T15:59:59Z" } : {}),
  };
}

function diskView(disk: JdDisk, deviceName: string): Readonly<Record<string, unknown>> {
  const { category: diskCategory, type: diskType, sizeGb: diskSizeGB } = disk;
  const about = { diskCategory, autoDelete: true, deviceName, status: disk.mount };
  if (disk.category === "local") return { ...about, localDisk: { diskType, diskSizeGB } };
  const { id: diskId, snapshotId, encrypted, createTime } = disk;
  return { ...about, cloudDisk: { diskId, diskType, diskSizeGB, status: "in-use", snapshotId, encrypted, createTime } };
}

function imageView(image: JdImage, now: number): Readonly<Record<string, unknown>> {
  const cloud = image.rootDevice === "cloudDisk";
  const cloudDisk = { diskType: "ssd.gp1", diskSizeGB: image.sizeGb, encrypted: image.encrypted };
  return {
    imageId: image.id,
    name: image.name,
    platform: image.platform,
    osVersion: image.osVersion,
    osType: image.osType,
    architecture: image.architecture,
    systemDiskSizeGB: image.sizeGb,
    imageSource: image.source,
    status: imageStatus(image, now),
    createTime: image.createTime,
    sizeMB: image.sizeGb * 80,
    loginName: image.loginName,
    launchPermission: image.source === "public" ? "all" : "ownerOnly",
    systemDisk: { diskCategory: cloud ? "cloud" : "local", ...(cloud ? { cloudDisk } : {}) },
    ...(cloud ? { snapshotId: `snapshot-${image.id.slice(4)}` } : {}),
    rootDeviceType: image.rootDevice,
    offline: image.offline,
    imported: false,
    bootMode: "bios",
    ...(image.charged ? { chargeInfo: { serviceCode: "vm_image", formula: [{ key: "num", value: "1" }] } } : {}),
  };
}
