/** The only place that writes an instance as DescribeInstances answers it. https://www.tencentcloud.com/document/api/213/15753#Instance */
import { keptBy } from "./kept.ts";
import type { Filter } from "./tencent-describe.ts";
import { type CvmDisk, type CvmInstance, isWindows } from "./tencent-state.ts";

const vpcId = "vpc-m0cnatxj";
const subnetId = "subnet-mv4sn55k";
const securityGroupId = "sg-p1ezv4wz";

export const instanceWire = keptBy(instanceWireOf);

function instanceWireOf(instance: CvmInstance): Readonly<Record<string, unknown>> {
  const windows = isWindows(instance);
  return {
    Placement: { Zone: instance.zone, ProjectId: 0, HostId: "", HostIds: [] },
    InstanceId: instance.id,
    InstanceName: instance.name,
    InstanceType: instance.type,
    CPU: instance.cpu,
    Memory: instance.memoryGb,
    InstanceState: instance.state,
    RestrictState: instance.restrict,
    InstanceChargeType: instance.charge,
    StopChargingMode: instance.stopCharging,
    IsolatedSource: instance.restrict === "NORMAL" ? "NOTISOLATED" : "EXPIRE",
    ImageId: instance.imageId,
    OsName: instance.osName,
    LicenseType: instance.licence,
    HostName: instance.hostName,
    ...disksWire(instance),
    ...networkWire(instance),
    LoginSettings: { KeyIds: instance.keyIds },
    DefaultLoginUser: windows ? "Administrator" : instance.osName.startsWith("Ubuntu") ? "ubuntu" : "root",
    DefaultLoginPort: windows ? 3389 : 22,
    Tags: instance.tags,
    CreatedTime: instance.createdAt,
    ExpiredTime: instance.charge === "PREPAID" ? "2027-06-30T15:59:59Z" : null,
    RenewFlag: instance.charge === "PREPAID" ? "NOTIFY_AND_MANUAL_RENEW" : null,
    DisableApiTermination: false,
    CamRoleName: "",
    Uuid: instance.uuid,
    LatestOperation: instance.latest?.operation ?? null,
    LatestOperationState: instance.latest?.state ?? null,
    LatestOperationRequestId: instance.latest?.requestId ?? null,
    LatestOperationErrorMsg: instance.latest?.message ?? null,
  };
}

function disksWire(instance: CvmInstance): Readonly<Record<string, unknown>> {
  return {
    SystemDisk: { ...diskWire(instance.systemDisk), CdcId: null },
    DataDisks: instance.dataDisks.map((disk) => ({
      ...diskWire(disk),
      DeleteWithInstance: true,
      Encrypt: false,
      KmsKeyId: null,
      SnapshotId: "",
      ThroughputPerformance: 0,
      BurstPerformance: false,
    })),
  };
}

function networkWire(instance: CvmInstance): Readonly<Record<string, unknown>> {
  const open = instance.publicIp !== "";
  return {
    PrivateIpAddresses: [instance.privateIp],
    PublicIpAddresses: open ? [instance.publicIp] : null,
    IPv6Addresses: [],
    InternetAccessible: {
      InternetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
      InternetMaxBandwidthOut: open ? 10 : 0,
      PublicIpAssigned: open,
    },
    VirtualPrivateCloud: {
      VpcId: vpcId,
      SubnetId: subnetId,
      AsVpcGateway: false,
      PrivateIpAddresses: [instance.privateIp],
      Ipv6AddressCount: 0,
    },
    SecurityGroupIds: [securityGroupId],
  };
}

function diskWire(disk: CvmDisk): Readonly<Record<string, unknown>> {
  return { DiskType: disk.type, DiskId: disk.id, DiskSize: disk.sizeGb, DiskName: "" };
}

/** Whether an instance, as it is shown, passes one filter of DescribeInstances. */
export function fitsInstance(instance: CvmInstance, filter: Filter): boolean {
  const has = (...texts: readonly string[]) => texts.some((text) => filter.Values.includes(text));
  if (filter.Name.startsWith("tag:")) {
    const key = filter.Name.slice("tag:".length);
    return instance.tags.some((tag) => tag.Key === key && has(tag.Value));
  }
  if (filter.Name === "instance-name") return filter.Values.some((value) => instance.name.includes(value));
  const texts: Readonly<Record<string, readonly string[]>> = {
    zone: [instance.zone],
    "project-id": ["0"],
    "vpc-id": [vpcId],
    "subnet-id": [subnetId],
    "security-group-id": [securityGroupId],
    "instance-id": [instance.id],
    uuid: [instance.uuid],
    "instance-charge-type": [instance.charge],
    "instance-state": [instance.state],
    "private-ip-address": [instance.privateIp],
    "public-ip-address": [instance.publicIp],
    "tag-key": instance.tags.map((tag) => tag.Key),
    "tag-value": instance.tags.map((tag) => tag.Value),
  };
  return has(...(texts[filter.Name] ?? []));
}
