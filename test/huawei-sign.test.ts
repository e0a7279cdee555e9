import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { canonicalRequest, queryOf, signed } from "../src/clouds/huawei-sign.ts";

/** The vendor's worked example: https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html */
const example = {
  method: "GET" as const,
  url: "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
  headers: { "content-type": "application/json" },
  body: "",
};
const key = { id: "QTWAOYTTINDUT2QVKYUC", secret: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc" };
const at = Date.UTC(2019, 10, 15, 3, 36, 55);

describe("SDK-HMAC-SHA256", () => {
  test("the published example gets the published signature", () => {
    expect(signed(example, key, at)).toEqual({
      "content-type": "application/json",
      host: "service.region.example.com",
      "x-sdk-date": "20191115T033655Z",
      authorization:
        "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
    });
  });

  test("the published example has the published canonical request", () => {
    const headers = { ...example.headers, host: "service.region.example.com", "x-sdk-date": "20191115T033655Z" };
    const canonical = canonicalRequest(example, headers, Object.keys(headers).sort());
    expect(createHash("sha256").update(canonical).digest("hex")).toBe(
      "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a",
    );
  });

  test("the path ends in a slash for signing, and a host keeps its port", () => {
    const url = "http://127.0.0.1:38095/v2/0123/cloudservers/bae51750/reinstallos";
    const headers = { host: "127.0.0.1:38095" };
    expect(canonicalRequest({ ...example, method: "POST", url }, headers, ["host"])).toBe(
      [
        "POST",
        "/v2/0123/cloudservers/bae51750/reinstallos/",
        "",
        "host:127.0.0.1:38095",
        "",
        "host",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ].join("\n"),
    );
    expect(signed({ ...example, url }, key, at)["host"]).toBe("127.0.0.1:38095");
  });

  test("a query is sorted by encoded key, then value, and an empty value keeps its sign", () => {
    const pairs = [
      ["b", "2"],
      ["a-c", "0"],
      ["a", "y z"],
      ["a", "x*"],
      ["not-tags", ""],
    ] as const;
    expect(queryOf(pairs)).toBe("a=x%2A&a=y%20z&a-c=0&b=2&not-tags=");
  });
});
