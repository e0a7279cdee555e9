import { describe, expect, test } from "vitest";
import { Instance, imageFrom, serverFrom, WireImage } from "../src/clouds/tencent-wire.ts";
import { reading, sampleInstance, startMs } from "./tencent-samples.ts";

const ref = { cloud: "tencent", site: "mainland", account: "prod", region: "ap-guangzhou", id: "ins-xlsyru2j" };

test("the vendor's published instance is read in full", () => {
  expect(serverFrom(Instance.parse(sampleInstance), ref, startMs)).toEqual({
    ref,
    name: "myInstance",
    readAt: startMs,
    power: "busy",
    state: "RUNNING, ResetInstance under way",
    os: { family: "linux", name: "CentOS 7.4 64bit" },
    image: { id: "img-8toqc6s3", name: "CentOS 7.4 64bit" },
    systemDisk: { id: "disk-czsodtl1", sizeGb: 50, kind: "cloud", type: "CLOUD_SSD" },
    dataDisks: [{ id: "disk-bzsodtn1", sizeGb: 50, kind: "cloud", type: "CLOUD_SSD" }],
    ips: { public: ["123.207.11.190"], private: ["172.16.32.78"] },
    charge: "pay as you go",
    loginUser: "root",
    tags: { myKey: "myValue" },
    identity: {
      "system disk": "disk-czsodtl1",
      "system disk size": "50 GB",
      image: "img-8toqc6s3",
      OS: "CentOS 7.4 64bit",
      licence: "TencentCloud",
    },
    trace: {
      operation: "ResetInstance",
      "operation state": "OPERATING",
      "operation request": "c7de1287-061d-4ace-8caf-6ad8e5a2f29a",
      image: "img-8toqc6s3",
      "system disk": "disk-czsodtl1",
      state: "RUNNING",
    },
    facts: {
      state: "RUNNING",
      type: "S2.SMALL2",
      charge: "POSTPAID_BY_HOUR",
      stopCharging: "NOT_APPLICABLE",
      restrict: "NORMAL",
      isolated: "NOTISOLATED",
      licence: "TencentCloud",
    },
  });
});

test("every field but the id may be null or missing", () => {
  const nulls = Object.fromEntries(Object.keys(sampleInstance).map((key) => [key, null]));
  for (const bare of [{ ...nulls, InstanceId: "ins-bare0000" }, { InstanceId: "ins-bare0000" }]) {
    const server = serverFrom(Instance.parse(bare), ref, startMs);
    expect(server).toMatchObject({ power: "unknown", os: { family: "unknown" }, dataDisks: [], tags: {} });
    expect(server.systemDisk).toBeUndefined();
  }
});

describe("power", () => {
  const reset = (state: string) => ({ LatestOperation: "ResetInstance", LatestOperationState: state });
  const table = [
    { says: "running", fields: { InstanceState: "RUNNING" }, power: "running" },
    { says: "stopped", fields: { InstanceState: "STOPPED" }, power: "stopped" },
    { says: "stopped and to be destroyed", fields: { InstanceState: "SHUTDOWN" }, power: "stopped" },
    { says: "starting", fields: { InstanceState: "STARTING" }, power: "busy" },
    { says: "stopping", fields: { InstanceState: "STOPPING" }, power: "busy" },
    { says: "being moved", fields: { InstanceState: "SERVICE_LIVE_MIGRATE" }, power: "busy" },
    { says: "in rescue mode", fields: { InstanceState: "RESCUE_MODE" }, power: "busy" },
    { says: "a word nobody knows", fields: { InstanceState: "DREAMING" }, power: "unknown" },
    { says: "no word", fields: { InstanceState: null }, power: "unknown" },
    { says: "never created", fields: { InstanceState: "LAUNCH_FAILED" }, power: "unknown" },
    {
      says: "stopped with an operation under way",
      fields: { InstanceState: "STOPPED", LatestOperation: "StopInstances", LatestOperationState: "OPERATING" },
      power: "busy",
    },
    { says: "reinstall failed", fields: { InstanceState: "STOPPED", ...reset("FAILED") }, power: "broken" },
    { says: "reinstall failed, running", fields: { InstanceState: "RUNNING", ...reset("FAILED") }, power: "broken" },
    {
      says: "reinstall failed, in a state nobody knows",
      fields: { InstanceState: "DREAMING", ...reset("FAILED") },
      power: "unknown",
    },
    { says: "reinstalled well", fields: { InstanceState: "RUNNING", ...reset("SUCCESS") }, power: "running" },
    {
      says: "another operation failed",
      fields: { InstanceState: "RUNNING", LatestOperation: "ResizeInstanceDisks", LatestOperationState: "FAILED" },
      power: "running",
    },
  ];
  test.each(table)("$says: $power", ({ fields, power }) => {
    expect(reading(fields).power).toBe(power);
  });
});

test("power is no part of the identity, and everything that an approval seals is", () => {
  const before = reading({ InstanceState: "RUNNING" });
  expect(reading({ InstanceState: "STOPPED" }).identity).toEqual(before.identity);
  for (const changed of [
    { ImageId: "img-other000" },
    { OsName: "Debian 12.5 64bit" },
    { LicenseType: "BYOL" },
    { SystemDisk: { DiskType: "CLOUD_SSD", DiskId: "disk-other000", DiskSize: 50 } },
    { SystemDisk: { DiskType: "CLOUD_SSD", DiskId: "disk-czsodtl1", DiskSize: 60 } },
  ]) {
    expect(reading(changed).identity).not.toEqual(before.identity);
  }
});

test("Windows is told by platform or name, a local disk by its type", () => {
  expect(reading({ OsName: "Windows Server 2019 DataCenter 64bit" }).os.family).toBe("windows");
  expect(reading({ SystemDisk: { DiskType: "LOCAL_BASIC", DiskId: null, DiskSize: 20 } }).systemDisk).toEqual({
    id: "",
    sizeGb: 20,
    kind: "local",
    type: "LOCAL_BASIC",
  });
  const image = WireImage.parse({
    ImageId: "img-1",
    OsName: "Server 2022",
    Platform: "Windows",
    ImageType: "PRIVATE_IMAGE",
  });
  expect(imageFrom(image)).toMatchObject({ kind: "private", os: { family: "windows", name: "Server 2022" } });
});
