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
    const drawn = pictures(request, traits).map(drawnOf);
    kept.delete(request.id);
    kept.set(request.id, { request, traits, drawn });
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(oldest);
    }
    return drawn;
  };
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
