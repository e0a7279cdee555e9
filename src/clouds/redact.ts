/** The only place that takes a password out of what a provider said, should it repeat it. */
import type { Secret } from "../secret.ts";

/** The text without the password, in whatever form it was repeated: plain, JSON, address, base64. */
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
  return [...new Set(forms)].reduce((safe, form) => safe.replaceAll(form, "[secret]"), text);
}
