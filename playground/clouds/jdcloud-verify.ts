/** The only place where simulated JD Cloud checks who calls: JDCLOUD2-HMAC-SHA256, from the header list the caller itself signed. */
import { createHmac, hash } from "node:crypto";
import { keptByText } from "./kept.ts";
import type { SimRequest } from "./sim.ts";

const algorithm = "JDCLOUD2-HMAC-SHA256";
const emptyHash = sha256("");
const authorization =
  /^JDCLOUD2-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/jdcloud2_request, ?SignedHeaders=([^,]*), ?Signature=([0-9a-f]{64})$/;

/** The gateway's sentence when it refuses, or the nonce of a call that is in order. */
export type Verdict = { refused: string } | { nonce: string };

/** The documents name no limit for the clock's skew, so none is kept here; nonce and date must be signed. */
export function verify(request: SimRequest, credentials: { id: string; secret: string }): Verdict {
  const header = request.headers["authorization"];
  if (!header) return { refused: "lack of header authorization[gw]" };
  const match = authorization.exec(header);
  if (!match) return { refused: "header authorization is malformed[gw]" };
  const [, id = "", day = "", region = "", service = "", names = "", signature = ""] = match;
  const date = request.headers["x-jdcloud-date"] ?? "";
  const nonce = request.headers["x-jdcloud-nonce"] ?? "";
  const signed = names.split(";");
  if (!nonce || !signed.includes("x-jdcloud-nonce")) return { refused: "lack of header x-jdcloud-nonce[gw]" };
  if (!/^\d{8}T\d{6}Z$/.test(date) || !signed.includes("x-jdcloud-date") || date.slice(0, 8) !== day) {
    return { refused: "header x-jdcloud-date is wrong[gw]" };
  }
  const pathRegion = /^\/v1\/regions\/([^/?]+)/.exec(request.path)?.[1] ?? "jdcloud-api";
  if (service !== "vm" || region !== pathRegion) return { refused: "credential scope is wrong[gw]" };
  if (id !== credentials.id) return { refused: "access key does not exist[gw]" };
  const expected = signatureOf(request, signed, { date, day, region, service, secret: credentials.secret });
  return expected === signature ? { nonce } : { refused: "signature does not match[gw]" };
}

function signatureOf(
  request: SimRequest,
  signed: readonly string[],
  scope: { date: string; day: string; region: string; service: string; secret: string },
): string {
  const headers = signed.map((name) => `${name}:${(request.headers[name] ?? "").replace(/\s+/g, " ").trim()}\n`);
  const [path = "", query = ""] = splitOnce(request.path, "?");
  const canonical = [
    request.method,
    path.split("/").map(again).join("/"),
    canonicalQuery(query),
    headers.join(""),
    signed.join(";"),
    request.body === "" ? emptyHash : sha256(request.body),
  ].join("\n");
  const text = [
    algorithm,
    scope.date,
    `${scope.day}/${scope.region}/${scope.service}/jdcloud2_request`,
    sha256(canonical),
  ].join("\n");
  const { secret, day, region, service } = scope;
  const key = keyOf(JSON.stringify([secret, day, region, service]));
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Most calls come with the key of the one before. */
const keyOf = keptByText((scope): Buffer => {
  const [secret = "", ...words] = JSON.parse(scope) as string[];
  return [...words, "jdcloud2_request"].reduce<Buffer>(hmac, Buffer.from(`JDCLOUD2${secret}`));
});

/** Callers escape less in the URL than in what they sign (a raw "*" was seen), so all is decoded and encoded again. */
function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => splitOnce(pair, "=").map(again))
    .map(([key = "", value = ""]) => [key, value] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
}

/** What is neither encoded nor changed by decoding. */
const unreserved = /^[\w.~-]*$/;

function again(text: string): string {
  if (unreserved.test(text)) return text;
  return encodeURIComponent(decoded(text)).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The text itself where it is no proper encoding ("%" alone). */
export function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function splitOnce(text: string, at: string): [string, string] {
  const where = text.indexOf(at);
  return where < 0 ? [text, ""] : [text.slice(0, where), text.slice(where + at.length)];
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
