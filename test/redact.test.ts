import { expect, test } from "vitest";
import { withoutSecret } from "../src/clouds/redact.ts";
import { Secret } from "../src/secret.ts";

const password = `Canary&"4711'<x`;
const encoded = encodeURIComponent(password);

test.each([
  { says: "as it is", text: `value ${password}, too long`, left: "value [secret], too long" },
  { says: "as JSON", text: `value ${JSON.stringify(password)} bad`, left: 'value "[secret]" bad' },
  { says: "as JSON with signs escaped", text: "value Canary\\u0026\\u00224711 bad", left: "value [secret] bad" },
  { says: "as part of an address", text: `?p=${encoded}&x=1 bad`, left: "?p=[secret]&x=1 bad" },
  { says: "as an address in small letters", text: `p=${encoded.toLowerCase()} bad`, left: "[secret] bad" },
  { says: "as HTML", text: "value Canary&amp;&quot;4711&#39;&lt;x bad", left: "value [secret] bad" },
  { says: "cut short", text: "value Canary&… bad", left: "value [secret] bad" },
  { says: "in capitals", text: `value ${password.toUpperCase()} bad`, left: "value [secret] bad" },
  {
    says: "as base64",
    text: `value ${Buffer.from(password).toString("base64")} bad`,
    left: "value [secret] bad",
  },
  {
    says: "as base64 beside a name",
    text: `value ${Buffer.from(`root:${password}`).toString("base64")} bad`,
    left: "value [secret] bad",
  },
  { says: "not at all", text: "The image img-1 is 50% done, \\u00zz.", left: "The image img-1 is 50% done, \\u00zz." },
])("a password repeated $says is taken out", ({ text, left }) => {
  expect(withoutSecret(text, new Secret(password))).toBe(left);
});

test("without a password nothing is changed", () => {
  expect(withoutSecret(password, undefined)).toBe(password);
});
