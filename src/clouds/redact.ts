/** The only place that takes a password out of what a provider said, should it repeat it. */
import type { Secret } from "../secret.ts";

/**
 * The text without the password, in whatever form it was repeated: plain, JSON, address, base64. A word that still holds a part of it
 * (cut short, escaped otherwise, in capitals, beside a name) goes as a whole.
 */
export function withoutSecret(text: string, secret: Secret | undefined): string {
  const plain = secret?.open() ?? "";
  if (plain === "") return text;
  const forms = [
    plain,
    JSON.stringify(plain).slice(1, -1),
    encodeURIComponent(plain),
    Buffer.from(plain).toString("base64").replace(/=+$/, ""),
    Buffer.from(plain).toString("base64url"),
    plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  ];
  const safe = [...new Set(forms)].reduce((left, form) => left.replaceAll(form, "[secret]"), text);
  return safe.replaceAll(/\S+/g, (word) => (holdsPart(word, plain) ? "[secret]" : word));
}

/** Shorter runs are found in ordinary words too. */
const partLength = 5;

function holdsPart(word: string, plain: string): boolean {
  const wanted = plain.toLowerCase();
  const parts = Array.from({ length: Math.max(1, wanted.length - partLength + 1) }, (_, at) =>
    wanted.slice(at, at + partLength),
  );
  const decoded = [word, unescaped(word), Buffer.from(word, "base64").toString()].map((form) => form.toLowerCase());
  return parts.some((part) => decoded.some((form) => form.includes(part)));
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Escapes of addresses, of JSON and of HTML, each sign by itself: a word may be cut in the middle of one. */
function unescaped(word: string): string {
  return word
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\(["'\\/])/g, "$1")
    .replaceAll(/&#x([0-9a-f]{1,4});/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/&#(\d{1,5});/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => named[name] ?? "");
}
