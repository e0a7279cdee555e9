/** SDK-HMAC-SHA256 as a pure function: the only place that knows how Huawei Cloud and Open Telekom Cloud want a request signed. https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html */
import { createHmac, hash } from "node:crypto";
import { isPlain, strictlyEncoded } from "./wire-id.ts";

export interface ToSign {
  method: "GET" | "POST";
  url: string;
  /** Signed and sent besides host and x-sdk-date; lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

const algorithm = "SDK-HMAC-SHA256";
const emptyHash = sha256("");

/** Every header to send, the signature among them. `at` is the time of signing, ms since 1970: the gateway takes it for 15 minutes. */
export function signed(request: ToSign, key: { id: string; secret: string }, at: number): Record<string, string> {
  const date = dateOf(at);
  const headers: Record<string, string> = { ...request.headers, host: parted(request.url).host, "x-sdk-date": date };
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
  const { path, query } = parted(request.url);
  const uri = path.split("/").map(again).join("/");
  return [
    request.method,
    uri.endsWith("/") ? uri : `${uri}/`,
    query === "" ? "" : queryOf(query.split("&").map(pairOf)),
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim()}`),
    "",
    names.join(";"),
    request.body === "" ? emptyHash : sha256(request.body),
  ].join("\n");
}

/** An address in its parts, as it is written and sent. */
function parted(url: string): { host: string; path: string; query: string } {
  const [, host = "", path = "", query = ""] = /^[a-z]+:\/\/([^/?]+)([^?]*)\??(.*)$/i.exec(url) ?? [];
  return { host, path, query };
}

function pairOf(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [decodedOf(pair), ""] : [decodedOf(pair.slice(0, at)), decodedOf(pair.slice(at + 1))];
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
  return isPlain(part) ? part : strictlyEncoded(decodedOf(part));
}

function decodedOf(text: string): string {
  return text.includes("%") ? decodeURIComponent(text) : text;
}

/** 2019-11-15T03:36:55.000Z is written 20191115T033655Z. */
function dateOf(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
