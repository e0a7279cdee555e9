/** The only place that makes one readable line of what people wrote: as it is read from a cloud, shown, and looked for. */

/** Control characters and line breaks become spaces; what is not seen, direction marks that could reorder a line among it, and halves of characters are dropped. */
export function clean(text: string): string {
  // Most text has none of these, and every picture cleans dozens of texts.
  if (plain.test(text)) return text.trim();
  return text
    .replaceAll(/\p{Cs}/gu, "")
    .replaceAll(unseen, "")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

const plain = /^[\x20-\x7e]*$/;
/** Joiners and variation selectors stay, as letters and emoji are made with them. */
const unseen = /[\p{Bidi_Control}\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu;

/** Cut so that one sees it was cut. Never inside a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "");
  return `${kept.trimEnd()}…`;
}

/** What somebody named, short enough to leave room for the sentence round it; by its id where the name shows nothing. */
export function shortName(name: string, id: string, max = 60): string {
  return cut(clean(name), max) || id;
}

/** A name as an adapter reads it. No cloud allows one so long; what lies beyond would only be stored. */
export function readName(name: string | null | undefined): string {
  return cut(clean(name ?? ""), nameMax);
}

const nameMax = 255;

/** What is typed or copied and what it is looked for in, made alike: a name may have been read where it is shown cut, or with another sign for a backtick, and an accent may be a sign of its own, as the dot of a Turkish İ becomes in lower case. */
export function searchable(text: string): string {
  return clean(text)
    .normalize("NFC")
    .replaceAll(/\s+/g, " ")
    .replaceAll("ˋ", "`")
    .replace(/ ?…$/, "")
    .toLowerCase()
    .replaceAll("i\u0307", "i");
}
