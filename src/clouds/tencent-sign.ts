/** The only place that signs a call to Tencent Cloud: TC3-HMAC-SHA256. https://www.tencentcloud.com/document/api/213/33224 */
import { hash } from "node:crypto";
import { type KeyOf, signatureOf } from "./signing-key.ts";

/** Before the words of its scope goes this, and the SecretKey. */
export const keyPrefix = "TC3";

export interface Tc3Call {
  /** SecretId. */
  id: string;
  keyOf: KeyOf;
  /** First label of the product's host name: "cvm". */
  service: string;
  /** As it goes out, with its port where it has one. */
  host: string;
  contentType: string;
  /** Signed as well when given, so that a call cannot be turned into another. */
  action?: string;
  body: string;
  /** The cloud refuses a copy that arrives more than 5 minutes from this time (ms). */
  at: number;
}

/** Pure: the Authorization header of a `POST /` and the X-TC-Timestamp it was made with. */
export function signTc3(call: Tc3Call): { authorization: string; timestamp: string } {
  const timestamp = String(Math.floor(call.at / 1000));
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const words = [date, call.service, "tc3_request"];
  const scope = words.join("/");
  const { signedHeaders, text } = canonicalRequest(call);
  const toSign = ["TC3-HMAC-SHA256", timestamp, scope, sha256(text)].join("\n");
  const signature = signatureOf(call.keyOf(words), toSign);
  const credential = `Credential=${call.id}/${scope}`;
  return {
    authorization: `TC3-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    timestamp,
  };
}

/** Header names and values in lower case, trimmed, sorted by name. */
function canonicalRequest(call: Tc3Call): { signedHeaders: string; text: string } {
  const headers = [
    ["content-type", call.contentType],
    ["host", call.host],
    ...(call.action === undefined ? [] : [["x-tc-action", call.action]]),
  ] as const;
  const lines = headers.map(([name = "", value = ""]) => `${name}:${value.trim().toLowerCase()}\n`).join("");
  const signedHeaders = headers.map(([name]) => name).join(";");
  return { signedHeaders, text: ["POST", "/", "", lines, signedHeaders, sha256(call.body)].join("\n") };
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
