/** The only place that remembers what was drawn last: a picture is drawn and digested anew only when something that it shows may have changed. */
import { createHash } from "node:crypto";
import type { Traits } from "./clouds/cloud.ts";
import type { Request } from "./request.ts";
import { type Picture, pictures, shownOf } from "./views/picture.ts";

export interface Drawn {
  picture: Picture;
  digest: string;
}

export type Draw = (request: Request, traits: Traits) => readonly Drawn[];

interface Last {
  shown: Request;
  traits: Traits;
  drawn: readonly Drawn[];
}

/** Turns in hand at once, and some: the rest is drawn again when its turn comes. */
const keptMax = 300;

export function drawings(): Draw {
  const kept = new Map<string, Last>();
  return (request, traits) => {
    const shown = shownOf(request);
    const last = kept.get(request.id);
    if (last !== undefined && last.traits === traits && same(last.shown, shown)) return last.drawn;
    const drawn = pictures(shown, traits).map((picture) => ({ picture, digest: digestOf(picture) }));
    kept.delete(request.id);
    kept.set(request.id, { shown, traits, drawn });
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(oldest);
    }
    return drawn;
  };
}

/** Parts of a record are values: what changed is another one. */
function same(one: Request, other: Request): boolean {
  const { posts: postsOfOne, ...fields } = one;
  const { posts: postsOfOther, ...others } = other;
  const names = Object.keys(fields) as (keyof typeof fields)[];
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => fields[name] === others[name]) &&
    JSON.stringify(postsOfOne) === JSON.stringify(postsOfOther)
  );
}

export function digestOf({ text, blocks }: Pick<Picture, "text" | "blocks">): string {
  return createHash("sha256")
    .update(JSON.stringify([text, blocks]))
    .digest("base64url")
    .slice(0, 22);
}
