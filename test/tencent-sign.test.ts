import { expect, test } from "vitest";
import { signingKeys } from "../src/clouds/signing-key.ts";
import { keyPrefix, signTc3 } from "../src/clouds/tencent-sign.ts";
import { Secret } from "../src/secret.ts";

// https://www.tencentcloud.com/zh/document/product/1021/34193, the worked example.
const published = {
  id: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  keyOf: signingKeys(keyPrefix, new Secret("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")),
  service: "cvm",
  host: "cvm.tencentcloudapi.com",
  contentType: "application/json; charset=utf-8",
  body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
  at: 1551113065_000,
};

test("the published example is signed as published", () => {
  expect(signTc3(published)).toEqual({
    timestamp: "1551113065",
    authorization:
      "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, " +
      "SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
  });
});

test("the action is signed as well when it is given, so that a call cannot be turned into another", () => {
  const { authorization } = signTc3({ ...published, action: "DescribeInstances" });
  expect(authorization).toContain("SignedHeaders=content-type;host;x-tc-action");
  expect(authorization).toContain("644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26");
  expect(signTc3({ ...published, action: "ResetInstance" }).authorization).not.toBe(authorization);
});

test("the signing time counts in whole seconds, and its day is that of UTC", () => {
  const lastSecond = Date.UTC(2026, 10, 21, 23, 59, 59, 999);
  const { authorization, timestamp } = signTc3({ ...published, at: lastSecond });
  expect(timestamp).toBe(String(Math.floor(lastSecond / 1000)));
  expect(authorization).toContain("/2026-11-21/cvm/");
  expect(signTc3({ ...published, at: lastSecond + 1 }).authorization).toContain("/2026-11-22/cvm/");
});

test("a key that is kept is the one of its day, and signs as one that is derived anew", () => {
  const dayLater = { ...published, at: published.at + 86_400_000 };
  const anew = signingKeys(keyPrefix, new Secret("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"));
  const [first, second, again] = [signTc3(published), signTc3(dayLater), signTc3(published)];
  expect(again).toEqual(first);
  expect(signTc3({ ...dayLater, keyOf: anew })).toEqual(second);
});

test("neither key nor body can be read from what is signed", () => {
  const { authorization } = signTc3({ ...published, body: '{"Password":"Canary-4711"}' });
  expect(authorization).not.toContain("Canary");
  expect(authorization).not.toContain("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
});
