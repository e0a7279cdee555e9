/** The only place that checks a TC3-HMAC-SHA256 signature. https://www.tencentcloud.com/zh/document/product/1021/34193 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { keptByText } from "./kept.ts";
import type { SimRequest } from "./sim.ts";
import { type Refusal, refusal } from "./tencent-wire.ts";

/** The cloud takes a signature that is at most this old, or this much ahead. */
const skewMaxSeconds = 300;

/** Null when the signature is right; `secretOf` gives null for an id that nobody has. */
export function verifyTc3(
  request: SimRequest,
  now: number,
  secretOf: (secretId: string) => string | null,
): Refusal | null {
  const said = parseAuthorization(request.headers["authorization"] ?? "");
  if (!said) return refusal("AuthFailure.InvalidAuthorization", "The Authorization header is not in the right format.");
  const timestamp = request.headers["x-tc-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) return refusal("InvalidParameter", "X-TC-Timestamp is not a number of seconds.");
  if (Math.abs(now / 1000 - Number(timestamp)) > skewMaxSeconds) {
    return refusal("AuthFailure.SignatureExpire", "The signature has expired: X-TC-Timestamp is over 5 minutes away.");
  }
  const secret = secretOf(said.secretId);
  if (secret === null) return refusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
  if (said.date !== dateOf(timestamp)) return refusal("AuthFailure.SignatureFailure", "The credential date is wrong.");
  if (!["content-type", "host"].every((name) => said.signedHeaders.includes(name))) {
    return refusal("AuthFailure.SignatureFailure", "content-type and host must be signed.");
  }
  const right = hostsOf(request).some((host) =>
    same(said.signature, signatureOf({ request, host, said, timestamp, secret })),
  );
  return right ? null : refusal("AuthFailure.SignatureFailure", "The provided credentials could not be validated.");
}

interface Authorization {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: readonly string[];
  signature: string;
}

function parseAuthorization(header: string): Authorization | null {
  const found =
    /^TC3-HMAC-SHA256 Credential=([^/,]+)\/(\d{4}-\d{2}-\d{2})\/([^/,]+)\/tc3_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!found) return null;
  const [, secretId = "", date = "", service = "", headers = "", signature = ""] = found;
  return { secretId, date, service, signedHeaders: headers.split(";"), signature };
}

/** The official Node SDK signs the host without its port, though it sends the port. */
function hostsOf(request: SimRequest): readonly string[] {
  const host = request.headers["host"] ?? "";
  return [...new Set([host, host.replace(/:\d+$/, "")])];
}

function signatureOf(what: {
  request: SimRequest;
  host: string;
  said: Authorization;
  timestamp: string;
  secret: string;
}): string {
  const { said, timestamp } = what;
  const scope = `${said.date}/${said.service}/tc3_request`;
  const toSign = ["TC3-HMAC-SHA256", timestamp, scope, sha256(canonicalRequest(what.request, what.host, said))];
  const key = keyOf(JSON.stringify([what.secret, said.date, said.service]));
  return createHmac("sha256", key).update(toSign.join("\n")).digest("hex");
}

/** Most calls come with the key of the one before. */
const keyOf = keptByText((scope): Buffer => {
  const [secret = "", ...words] = JSON.parse(scope) as string[];
  return [...words, "tc3_request"].reduce<Buffer>(hmac, Buffer.from(`TC3${secret}`));
});

export function canonicalRequest(
  request: SimRequest,
  host: string,
  said: { signedHeaders: readonly string[] },
): string {
  const mark = request.path.indexOf("?");
  const query = request.method === "GET" && mark >= 0 ? request.path.slice(mark + 1) : "";
  const values: Readonly<Record<string, string>> = { ...request.headers, host };
  const lines = said.signedHeaders.map((name) => `${name}:${(values[name] ?? "").trim().toLowerCase()}\n`);
  const body = request.method === "GET" ? "" : request.body;
  return [request.method, "/", query, lines.join(""), said.signedHeaders.join(";"), sha256(body)].join("\n");
}

function dateOf(timestamp: string): string {
  return new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function same(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
