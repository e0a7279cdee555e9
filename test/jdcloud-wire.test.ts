import { expect, test } from "vitest";
import { constrained, misfit } from "../src/clouds/jdcloud-images.ts";
import {
  Constraints,
  Instance,
  imageFrom,
  KeyPairPage,
  serverFrom,
  WireImage,
  WireKeyPair,
} from "../src/clouds/jdcloud-wire.ts";

// The samples are those of the vendor's documents, with the ids as masked there.

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeinstance */
const instance = {
  az: "cn-north-1c",
  charge: { chargeMode: "postpaid_by_duration", chargeStartTime: "2021-07-19T12:33:17Z", chargeStatus: "normal" },
  chargeOnStopped: "keepCharging",
  description: "",
  elasticIpAddress: "116.111.11.1",
  elasticIpId: "fip-z1z1****ja",
  hostName: "test1",
  imageId: "img-m5s0****29",
  instanceId: "i-eumm****d6",
  instanceName: "test1",
  instanceType: "g.n2.large",
  launchTime: "2021-07-19 20:33:17",
  primaryNetworkInterface: { autoDelete: true, deviceIndex: 1, networkInterface: { macAddress: "fa:16:3e:a8:a4:xx" } },
  privateIpAddress: "127.0.0.1",
  status: "stopped",
  subnetId: "subnet-c2p3****9o",
  systemDisk: {
    autoDelete: true,
    cloudDisk: {
      ...{ az: "cn-north-1c", createTime: "2021-07-19 20:32:53", diskId: "vol-u8r2****c1", diskSizeGB: 40 },
      ...{
        diskType: "ssd.gp1",
        encrypt: false,
        encrypted: false,
        iops: 2000,
        multiAttachable: false,
        status: "in-use",
      },
    },
    deviceName: "vda",
    diskCategory: "cloud",
    status: "attached",
  },
  vpcId: "vpc-z9r3****p8",
};

/** https://docs.jdcloud.com/cn/virtual-machines/api/describeimages */
const image = {
  architecture: "x86_64",
  createTime: "2021-01-28 16:49:05",
  desc: "",
  imageId: "img-m5s0****29",
  imageSource: "public",
  launchPermission: "all",
  name: "CentOS 8.2 64位",
  osType: "linux",
  osVersion: "8.2",
  ownerPin: "admin",
  platform: "CentOS",
  progress: "100",
  rootDeviceType: "cloudDisk",
  sizeMB: 2494,
  snapshotId: "snapshot-h8u1****36",
  status: "ready",
  systemDisk: {
    autoDelete: true,
    cloudDisk: { diskSizeGB: 40, diskType: "ssd.gp1", encrypt: false, encrypted: false },
    deviceName: "vda",
    diskCategory: "cloud",
  },
  systemDiskSizeGB: 40,
  uefiSupport: false,
};

const ref = { cloud: "jdcloud", site: "cn", account: "prod", region: "cn-north-1", id: "i-eumm****d6" };
const centos = imageFrom(WireImage.parse(image));

test("the vendor's sample of an instance is read whole, its OS from its image", () => {
  expect(serverFrom(Instance.parse(instance), ref, 7, centos)).toEqual({
    ref,
    name: "test1",
    readAt: 7,
    power: "stopped",
    state: "stopped",
    os: { family: "linux", name: "CentOS 8.2" },
    image: { id: "img-m5s0****29", name: "CentOS 8.2 64位" },
    systemDisk: { id: "vol-u8r2****c1", sizeGb: 40, kind: "cloud", type: "ssd.gp1" },
    dataDisks: [],
    ips: { public: ["116.111.11.1"], private: ["127.0.0.1"] },
    charge: "pay as you go, by configuration",
    tags: {},
    identity: {
      "system disk": "vol-u8r2****c1",
      "system disk size": "40 GB",
      "system disk kind": "cloud",
      image: "img-m5s0****29",
      OS: "",
    },
    trace: {
      state: "stopped",
      image: "img-m5s0****29",
      "host name": "test1",
      "system disk": "vol-u8r2****c1",
      "system disk made": "2021-07-19 20:32:53",
      "system disk made from": "",
      "key pairs": "",
    },
    facts: {
      type: "g.n2.large",
      architecture: "",
      hostname: "test1",
      encrypted: "no",
      mount: "attached",
      chargeStatus: "normal",
      chargeOnStopped: "keepCharging",
      dedicated: "no",
    },
  });
});

test("the vendor's sample of an image is read whole", () => {
  expect(centos).toEqual({
    id: "img-m5s0****29",
    name: "CentOS 8.2 64位",
    kind: "public",
    os: { family: "linux", name: "CentOS 8.2" },
    minDiskGb: 40,
    createdAt: "2021-01-28 16:49:05",
    facts: {
      ...{ status: "ready", offline: "no", disk: "cloudDisk", encrypted: "no", architecture: "x86_64" },
      ...{ loginUser: "", charged: "no" },
    },
  });
});

test("the vendor's sample of constraints keeps an image from the types it excludes, and only from those", () => {
  // https://docs.jdcloud.com/cn/virtual-machines/api/describeimageconstraints
  const limits = Constraints.parse({
    imageConstraints: {
      imageId: "img-m5s0****29",
      imageInstanceTypeConstraint: {
        constraintsType: "excludes",
        instanceTypes: ["p.c1p40g.3large", "p.c1p40g.xlarge", "m.n4.2xlarge", "g.n2.metal"],
      },
    },
  });
  const ofType = (instanceType: string) => serverFrom(Instance.parse({ ...instance, instanceType }), ref, 7, centos);
  const code = (type: string) => misfit(constrained(centos, ofType(type), limits), ofType(type))?.code;
  expect([code("g.n2.metal"), code("g.n2.large")]).toEqual(["image-instance-type", undefined]);
});

test("the vendor's sample of key pairs gives the name and the fingerprint", () => {
  // https://docs.jdcloud.com/cn/virtual-machines/api/describekeypairs
  const page = KeyPairPage.parse({
    keypairs: [
      {
        ...{ createTime: "2020-12-08 16:52:02", instanceIds: ["i-eumm****d6", "i-y5nh****9w"], keyName: "test" },
        keyFingerprint: "25:65:12:a9:2a:d8:03:97:a4:59:ce:3c:fe:00:aa:7c",
      },
    ],
    totalCount: 1,
  });
  expect(page.keypairs?.map((entry) => WireKeyPair.parse(entry))).toEqual([
    { keyName: "test", keyFingerprint: "25:65:12:a9:2a:d8:03:97:a4:59:ce:3c:fe:00:aa:7c" },
  ]);
});

const busy = ["pending", "starting", "stopping", "rebooting", "reboot", "rebuilding", "resizing", "deleting"];
test.each<readonly [status: string, power: string]>([
  ["running", "running"],
  ["stopped", "stopped"],
  ["error", "broken"],
  ["terminated", "gone"],
  ...busy.map((status) => [status, "busy"] as const),
  ["suspended", "unknown"],
  ["", "unknown"],
])("the state %j means %s", (status, power) => {
  expect(serverFrom(Instance.parse({ ...instance, status }), ref, 7, null).power).toBe(power);
});

test("a state that JD Cloud leaves out is unknown, and an empty system disk is none", () => {
  const { status: _left, systemDisk: _out, ...rest } = instance;
  const server = serverFrom(Instance.parse({ ...rest, systemDisk: {} }), ref, 7, undefined);
  expect([server.power, server.systemDisk, server.identity["system disk"]]).toEqual(["unknown", undefined, "none"]);
});

test("a local system disk has no id, so its device name stands for it", () => {
  const systemDisk = {
    diskCategory: "local",
    deviceName: "vda",
    localDisk: { diskType: "premium-hdd", diskSizeGB: 40 },
  };
  const server = serverFrom(Instance.parse({ ...instance, systemDisk }), ref, 7, undefined);
  expect(server.systemDisk).toEqual({ id: "vda", sizeGb: 40, kind: "local", type: "premium-hdd" });
});
