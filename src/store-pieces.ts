/** The only place that writes requests out as JSON for the store's files. What a change left as it was is not written out anew: of a long record, it replaces little. */
import type { Request } from "./request.ts";

/** JSON in UTF-8, in pieces that follow each other. */
export type Pieces = readonly Uint8Array[];
export type PiecesOf = (request: Request) => Pieces;

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);
const end = bytesOf("}");

/** Short values stand first. The bytes of every longer part are kept for as long as that very part is in use: records are never changed in place. */
export function requestPieces(): PiecesOf {
  const parts = new WeakMap<object, Uint8Array>();
  const names = new Map<string, Uint8Array>();

  function kept<Key>(known: { get(key: Key): Uint8Array | undefined; set(key: Key, bytes: Uint8Array): unknown }) {
    return (key: Key, text: (key: Key) => string): Uint8Array => {
      const found = known.get(key);
      if (found !== undefined) return found;
      const bytes = bytesOf(text(key));
      known.set(key, bytes);
      return bytes;
    };
  }
  const part = kept(parts);
  const name = kept(names);
  return (request) => {
    const short: Record<string, unknown> = {};
    const long: Uint8Array[] = [];
    for (const field of Object.keys(request)) {
      const value = (request as Readonly<Record<string, unknown>>)[field];
      if (typeof value !== "object" || value === null) short[field] = value;
      else
        long.push(
          name(field, (one) => `,${JSON.stringify(one)}:`),
          part(value, JSON.stringify),
        );
    }
    return [bytesOf(JSON.stringify(short).slice(0, -1)), ...long, end];
  };
}
