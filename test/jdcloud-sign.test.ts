import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { verify } from "../playground/clouds/jdcloud-verify.ts";
import { canonicalRequest, keyPrefix, signJdcloud } from "../src/clouds/jdcloud-sign.ts";
import { signingKeys } from "../src/clouds/signing-key.ts";
import { Secret } from "../src/secret.ts";

/** The example that JD Cloud publishes: https://docs.jdcloud.com/cn/common-declaration/api/signature */
const vector = {
  request: {
    method: "POST",
    url: "http://test.jdcloud-api.com/v1/resource:action?p1=p1&p0=p0&o=%&u=u",
    headers: { "x-my-header": "test", "x-my-header_blank": " blank" },
    body: "body data",
  },
  by: {
    id: "TESTAK",
    keyOf: signingKeys(keyPrefix, new Secret("TESTSK")),
    region: "cn-north-1",
    service: "test",
  },
  at: Date.UTC(2019, 1, 14, 10, 45, 14),
  nonce: "testnonce",
};

test("the vendor's published example comes out as published", () => {
  const headers = signJdcloud(vector.request, vector.by, vector.at, vector.nonce);
  expect(headers).toEqual({
    "x-my-header": "test",
    "x-my-header_blank": " blank",
    "x-jdcloud-date": "20190214T104514Z",
    "x-jdcloud-nonce": "testnonce",
    authorization:
      "JDCLOUD2-HMAC-SHA256 Credential=TESTAK/20190214/cn-north-1/test/jdcloud2_request, " +
      "SignedHeaders=x-jdcloud-date;x-jdcloud-nonce;x-my-header;x-my-header_blank, " +
      "Signature=2a98f83c074e7bee260bfc8ef64f009c07595bd93f7f0c3f4e156bf6479ed9bf",
  });
});

test("its canonical request is the published one, down to the hash", () => {
  const signed = { ...vector.request.headers, "x-jdcloud-date": "20190214T104514Z", "x-jdcloud-nonce": "testnonce" };
  const canonical = canonicalRequest(vector.request, signed, Object.keys(signed).sort());
  expect(canonical).toBe(
    [
      ...["POST", "/v1/resource%3Aaction", "o=%25&p0=p0&p1=p1&u=u"],
      ...[
        "x-jdcloud-date:20190214T104514Z",
        "x-jdcloud-nonce:testnonce",
        "x-my-header:test",
        "x-my-header_blank:blank",
      ],
      ...["", "x-jdcloud-date;x-jdcloud-nonce;x-my-header;x-my-header_blank"],
      "e51832a118eeff7ad976d635b7d04538e362e4c21bd0f6253580b0a83a209074",
    ].join("\n"),
  );
  expect(createHash("sha256").update(canonical).digest("hex")).toBe(
    "fb2e317056269590681d091f8eb22272967c0b922b2deda887312215ea4eed4c",
  );
});

describe("what we sign, simulated JD Cloud verifies by its own reckoning", () => {
  const credentials = { id: "AK", secret: "SK" };
  const signed = (url: string, method = "GET", body = "") => {
    const headers = { "content-type": "application/json", host: "vm.jdcloud-api.com" };
    const keyOf = signingKeys(keyPrefix, new Secret(credentials.secret));
    const by = { id: credentials.id, keyOf, region: "cn-north-1", service: "vm" };
    const all = signJdcloud({ method, url, headers, body }, by, vector.at, "n1");
    return { method, path: url.replace("https://vm.jdcloud-api.com", ""), headers: all, body };
  };
  const base = "https://vm.jdcloud-api.com/v1/regions/cn-north-1/instances";
  test.each([
    ["a plain list", base],
    ["a path with an encoded colon", `${base}/i-1%3ArebuildInstance`],
    ["a path with a literal colon", `${base}/i-1:rebuildInstance`],
    ["a query with signs that URLs leave alone", `${base}?name=a*b(c)'!&tags.1.key=%E7%8E%AF%E5%A2%83&x=a%20b`],
    ["a query out of order, with an empty value", `${base}?b=2&a=&c`],
  ])("%s", (_says, url) => {
    expect(verify(signed(url), credentials)).toEqual({ nonce: "n1" });
  });

  test("and refuses when a body, a path, a header or the region is another", () => {
    const request = signed(`${base}/i-1%3ArebuildInstance`, "POST", '{"imageId":"img-1"}');
    const refused = { refused: "signature does not match[gw]" };
    expect(verify({ ...request, body: '{"imageId":"img-2"}' }, credentials)).toEqual(refused);
    expect(verify({ ...request, path: request.path.replace("i-1", "i-2") }, credentials)).toEqual(refused);
    expect(verify({ ...request, headers: { ...request.headers, host: "other" } }, credentials)).toEqual(refused);
    expect(verify({ ...request, path: request.path.replace("north", "south") }, credentials)).toEqual({
      refused: "credential scope is wrong[gw]",
    });
  });
});
