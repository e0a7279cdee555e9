import { describe, expect, test } from "vitest";
import { isHostNameFit, isPasswordFit } from "../playground/clouds/tencent-reset-rules.ts";
import { minutes, readAnswer, seconds, tencentWorld } from "./setup/tencent-world.ts";

const web01 = "ins-r8hr2upy";
const ubuntu = "Ubuntu Server 22.04 LTS 64bit";
const windows = "Windows Server 2022 DataCenter 64bit English";

describe("a reinstall", () => {
  test("shows late, ends running with the new image, and keeps the disk of the same system", () => {
    const cloud = tencentWorld();
    const before = cloud.see(web01);
    const { RequestId } = cloud.call("ResetInstance", {
      InstanceId: web01,
      ImageId: cloud.imageId(ubuntu),
      SystemDisk: { DiskSize: 60 },
      LoginSettings: { KeyIds: ["skey-b4vakk62"] },
    });
    cloud.later(7 * seconds);
    expect(cloud.see(web01)).toEqual(before);
    cloud.later(1 * seconds);
    expect(cloud.see(web01)).toMatchObject({ LatestOperationState: "OPERATING", LatestOperationRequestId: RequestId });
    cloud.later(3.8 * minutes);
    expect(cloud.see(web01)).toMatchObject({ LatestOperationState: "OPERATING", ImageId: before["ImageId"] });
    cloud.later(2.3 * minutes);
    expect(cloud.see(web01)).toMatchObject({
      InstanceState: "RUNNING",
      ImageId: cloud.imageId(ubuntu),
      OsName: ubuntu,
      DefaultLoginUser: "ubuntu",
      LoginSettings: { KeyIds: ["skey-b4vakk62"] },
      SystemDisk: { ...(before["SystemDisk"] as object), DiskSize: 60 },
      DataDisks: before["DataDisks"],
      PublicIpAddresses: before["PublicIpAddresses"],
      LatestOperation: "ResetInstance",
      LatestOperationState: "SUCCESS",
    });
    expect(cloud.wipes(web01)).toBe(1);
  });

  test("between Linux and Windows brings another system disk", () => {
    const cloud = tencentWorld();
    const diskId = () => (cloud.see(web01)["SystemDisk"] as { DiskId: string }).DiskId;
    const before = diskId();
    cloud.call("ResetInstance", {
      InstanceId: web01,
      ImageId: cloud.imageId(windows),
      LoginSettings: { Password: "Correct-horse-7" },
    });
    cloud.later(7 * minutes);
    expect(diskId()).not.toBe(before);
    expect(cloud.see(web01)).toMatchObject({ OsName: windows, DefaultLoginUser: "Administrator" });
    expect(cloud.passwords()).toEqual({ [web01]: "Correct-horse-7" });
  });

  test("of a stopped server ends running", () => {
    const cloud = tencentWorld();
    const id = cloud.idOf("standby-01");
    cloud.call("ResetInstance", { InstanceId: id });
    cloud.later(7 * minutes);
    expect(cloud.see(id)).toMatchObject({ InstanceState: "RUNNING", LatestOperationState: "SUCCESS" });
    expect(cloud.passwords()[id]).toMatch(/^Tc3!/);
  });

  test("refuses power right after it in words of its own", () => {
    const cloud = tencentWorld();
    cloud.call("ResetInstance", { InstanceId: web01 });
    expect(cloud.code("StopInstances", { InstanceIds: [web01] })).toBe("InvalidInstance.NotSupported");
    cloud.later(10 * seconds);
    expect(cloud.code("StopInstances", { InstanceIds: [web01] })).toBe("OperationDenied.InstanceOperationInProgress");
  });

  test("that failed leaves a server that takes nothing but another one", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-fails");
    cloud.call("ResetInstance", { InstanceId: web01 });
    cloud.later(4 * minutes);
    expect(cloud.see(web01)).toMatchObject({
      InstanceState: "STOPPED",
      LatestOperation: "ResetInstance",
      LatestOperationState: "FAILED",
      LatestOperationErrorMsg: expect.stringContaining("Failed to reinstall"),
    });
    const failed = "UnsupportedOperation.InstanceReinstallFailed";
    for (const action of ["StopInstances", "StartInstances", "RebootInstances"]) {
      expect(cloud.code(action, { InstanceIds: [web01] })).toBe(failed);
    }
    expect(cloud.code("CreateImage", { InstanceId: web01, ImageName: "late" })).toBe(failed);
    cloud.call("ResetInstance", { InstanceId: web01 });
    cloud.later(7 * minutes);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "RUNNING", LatestOperationState: "SUCCESS" });
    expect(cloud.wipes(web01)).toBe(2);
  });
});

describe("a server that stands for a rule", () => {
  test.each<[name: string, image: string | null, region: string, code: string]>([
    ["batch-spot-01", null, "ap-guangzhou", "UnsupportedOperation.InstanceChargeType"],
    ["report-night-01", null, "ap-guangzhou", "UnsupportedOperation.StoppedModeStopCharging"],
    ["legacy-shop-01", null, "ap-guangzhou", "UnsupportedOperation.InstanceStateIsolating"],
    ["old-demo-01", null, "ap-guangzhou", "UnsupportedOperation.InstanceStateShutdown"],
    ["build-07", null, "ap-guangzhou", "OperationDenied.InstanceOperationInProgress"],
    ["crm-02", null, "ap-guangzhou", ""],
    ["billing-03", null, "ap-guangzhou", "InvalidImageId.NotFound"],
    ["billing-03", ubuntu, "ap-guangzhou", ""],
    ["erp-01", windows, "ap-guangzhou", "UnsupportedOperation.InvalidImageLicenseTypeForReset"],
    ["erp-01", null, "ap-guangzhou", ""],
    ["web-01", "rhel-byol-9", "ap-guangzhou", "UnsupportedOperation.InvalidImageLicenseTypeForReset"],
    ["archive-01", windows, "ap-guangzhou", "UnsupportedOperation.RawLocalDiskInsReinstalltoQcow2"],
    ["archive-01", ubuntu, "ap-guangzhou", ""],
    ["auth-02", null, "ap-guangzhou", "UnsupportedOperation.InstanceStateRescueMode"],
    ['<!channel> *x* & "', null, "ap-guangzhou", ""],
    ["arm-01", ubuntu, "ap-guangzhou", "InvalidParameterValue.InvalidImageForGivenInstanceType"],
    ["hk-web-01", windows, "ap-hongkong", "InvalidParameterValue.InvalidImageIdForRetsetInstance"],
    ["hk-web-01", null, "ap-hongkong", ""],
    ["win-01", ubuntu, "ap-guangzhou", ""],
    ["web-01", "warehouse-full-200g", "ap-guangzhou", "InvalidParameterValue.InvalidImageIdForRetsetInstance"],
    ["web-01", "nightly-snapshot-running", "ap-guangzhou", "InvalidParameterValue.InvalidImageState"],
    ["web-01", "hk-edge-2026-11", "ap-guangzhou", "InvalidImageId.NotFound"],
  ])("%s with image %s in %s is answered %s", (name, image, region, code) => {
    const cloud = tencentWorld();
    const id = cloud.idOf(name);
    const body = { InstanceId: id, ...(image === null ? {} : { ImageId: cloud.imageId(image) }) };
    expect(cloud.code("ResetInstance", body, region)).toBe(code);
    expect(cloud.wipes(id)).toBe(code === "" ? 1 : 0);
  });
});

describe("what is asked for", () => {
  const keys = ["skey-b4vakk62"];
  const badPassword = "InvalidParameterValue.InvalidPassword";
  test.each<[says: string, body: Record<string, unknown>, code: string]>([
    ["a malformed server id", { InstanceId: "ins-1122" }, "InvalidInstanceId.Malformed"],
    ["a server that is not there", { InstanceId: "ins-00000000" }, "InvalidInstanceId.NotFound"],
    ["a malformed image id", { ImageId: "ubuntu" }, "InvalidImageId.Malformed"],
    ["a smaller disk", { SystemDisk: { DiskSize: 40 } }, "InvalidParameterValue"],
    ["half a gigabyte", { SystemDisk: { DiskSize: 50.5 } }, "InvalidParameter"],
    [
      "a password and a key",
      { LoginSettings: { Password: "Abcdef12", KeyIds: keys } },
      "InvalidParameter.ParameterConflict",
    ],
    [
      "a key and the image's login",
      { LoginSettings: { KeyIds: keys, KeepImageLogin: "TRUE" } },
      "InvalidParameter.ParameterConflict",
    ],
    ["the login of a public image", { LoginSettings: { KeepImageLogin: "true" } }, "InvalidParameterValue"],
    [
      "a password and the image's login",
      { LoginSettings: { Password: "Abcdef12", KeepImageLogin: "true" } },
      "InvalidParameter.ParameterConflict",
    ],
    ["a yes that is no text", { LoginSettings: { KeepImageLogin: true } }, "InvalidParameter"],
    ["a key nobody has", { LoginSettings: { KeyIds: ["skey-00000000"] } }, "InvalidParameterValue.KeyPairNotFound"],
    ["a malformed key", { LoginSettings: { KeyIds: ["skey-1122"] } }, "InvalidKeyPairId.Malformed"],
    ["a weak password", { LoginSettings: { Password: "abcdefgh" } }, badPassword],
    ["a host name that ends in a dot", { HostName: "web-01." }, "InvalidParameterValue.IllegalHostName"],
    ["user data that is no Base64", { UserData: "#!/bin/sh" }, "InvalidParameterValue.InvalidUserDataFormat"],
  ])("%s is refused", (_, body, code) => {
    const cloud = tencentWorld();
    expect(cloud.code("ResetInstance", { InstanceId: web01, ...body })).toBe(code);
    expect(cloud.wipes(web01)).toBe(0);
  });

  test("a key pair is refused for Windows, and the image's own login taken from a private image", () => {
    const cloud = tencentWorld();
    const win = { InstanceId: cloud.idOf("win-01"), LoginSettings: { KeyIds: keys } };
    expect(cloud.code("ResetInstance", win)).toBe("UnsupportedOperation.KeyPairUnsupportedWindows");
    const own = { ImageId: cloud.imageId("web-golden-2026-11"), LoginSettings: { KeepImageLogin: "TRUE" } };
    expect(cloud.code("ResetInstance", { InstanceId: web01, ...own })).toBe("");
  });

  test("a marketplace image is found by its id alone, and its login is not kept", () => {
    const cloud = tencentWorld();
    const ImageId = cloud.imageId("LAMP stack on CentOS 7.9");
    expect(cloud.call("DescribeImages", { ImageIds: [ImageId] })["TotalCount"]).toBe(1);
    const named = { Filters: [{ Name: "image-id", Values: [ImageId] }] };
    expect(cloud.call("DescribeImages", named)["TotalCount"]).toBe(0);
    const keeping = { InstanceId: web01, ImageId, LoginSettings: { KeepImageLogin: "TRUE" } };
    expect(cloud.code("ResetInstance", keeping)).toBe("InvalidParameterValue");
    expect(cloud.code("ResetInstance", { InstanceId: web01, ImageId })).toBe("");
  });

  test("without any login the cloud makes a password, which its answer does not hold", () => {
    const cloud = tencentWorld();
    const { body } = cloud.tryCall("ResetInstance", { InstanceId: web01 });
    cloud.later(20 * 60_000);
    expect(cloud.see(web01).LatestOperationState).toBe("SUCCESS");
    const made = cloud.passwords()[web01] ?? "";
    expect(isPasswordFit(made, true)).toBe(true);
    expect(body).not.toContain(made);
  });

  test("a refused password is not repeated in the answer", () => {
    const body = { InstanceId: web01, LoginSettings: { Password: "canary canary" } };
    expect(tencentWorld().tryCall("ResetInstance", body).body).not.toContain("canary");
  });

  test.each<[password: string, linux: boolean, windows: boolean]>([
    ["abcdefg1", true, false],
    ["abcdefgh", false, false],
    ["abcdef1", false, false],
    ["abcdefgh1234", true, false],
    ["Abcdefgh1234", true, true],
    ["Abcdefgh-()`~!@#$%^&*|{}[]:;'", true, true],
    ["Abcdefgh1234_", false, false],
    [`Aa1${"x".repeat(27)}`, true, true],
    [`Aa1${"x".repeat(28)}`, false, false],
  ])("the password %s is fit for Linux: %s, for Windows: %s", (password, linux, onWindows) => {
    expect([isPasswordFit(password, false), isPasswordFit(password, true)]).toEqual([linux, onWindows]);
  });

  test.each<[name: string, linux: boolean, windows: boolean]>([
    ["web-01", true, true],
    ["web.example.com", true, false],
    ["web..example", false, false],
    ["-web", false, false],
    ["12345", true, false],
    ["a-name-of-16-char", true, false],
    ["w", false, false],
  ])("the host name %s is fit for Linux: %s, for Windows: %s", (name, linux, onWindows) => {
    expect([isHostNameFit(name, false), isHostNameFit(name, true)]).toEqual([linux, onWindows]);
  });
});

describe("the size of the system disk", () => {
  const calls = ["ResetInstance", "InquiryPriceResetInstance"] as const;
  test.each<[server: string, body: Record<string, unknown>, code: string]>([
    ["web-01", { SystemDisk: { DiskSize: 51 } }, ""],
    ["web-01", { SystemDisk: { DiskSize: 50 } }, ""],
    ["web-01", { SystemDisk: { DiskSize: 49 } }, "InvalidParameterValue"],
    ["web-01", { SystemDisk: { DiskSize: 2049 } }, "InvalidParameterValue"],
    ["archive-01", { SystemDisk: { DiskSize: 40 } }, "InvalidParameterValue"],
    ["archive-01", { SystemDisk: { DiskSize: 20 } }, ""],
  ])("%s with %j is answered %j, by the question for the price too", (name, body, code) => {
    for (const action of calls) {
      const cloud = tencentWorld();
      expect(cloud.code(action, { InstanceId: cloud.idOf(name), ...body })).toBe(code);
      expect(cloud.wipes(cloud.idOf(name))).toBe(code === "" && action === "ResetInstance" ? 1 : 0);
    }
  });

  test("may be what an image needs that is bigger than the disk", () => {
    const cloud = tencentWorld();
    const order = { InstanceId: web01, ImageId: cloud.imageId("warehouse-full-200g") };
    expect(cloud.code("ResetInstance", order)).toBe("InvalidParameterValue.InvalidImageIdForRetsetInstance");
    expect(cloud.code("ResetInstance", { ...order, SystemDisk: { DiskSize: 200 } })).toBe("");
    cloud.later(7 * minutes);
    expect(cloud.see(web01)).toMatchObject({ SystemDisk: { DiskSize: 200 } });
  });
});

describe("the price of a reinstall", () => {
  test.each<[fault: string, code: string]>([
    ["price-fails", "FailedOperation.InquiryPriceFailed"],
    ["price-throttled", "RequestLimitExceeded"],
    ["disk-unavailable", "ResourceInsufficient.CloudDiskUnavailable"],
  ])("with %s is refused as %s, as long as that is on", (fault, code) => {
    const cloud = tencentWorld();
    cloud.arm(fault);
    const body = { InstanceId: web01, SystemDisk: { DiskSize: 100 } };
    expect(cloud.code("InquiryPriceResetInstance", body)).toBe(code);
    expect(cloud.code("InquiryPriceResetInstance", body)).toBe(code);
    cloud.arm(fault, false);
    expect(cloud.code("InquiryPriceResetInstance", body)).toBe("");
  });

  test("may never be answered", () => {
    const cloud = tencentWorld();
    cloud.arm("price-hangs");
    expect(cloud.tryCall("InquiryPriceResetInstance", { InstanceId: web01 }).how).toBe("hang");
    expect(cloud.code("DescribeInstances", { Limit: 1 })).toBe("");
  });

  test("is told, or the same refusal as the reinstall would meet", () => {
    const cloud = tencentWorld();
    const price = { InstanceId: web01, SystemDisk: { DiskSize: 100 } };
    expect(cloud.call("InquiryPriceResetInstance", price)).toMatchObject({
      Price: { InstancePrice: { Discount: 100 } },
    });
    const hongKong = { InstanceId: cloud.idOf("hk-web-01"), ImageId: cloud.imageId(windows) };
    const answer = readAnswer(cloud.tryCall("InquiryPriceResetInstance", hongKong, "ap-hongkong"));
    expect(answer.Error?.Code).toBe("InvalidParameterValue.InvalidImageOsName");
  });
});
