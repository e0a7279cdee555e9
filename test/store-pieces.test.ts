import { describe, expect, test } from "vitest";
import type { Request } from "../src/request.ts";
import { type PiecesOf, requestPieces } from "../src/store-pieces.ts";
import { november, pending, withdrawn } from "./setup/storekit.ts";

const first = pending("raaaaaaaaaa", { reason: 'a "quoted" reason, ü, \u2028 and \ud83d\ude00' });
const done = {
  ...first,
  ...{ status: "done", endedAt: november, proof: "receipt", found: first.drawn },
  attempts: [{ n: 1, startedAt: november, startedBy: first.askedBy, steps: [] }],
} satisfies Request;
const post = { key: "card", channel: "C1", digest: "d", intentAt: november };

function readBack(piecesOf: PiecesOf, request: Request): unknown {
  return JSON.parse(Buffer.concat(piecesOf(request).map((piece) => Buffer.from(piece))).toString("utf8"));
}

describe("a request in the store's files", () => {
  test.each<{ says: string; request: Request }>([
    { says: "a new one", request: first },
    { says: "with parts as they were and new ones", request: { ...first, revision: 2, posts: [post] } },
    { says: "with the same part changed again", request: { ...first, revision: 3, posts: [{ ...post, ts: "1.2" }] } },
    { says: "with one part in two places", request: { ...done, found: done.drawn } },
    { says: "at its end", request: withdrawn(first) },
  ])("says all that JSON says of it: $says", ({ request }) => {
    const piecesOf = requestPieces();
    for (const each of [first, request, first, request])
      expect(readBack(piecesOf, each)).toEqual(JSON.parse(JSON.stringify(each)));
  });

  test("without the fields that were left undefined", () => {
    const request = { ...first, threadTs: undefined, remindedAt: undefined } as unknown as Request;
    expect(readBack(requestPieces(), request)).toEqual(first);
  });

  test("a part that stays is written out once, however often the request changes", () => {
    const piecesOf = requestPieces();
    let made = 0;
    const approvers = Object.assign({ users: [], groups: [] }, { toJSON: () => ({ made: ++made }) });
    for (let revision = 1; revision <= 5; revision += 1) piecesOf({ ...first, revision, approvers });
    expect(made).toBe(1);
  });

  test("so is what stays in a list that changes", () => {
    const piecesOf = requestPieces();
    let made = 0;
    const counted = Object.assign({ ...post }, { toJSON: () => ({ ...post, digest: `made ${++made}` }) });
    for (let revision = 1; revision <= 5; revision += 1) {
      const posts = [counted, ...Array.from({ length: revision }, () => post)];
      const { posts: written } = readBack(piecesOf, { ...first, revision, posts }) as { posts: unknown };
      expect(written).toEqual([{ ...post, digest: "made 1" }, ...posts.slice(1)]);
    }
  });
});
