/** SDK-HMAC-SHA256 as a pure function: the only place that knows how Huawei Cloud and Open Telekom Cloud want a request signed. https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html */
import { createHash, createHmac } from "node:crypto";
import { isPlain, strictlyEncoded } from "./wire-id.ts";

export interface ToSign {
  method: "GET" | "POST";
  url: string;
  /** Signed and sent besides host and x-sdk-date; lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

const algorithm = "SDK-HMAC-SHA256";

/** Every header to send, the signature among them. `at` is the time of signing, ms since 1970: the gateway takes it for 15 minutes. */
export function signed(request: ToSign, key: { id: string; secret: string }, at: number): Record<string, string> {
  const date = dateOf(at);
  const headers: Record<string, string> = {
    ...request.headers,
    host: new URL(request.url).host,
    "x-sdk-date": date,
  };
  const names = Object.keys(headers).sort();
  const text = `${algorithm}\n${date}\n${sha256(canonicalRequest(request, headers, names))}`;
  const signature = createHmac("sha256", key.secret).update(text, "utf8").digest("hex");
  return {
    ...headers,
    authorization: `${algorithm} Access=${key.id}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

/** The text whose hash is signed. The path must end in "/" here, though it does not on the wire. */
export function canonicalRequest(
  request: ToSign,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  const { pathname, search, searchParams } = new URL(request.url);
  const path = pathname.split("/").map(again).join("/");
  return [
    request.method,
    path.endsWith("/") ? path : `${path}/`,
    search === "" ? "" : queryOf([...searchParams]),
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim()}`),
    "",
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

/** A query as it is both sent and signed: encoded, sorted by key, then by value. */
export function queryOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([key, value]) => [strictlyEncoded(key), strictlyEncoded(value)] as const)
    .sort(([keyA, valueA], [keyB, valueB]) => order(keyA, keyB) || order(valueA, valueB))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Encoded text is decoded first, so that a path may come either way. */
function again(part: string): string {
  return isPlain(part) ? part : strictlyEncoded(decodeURIComponent(part));
}

function dateOf(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
