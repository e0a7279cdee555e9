import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { distrust } from "../playground/clouds/huawei-verify.ts";
import { simCredentials } from "../playground/clouds/sim.ts";
import { canonicalRequest, queryOf, signed } from "../src/clouds/huawei-sign.ts";
import { percentEncoded, strictlyEncoded } from "../src/clouds/wire-id.ts";

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

describe("what we sign, the simulated gateway verifies by its own reckoning", () => {
  const host = "https://ecs.example.com";
  const asked = (path: string, body = "") => {
    const url = `${host}${path}`;
    const headers = signed({ method: body === "" ? "GET" : "POST", url, headers: {}, body }, simCredentials, at);
    return { method: body === "" ? "GET" : "POST", path, headers, body };
  };

  test.each([
    ["a plain path", "/v1/0123/cloudservers/detail"],
    ["a path that ends in a slash", "/v1/0123/"],
    ["a path with encoded signs", "/v1/0123/cloudservers/a%20b%2Fc%27"],
    ["a query with lists", `/v2/0123/cloudvolumes/detail?${queryOf([["ids", "['a','b']"]])}`],
    ["a query out of order, with an empty value", "/v2/cloudimages?name=%E7%8E%AF*&b=&a=1&limit"],
  ])("%s", (_says, path) => {
    expect(distrust(asked(path), at)).toBeNull();
  });

  test("and refuses when the path, the query, the body or a header is another", () => {
    const request = asked("/v1/0123/cloudservers/action?a=1", "{}");
    const refused = "Incorrect IAM authentication information: verify aksk signature fail";
    expect(distrust(request, at)).toBeNull();
    expect(distrust({ ...request, path: "/v1/0124/cloudservers/action?a=1" }, at)).toBe(refused);
    expect(distrust({ ...request, path: "/v1/0123/cloudservers/action?a=2" }, at)).toBe(refused);
    expect(distrust({ ...request, body: "{ }" }, at)).toBe(refused);
    expect(distrust({ ...request, headers: { ...request.headers, host: "other" } }, at)).toBe(refused);
  });
});

describe("what goes into an address", () => {
  const signs = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

  test("keeps the unreserved signs of RFC 3986 where it is signed, and no other", () => {
    expect(signs.filter((sign) => strictlyEncoded(sign) === sign).join("")).toBe(
      "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~",
    );
    expect(strictlyEncoded("it's*")).toBe("it%27s%2A");
  });

  test("says the same when it is decoded, and half a sign is none", () => {
    for (const sign of [...signs, "环", "😀"]) expect(decodeURIComponent(percentEncoded(`a${sign}`))).toBe(`a${sign}`);
    expect(percentEncoded("a\ud800")).toBe("a%EF%BF%BD");
  });
});
