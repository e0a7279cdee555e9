/** The only place that signs for JD Cloud: JDCLOUD2-HMAC-SHA256, as a pure function. https://docs.jdcloud.com/cn/common-declaration/api/signature */
import { hash } from "node:crypto";
import { type KeyOf, signatureOf } from "./signing-key.ts";
import { isPlain, strictlyEncoded } from "./wire-id.ts";

export interface Unsigned {
  method: string;
  url: string;
  /** Signed, all of them; names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}
/** Before the words of its scope goes this, and the secret. */
export const keyPrefix = "JDCLOUD2";
const emptyHash = sha256("");

export interface Signer {
  id: string;
  keyOf: KeyOf;
  /** "jdcloud-api" for calls without a region in their path. */
  region: string;
  service: string;
}

/** The headers to send. `at` (ms) is the time signed; a nonce is taken by JD Cloud once. */
export function signJdcloud(request: Unsigned, by: Signer, at: number, nonce: string): Record<string, string> {
  const date = new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = { ...request.headers, "x-jdcloud-date": date, "x-jdcloud-nonce": nonce };
  const names = Object.keys(headers).sort();
  const scope = [date.slice(0, 8), by.region, by.service, "jdcloud2_request"];
  const text = ["JDCLOUD2-HMAC-SHA256", date, scope.join("/"), sha256(canonicalRequest(request, headers, names))];
  const signature = signatureOf(by.keyOf(scope), text.join("\n"));
  const credential = `Credential=${by.id}/${scope.join("/")}`;
  const authorization = `JDCLOUD2-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

export function canonicalRequest(
  { method, url, body }: Unsigned,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  const [, path = "/", query = ""] = /^[a-z]+:\/\/[^/?]+([^?]*)\??(.*)$/i.exec(url) ?? [];
  const lines = names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`);
  const uri = path.split("/").map(again).join("/");
  return [
    method,
    uri,
    canonicalQuery(query),
    ...lines,
    "",
    names.join(";"),
    body === "" ? emptyHash : sha256(body),
  ].join("\n");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [again(pair), ""] : [again(pair.slice(0, at)), again(pair.slice(at + 1))];
  });
  return pairs
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0))
    .map((pair) => pair.join("="))
    .join("&");
}

/** Encoded text is decoded first, so that a path may come either way. */
function again(text: string): string {
  if (isPlain(text)) return text;
  try {
    return strictlyEncoded(decodeURIComponent(text));
  } catch {
    return strictlyEncoded(text);
  }
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
