import { describe, expect, test } from "vitest";
import { minutes, readAnswer, seconds, tencentWorld } from "./setup/tencent-world.ts";

const web01 = "ins-r8hr2upy";

describe("a fault on request", () => {
  /** What one reinstall of web-01 brings while a fault is armed: how it is answered, and whether the disk was wiped. */
  test.each<[fault: string, how: string, status: number, code: string, wipes: number]>([
    ["reset-refused", "answer", 200, "ResourceInsufficient.CloudDiskSoldOut", 0],
    ["reset-fails", "answer", 200, "", 1],
    ["reset-hangs", "answer", 200, "", 1],
    ["reset-stale", "answer", 200, "", 1],
    ["reset-throttled", "answer", 200, "RequestLimitExceeded", 0],
    ["call-throttled", "answer", 200, "RequestLimitExceeded", 0],
    ["reset-answer-lost", "lost", 0, "", 1],
    ["reset-answer-500", "answer", 500, "", 1],
    ["reset-answer-internal-error", "answer", 200, "InternalError", 1],
    ["reset-never-arrives", "lost", 0, "", 0],
    ["down", "answer", 503, "", 0],
    ["down-hangs", "hang", 0, "", 0],
  ])("%s: %s with status %i and code '%s', wiped %i times", (fault, how, status, code, wipes) => {
    const cloud = tencentWorld();
    cloud.arm(fault);
    expect(cloud.faults().filter((each) => each.armed)).toMatchObject([{ id: fault }]);
    const reply = cloud.tryCall("ResetInstance", { InstanceId: web01 });
    expect(reply).toMatchObject({ how, status });
    if (status === 200) expect(readAnswer(reply).Error?.Code ?? "").toBe(code);
    expect(cloud.wipes(web01)).toBe(wipes);
  });

  test("strikes once, the throttle three times, and an outage until it is switched off", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-refused");
    cloud.arm("reset-throttled");
    const codes = Array.from({ length: 5 }, () => cloud.code("ResetInstance", { InstanceId: web01 }));
    expect(codes).toEqual([...Array(3).fill("RequestLimitExceeded"), "ResourceInsufficient.CloudDiskSoldOut", ""]);
    expect(cloud.faults().every((each) => !each.armed)).toBe(true);
    cloud.arm("down");
    expect([1, 2].map(() => cloud.tryCall("DescribeImages", {}).status)).toEqual([503, 503]);
    cloud.arm("down", false);
    expect(cloud.tryCall("DescribeImages", {}).status).toBe(200);
  });

  test("waits for a reinstall that would have been taken", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-answer-lost");
    const spot = { InstanceId: cloud.idOf("batch-spot-01") };
    expect(cloud.code("ResetInstance", spot)).toBe("UnsupportedOperation.InstanceChargeType");
    expect(cloud.tryCall("ResetInstance", { InstanceId: web01 }).how).toBe("lost");
  });

  test("a lost answer leaves the trace of its request all the same", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-answer-internal-error");
    const { RequestId } = readAnswer(cloud.tryCall("ResetInstance", { InstanceId: web01 }));
    cloud.later(8 * seconds);
    expect(cloud.see(web01)).toMatchObject({ LatestOperation: "ResetInstance", LatestOperationRequestId: RequestId });
  });

  test("a reinstall that hangs is OPERATING for ever", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-hangs");
    cloud.call("ResetInstance", { InstanceId: web01 });
    cloud.later(600 * minutes);
    expect(cloud.see(web01)).toMatchObject({ LatestOperation: "ResetInstance", LatestOperationState: "OPERATING" });
  });

  test("the old good state can show for minutes", () => {
    const cloud = tencentWorld();
    cloud.arm("reset-stale");
    const before = cloud.see(web01);
    cloud.call("ResetInstance", { InstanceId: web01 });
    cloud.later(149 * seconds);
    expect(cloud.see(web01)).toEqual(before);
    cloud.later(1 * seconds);
    expect(cloud.see(web01)).toMatchObject({ LatestOperationState: "OPERATING" });
  });

  test("a soft stop can go unheard and a start be refused, once each", () => {
    const cloud = tencentWorld();
    cloud.arm("soft-stop-ignored");
    cloud.arm("start-refused");
    cloud.call("StopInstances", { InstanceIds: [web01] });
    cloud.later(65 * seconds);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "RUNNING", LatestOperationState: "FAILED" });
    cloud.call("StopInstances", { InstanceIds: [web01] });
    cloud.later(25 * seconds);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "STOPPED", LatestOperationState: "SUCCESS" });
    expect(cloud.code("StartInstances", { InstanceIds: [web01] })).toBe("ResourcesSoldOut.SpecifiedInstanceType");
    expect(cloud.code("StartInstances", { InstanceIds: [web01] })).toBe("");
  });

  test("that does not exist is a mistake of the caller", () => {
    expect(() => tencentWorld().arm("rain")).toThrow('no fault "rain"');
  });
});

describe("somebody else in the console", () => {
  test("stops, starts, reinstalls and deletes, with request ids of their own", () => {
    const cloud = tencentWorld();
    cloud.console(web01, "stop");
    cloud.later(30 * seconds);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "STOPPED", LatestOperation: "StopInstances" });
    cloud.console(web01, "start");
    cloud.later(30 * seconds);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "RUNNING", LatestOperation: "StartInstances" });
    cloud.console(web01, "reinstall");
    cloud.later(7 * minutes);
    expect(cloud.see(web01)).toMatchObject({ LatestOperation: "ResetInstance", LatestOperationState: "SUCCESS" });
    expect(cloud.state().wipes).toMatchObject([{ server: web01, by: "console" }]);
    cloud.console(web01, "delete");
    expect(cloud.code("DescribeInstances", { InstanceIds: [web01] })).toBe("InvalidInstanceId.NotFound");
  });

  test("changes nothing where the console would not let them", () => {
    const cloud = tencentWorld();
    const spot = cloud.idOf("batch-spot-01");
    cloud.console(spot, "reinstall");
    cloud.console(cloud.idOf("crm-02"), "start");
    cloud.later(1 * minutes);
    expect(cloud.state().wipes).toEqual([]);
    expect(cloud.see(cloud.idOf("crm-02")).InstanceState).toBe("STOPPED");
  });
});

describe("the lists", () => {
  test("hold at least 130 servers and 110 images in one region, and 3 key pairs", () => {
    const cloud = tencentWorld();
    expect(cloud.call("DescribeInstances", {}).TotalCount).toBeGreaterThanOrEqual(130);
    expect(cloud.call("DescribeImages", {}).TotalCount).toBeGreaterThanOrEqual(110);
    expect(cloud.call("DescribeKeyPairs", {}).TotalCount).toBe(3);
  });

  test("have no id and no address twice", () => {
    const state = tencentWorld().state();
    const servers = Object.values(state.servers);
    const addresses = servers.flatMap((each) => [each.privateIp, ...(each.publicIp ? [each.publicIp] : [])]);
    for (const all of [servers.map((each) => each.uuid), addresses, state.images.map((each) => each.id)]) {
      expect(new Set(all).size).toBe(all.length);
    }
    for (const each of servers) expect(each.id).toMatch(/^ins-[a-z0-9]{8}$/);
  });

  test("come by 20 when no limit is sent, even where more servers were named", () => {
    const cloud = tencentWorld();
    const first = cloud.call("DescribeInstances", { Limit: 100 }).InstanceSet ?? [];
    const ids = first.slice(0, 30).map((each) => each["InstanceId"]);
    expect(cloud.call("DescribeInstances", { InstanceIds: ids }).InstanceSet).toHaveLength(20);
    expect(cloud.call("DescribeInstances", { InstanceIds: ids, Limit: 100 }).InstanceSet).toHaveLength(30);
  });

  test.each<[action: string, body: Record<string, unknown>, code: string]>([
    ["DescribeInstances", { Limit: 101 }, "InvalidParameterValue"],
    ["DescribeInstances", { InstanceIds: [web01], Filters: [] }, "InvalidParameter"],
    ["DescribeInstances", { InstanceIds: Array(101).fill(web01) }, "InvalidParameterValue.LimitExceeded"],
    ["DescribeInstances", { Filters: [{ Name: "colour", Values: ["red"] }] }, "InvalidFilter"],
    ["DescribeInstances", { Filters: [{ Name: "zone", Values: [..."123456"] }] }, "InvalidFilterValue.LimitExceeded"],
    ["DescribeImages", { Limit: 0 }, "InvalidParameterValue.InvalidParameterValueLimit"],
    ["DescribeImages", { ImageIds: [], Filters: [] }, "InvalidParameter.InvalidParameterCoexistImageIdsFilters"],
    ["DescribeImages", { InstanceType: "small" }, "InvalidInstanceType.Malformed"],
    ["DescribeKeyPairs", { Limit: 101 }, "InvalidParameterValueLimit"],
  ])("%s refuses %j with %s", (action, body, code) => {
    expect(tencentWorld().code(action, body)).toBe(code);
  });

  test.each<[action: string, name: string, values: string[], count: number]>([
    ["DescribeInstances", "instance-name", ["web-01"], 1],
    ["DescribeInstances", "public-ip-address", ["203.0.113.7"], 1],
    ["DescribeInstances", "instance-charge-type", ["SPOTPAID"], 1],
    ["DescribeImages", "image-name", ["golden"], 5],
    ["DescribeImages", "image-type", ["SHARED_IMAGE"], 6],
    ["DescribeImages", "platform", ["windows"], 13],
    ["DescribeKeyPairs", "key-name", ["oncall-2026"], 1],
  ])("%s filtered by %s %j finds %i", (action, Name, Values, count) => {
    expect(tencentWorld().call(action, { Filters: [{ Name, Values }] }).TotalCount).toBe(count);
  });

  test("of images for a type of server leave out other processors", () => {
    const list = tencentWorld().call("DescribeImages", { InstanceType: "SR1.MEDIUM4", Limit: 100 });
    expect(list.ImageSet?.map((each) => each["Architecture"])).toEqual(Array(list.TotalCount).fill("arm"));
  });
});
