/** The only place that writes requests out as JSON for the store's files. What a change left as it was is not written out anew: of a long record, it replaces little. */
import type { Request } from "./request.ts";

/** JSON, in pieces that follow each other: text, or UTF-8. */
export type Pieces = readonly Piece[];
export type Piece = string | Uint8Array;
export type PiecesOf = (request: Request) => Pieces;

/** A field with its name, as it stands behind others. */
interface Part {
  field: string;
  bytes: Uint8Array;
}

/**
 * Short values stand first. The bytes of every longer part, and the texts of what stands in a list, are kept for as long as that
 * very part is in use: records are never changed in place.
 */
export function requestPieces(): PiecesOf {
  const parts = new WeakMap<object, Part>();
  const entries = new WeakMap<object, string>();

  function entryText(entry: object): string {
    const known = entries.get(entry);
    if (known !== undefined) return known;
    const text = JSON.stringify(entry);
    entries.set(entry, text);
    return text;
  }
  function bytesOf(field: string, value: object): Uint8Array {
    const known = parts.get(value);
    if (known?.field === field) return known.bytes;
    const text = isListOfObjects(value) ? `[${value.map(entryText).join(",")}]` : JSON.stringify(value);
    const bytes = Buffer.from(`,${JSON.stringify(field)}:${text}`);
    parts.set(value, { field, bytes });
    return bytes;
  }
  return (request) => {
    const short: Record<string, unknown> = {};
    const pieces: Piece[] = [""];
    for (const [field, value] of Object.entries(request)) {
      if (typeof value !== "object" || value === null) short[field] = value;
      else pieces.push(bytesOf(field, value));
    }
    pieces[0] = JSON.stringify(short).slice(0, -1);
    pieces.push("}");
    return pieces;
  };
}

function isListOfObjects(value: object): value is readonly object[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "object" && entry !== null);
}
