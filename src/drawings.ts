/** The only place that remembers what was drawn last: a picture is drawn and digested anew only when something that it shows may have changed. */
import { hash } from "node:crypto";
import type { Traits } from "./clouds/cloud.ts";
import type { Request } from "./request.ts";
import { type Picture, pictures, showAlike } from "./views/picture.ts";

export interface Drawn {
  picture: Picture;
  /** Made when it is first asked for: most pictures that a change brings about are drawn over before they are shown. */
  readonly digest: string;
}

export type Draw = (request: Request, traits: Traits) => readonly Drawn[];

interface Last {
  request: Request;
  traits: Traits;
  drawn: readonly Drawn[];
}

/** Turns in hand at once, and some: the rest is drawn again when its turn comes. */
const keptMax = 300;

export function drawings(): Draw {
  const kept = new Map<string, Last>();
  return (request, traits) => {
    const last = kept.get(request.id);
    if (last !== undefined && last.traits === traits && showAlike(last.request, request)) return last.drawn;
    const drawn = pictures(request, traits).map((picture) => again(picture, last?.drawn) ?? drawnOf(picture));
    kept.delete(request.id);
    kept.set(request.id, { request, traits, drawn });
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(oldest);
    }
    return drawn;
  };
}

/** What was drawn last under this name, if it looks the same: most of the pictures of a request stay as they are when it changes. */
function again(picture: Picture, before: readonly Drawn[] | undefined): Drawn | undefined {
  const same = before?.find((one) => one.picture.key === picture.key);
  return same !== undefined && isSame(same.picture, picture) ? same : undefined;
}

/** Of values as JSON has them. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((each, n) => isSame(each, other[n]));
  }
  const fields = one as Readonly<Record<string, unknown>>;
  const others = other as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields);
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => Object.hasOwn(others, name) && isSame(fields[name], others[name]))
  );
}

export function drawnOf(picture: Picture): Drawn {
  let digest: string | null = null;
  return {
    picture,
    get digest() {
      digest ??= digestOf(picture);
      return digest;
    },
  };
}

function digestOf({ text, blocks }: Pick<Picture, "text" | "blocks">): string {
  return hash("sha256", JSON.stringify([text, blocks]), "base64url").slice(0, 22);
}
