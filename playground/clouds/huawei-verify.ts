/** The only place where the simulated gateway decides whether a request is signed: SDK-HMAC-SHA256, https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html */
import { createHmac, hash } from "node:crypto";
import { type SimRequest, simCredentials } from "./sim.ts";

const skewMs = 15 * 60_000;
const emptyHash = sha256("");

/** Why the gateway turns the request away, or null. */
export function distrust(request: SimRequest, now: number): string | null {
  const given = /^SDK-HMAC-SHA256 Access=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers["authorization"] ?? "",
  );
  if (!given) return "Incorrect IAM authentication information: Authorization header missing or malformed";
  const [, access = "", signedHeaders = "", signature = ""] = given;
  if (access !== simCredentials.id) return "Incorrect IAM authentication information: the access key does not exist";
  const date = request.headers["x-sdk-date"] ?? "";
  const at = timeOf(date);
  if (at === null) return "Incorrect IAM authentication information: x-sdk-date missing or malformed";
  if (Math.abs(now - at) > skewMs) return "Incorrect IAM authentication information: x-sdk-date expired";
  const names = signedHeaders.split(";");
  if (!names.includes("host") || !names.includes("x-sdk-date")) {
    return "Incorrect IAM authentication information: host and x-sdk-date must be signed";
  }
  const text = ["SDK-HMAC-SHA256", date, sha256(canonical(request, names))].join("\n");
  const expected = createHmac("sha256", simCredentials.secret).update(text).digest("hex");
  return signature === expected ? null : "Incorrect IAM authentication information: verify aksk signature fail";
}

function canonical(request: SimRequest, names: readonly string[]): string {
  const [path = "/", query = ""] = request.path.split("?");
  const uri = path.split("/").map(reencoded).join("/");
  return [
    request.method,
    uri.endsWith("/") ? uri : `${uri}/`,
    canonicalQuery(query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? "").trim()}`),
    "",
    names.join(";"),
    request.headers["x-sdk-content-sha256"] ?? (request.body === "" ? emptyHash : sha256(request.body)),
  ].join("\n");
}

/** What is neither encoded nor changed by decoding. */
const unreserved = /^[\w.~-]*$/;

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [key, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [reencoded(key), reencoded(value.replaceAll("+", "%20"))] as const;
    })
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function reencoded(text: string): string {
  if (unreserved.test(text)) return text;
  const decoded = /%(?![0-9A-Fa-f]{2})/.test(text) ? text : decodeURIComponent(text);
  return encodeURIComponent(decoded).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function timeOf(date: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
