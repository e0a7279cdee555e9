import { describe, expect, test } from "vitest";
import type { SimRequest } from "../playground/clouds/sim.ts";
import { tencentSim } from "../playground/clouds/tencent.ts";
import { verifyTc3 } from "../playground/clouds/tencent-verify.ts";
import { minutes, readAnswer, seconds, signed, startedAt, tencentWorld } from "./setup/tencent-world.ts";

const web01 = "ins-r8hr2upy";

describe("a signature", () => {
  // https://www.tencentcloud.com/zh/document/product/1021/34193
  const published: SimRequest = {
    method: "POST",
    path: "/",
    headers: {
      host: "cvm.tencentcloudapi.com",
      "content-type": "application/json; charset=utf-8",
      "x-tc-action": "DescribeInstances",
      "x-tc-timestamp": "1551113065",
      authorization:
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, " +
        "SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    },
    body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  };
  const secretOf = (id: string) =>
    id === "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE" ? "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" : null;
  const at = 1551113065 * seconds;
  const changed = (headers: Record<string, string>, body = published.body) => ({
    ...published,
    headers: { ...published.headers, ...headers },
    body,
  });
  const authorization = published.headers["authorization"] ?? "";
  const withAction = authorization
    .replace("content-type;host", "content-type;host;x-tc-action")
    .replace(/Signature=.*/, "Signature=644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26");

  test.each<[says: string, request: SimRequest, now: number, code: string | undefined]>([
    ["that the vendor published is right", published, at, undefined],
    ["over one more header is right", changed({ authorization: withAction }), at, undefined],
    [
      "is right when the host was signed without its port",
      changed({ host: "cvm.tencentcloudapi.com:8080" }),
      at,
      undefined,
    ],
    ["may be 5 minutes old", published, at + 5 * minutes, undefined],
    ["may not be older", published, at + 5 * minutes + 1, "AuthFailure.SignatureExpire"],
    ["may not be from the future", published, at - 5 * minutes - 1, "AuthFailure.SignatureExpire"],
    ["does not fit another body", changed({}, "{}"), at, "AuthFailure.SignatureFailure"],
    ["does not fit another host", changed({ host: "cbs.tencentcloudapi.com" }), at, "AuthFailure.SignatureFailure"],
    [
      "by nobody known is refused",
      changed({ authorization: authorization.replace("AKIDz8", "AKIDz9") }),
      at,
      "AuthFailure.SecretIdNotFound",
    ],
    ["of another method is refused", changed({ authorization: "HMAC-SHA1 x" }), at, "AuthFailure.InvalidAuthorization"],
  ])("%s", (_, request, now, code) => {
    expect(verifyTc3(request, now, secretOf)?.code).toBe(code);
  });
});

describe("the door", () => {
  const plain = signed("DescribeInstances", {});
  const withHeader = (name: string, value: string) => ({ ...plain, headers: { ...plain.headers, [name]: value } });

  test.each<[says: string, request: SimRequest, code: string]>([
    ["knows its APIs", signed("EatInstances", {}), "InvalidAction"],
    ["knows its version", withHeader("x-tc-version", "2016-01-01"), "NoSuchVersion"],
    ["needs a signature", withHeader("authorization", ""), "MissingParameter"],
    ["needs a region", withHeader("x-tc-region", ""), "MissingParameter"],
    ["needs a region that exists", signed("DescribeInstances", {}, { region: "moon-1" }), "UnsupportedRegion"],
    ["refuses a wrong secret", signed("DescribeInstances", {}, { secret: "wrong" }), "AuthFailure.SignatureFailure"],
    ["refuses a body that is no object", signed("DescribeInstances", []), "InvalidParameter"],
    ["refuses a strange parameter", signed("ResetInstance", { InstanceId: web01, Force: true }), "UnknownParameter"],
    ["refuses a wrong type", signed("DescribeInstances", { Limit: "20" }), "InvalidParameter"],
    [
      "refuses a word outside its list",
      signed("StopInstances", { InstanceIds: [web01], StopType: "GENTLY" }),
      "InvalidParameterValue",
    ],
    ["misses what is required", signed("ResetInstance", {}), "MissingParameter"],
  ])("%s", (_, request, code) => {
    const [, reply] = tencentSim.handle(tencentWorld().state(), request, startedAt);
    expect(reply.status).toBe(200);
    expect(readAnswer(reply)).toMatchObject({
      Error: { Code: code },
      RequestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
  });

  test("takes the flattened GET form too", () => {
    const cloud = tencentWorld();
    const request = signed("DescribeInstances", {}, { query: `InstanceIds.0=${web01}&Limit=5` });
    expect(readAnswer(cloud.send(request))).toMatchObject({ TotalCount: 1 });
  });

  test.each([
    ["ResetInstance", { InstanceId: "ins-00000000" }, 10],
    ["DescribeInstances", { Limit: 1 }, 40],
  ])("lets %s through only so often a second", (action, body, perSecond) => {
    const cloud = tencentWorld();
    for (let call = 0; call < perSecond; call += 1) expect(cloud.code(action, body)).not.toBe("RequestLimitExceeded");
    expect(cloud.code(action, body)).toBe("RequestLimitExceeded");
    cloud.later(1 * seconds);
    expect(cloud.code(action, body)).not.toBe("RequestLimitExceeded");
  });
});

describe("power", () => {
  test("changes late, and is busy for a while after the final state shows", () => {
    const cloud = tencentWorld();
    const { RequestId } = cloud.call("StopInstances", { InstanceIds: [web01] });
    const seen: string[] = [];
    for (let second = 0; second <= 30; second += 1) {
      seen.push(`${cloud.see(web01).InstanceState} ${cloud.see(web01).LatestOperationState}`);
      cloud.later(1 * seconds);
    }
    expect(seen.filter((words, at) => words !== seen[at - 1])).toEqual([
      "RUNNING null",
      "STOPPING OPERATING",
      "STOPPED OPERATING",
      "STOPPED SUCCESS",
    ]);
    expect([
      seen.indexOf("STOPPING OPERATING"),
      seen.indexOf("STOPPED OPERATING"),
      seen.indexOf("STOPPED SUCCESS"),
    ]).toEqual([8, 20, 25]);
    expect(cloud.see(web01)).toMatchObject({ LatestOperation: "StopInstances", LatestOperationRequestId: RequestId });
    expect(cloud.code("StopInstances", { InstanceIds: [web01] })).toBe("UnsupportedOperation.InstanceStateStopped");
    expect(cloud.code("StartInstances", { InstanceIds: [web01] })).toBe("");
  });

  test("takes no other order before the last one is over", () => {
    const cloud = tencentWorld();
    cloud.call("StopInstances", { InstanceIds: [web01] });
    expect(cloud.code("ResetInstance", { InstanceId: web01 })).toBe("OperationDenied.InstanceOperationInProgress");
    cloud.later(12 * seconds);
    expect(cloud.code("ResetInstance", { InstanceId: web01 })).toBe("UnsupportedOperation.InstanceStateStopping");
    cloud.later(10 * seconds);
    expect(cloud.see(web01).InstanceState).toBe("STOPPED");
    expect(cloud.code("StartInstances", { InstanceIds: [web01] })).toBe("OperationDenied.InstanceOperationInProgress");
    cloud.later(3 * seconds);
    expect(cloud.code("StartInstances", { InstanceIds: [web01] })).toBe("");
  });

  test("a server that does not listen is stopped by HARD only", () => {
    const cloud = tencentWorld();
    const id = cloud.idOf("stubborn-01");
    cloud.call("StopInstances", { InstanceIds: [id], StopType: "SOFT" });
    cloud.later(65 * seconds);
    expect(cloud.see(id)).toMatchObject({ InstanceState: "RUNNING", LatestOperationState: "FAILED" });
    cloud.call("StopInstances", { InstanceIds: [id], StopType: "HARD" });
    cloud.later(19 * seconds);
    expect(cloud.see(id)).toMatchObject({ InstanceState: "STOPPED", LatestOperationState: "SUCCESS" });
  });

  test("durations are divided by the speed", () => {
    const cloud = tencentWorld(20);
    cloud.call("StopInstances", { InstanceIds: [web01] });
    cloud.later(1250);
    expect(cloud.see(web01)).toMatchObject({ InstanceState: "STOPPED", LatestOperationState: "SUCCESS" });
  });
});

describe("a custom image", () => {
  test("is CREATING at first, keeps its server busy, and is NORMAL in the end", () => {
    const cloud = tencentWorld();
    const { ImageId } = cloud.call("CreateImage", { InstanceId: web01, ImageName: "before-reinstall" });
    const state = () => cloud.call("DescribeImages", { ImageIds: [ImageId] }).ImageSet?.[0]?.ImageState;
    expect(state()).toBe("CREATING");
    expect(cloud.code("ResetInstance", { InstanceId: web01 })).toBe("OperationDenied.InstanceOperationInProgress");
    cloud.later(6 * minutes);
    expect(state()).toBe("NORMAL");
    expect(cloud.code("CreateImage", { InstanceId: web01, ImageName: "before-reinstall" })).toBe(
      "InvalidImageName.Duplicate",
    );
  });

  test("can be asked for without being made, and can fail", () => {
    const cloud = tencentWorld();
    expect(cloud.code("CreateImage", { InstanceId: web01, ImageName: "dry", DryRun: true })).toBe("DryRunOperation");
    cloud.arm("image-fails");
    const { ImageId } = cloud.call("CreateImage", { InstanceId: web01, ImageName: "fails" });
    cloud.later(6 * minutes);
    expect(cloud.call("DescribeImages", { ImageIds: [ImageId] }).ImageSet?.[0]?.ImageState).toBe("CREATEFAILED");
    expect(cloud.call("DescribeImageQuota", {})).toMatchObject({ ImageNumQuota: 60 });
  });
});
