/** The only place that holds what strangers send: the bodies of requests over HTTP until each is proved or refused, all of them together within a bound. */
import type { IncomingMessage } from "node:http";

/** A press on a message brings the message along: fifty blocks of three thousand characters, percent-encoded. */
export const bodyMaxBytes = 2 * 1024 * 1024;
/** Sixteen of the longest at the same moment, or thousands as they really come. */
export const heldMaxBytes = 32 * 1024 * 1024;
/** A piece takes room for itself as well: two million pieces of one byte are no two megabytes. */
const pieceBytes = 256;

export type Unread = "too long" | "crowded";

/** `judge` is the end of the stranger: what it gives back is held no longer here. Throws when the sender hangs up. */
export type ReadBody = <T>(
  request: IncomingMessage,
  maxBytes: number,
  judge: (body: Buffer) => T,
) => Promise<T | Unread>;

export function bodyReader(): ReadBody {
  let held = 0;
  return async (request, maxBytes, judge) => {
    let bytes = 0;
    let mine = 0;
    const pieces: Buffer[] = [];
    if (announcedBytes(request) > maxBytes) return "too long";
    try {
      for await (const piece of request.iterator({ destroyOnReturn: false })) {
        bytes += piece.length;
        if (bytes > maxBytes) return "too long";
        const cost = piece.length + pieceBytes;
        if (held + cost > heldMaxBytes) return "crowded";
        held += cost;
        mine += cost;
        pieces.push(piece);
      }
      return judge(Buffer.concat(pieces));
    } finally {
      held -= mine;
    }
  };
}

/** 0 where it is not said. */
export function announcedBytes(request: IncomingMessage): number {
  return Number(request.headers["content-length"] ?? 0);
}
