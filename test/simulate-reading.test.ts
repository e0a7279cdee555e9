import { describe, expect, test } from "vitest";
import { frameReader } from "../simulate/reading.ts";
import type { Request } from "../src/request.ts";
import { noBatch } from "../src/store-adapter.ts";
import { commitFrame } from "../src/store-files.ts";
import { scan } from "../src/store-frames.ts";
import { requestPieces } from "../src/store-pieces.ts";
import { finished } from "./setup/finished.ts";

const piecesOf = requestPieces();
const done: Request = finished(1);
const card = { key: "card", channel: "C0INCIDENT", digest: "a", intentAt: 1 };

function written(...put: readonly Request[]): Buffer {
  const batch = { ...noBatch, put: new Map(put.map((request) => [request.id, request])) };
  return Buffer.from(scan(commitFrame(1, batch, piecesOf)).frames[0] ?? "");
}

describe("a frame is read as it stands, however much of it is known", () => {
  const rows: readonly { says: string; next: Request }[] = [
    { says: "nothing changed", next: done },
    { says: "a short value changed", next: { ...done, revision: 9, reason: 'a ",\\"posts\\":[' } },
    { says: "a list changed", next: { ...done, posts: [card] } },
    { says: "a list became empty", next: { ...done, notices: [] } },
    { says: "two parts changed", next: { ...done, posts: [card], approvals: [] } },
    { says: "the last part changed", next: { ...done, found: { ...done.drawn, name: "other" } } as Request },
    { says: "a part came", next: { ...done, order: { ...done.order, backup: { kind: "none" } } } },
    { says: "a part within bears the next one's name", next: { ...done, askedBy: { posts: 1, notices: {} } } as never },
    { says: "another request", next: { ...done, id: "rbbbbbbbbbb", posts: [card] } },
    { says: "a shorter record", next: { id: done.id, status: "done" } as never },
  ];
  test.each(rows)("$says", ({ next }) => {
    const read = frameReader();
    for (const each of [done, next, done, next, next]) {
      const payload = written(each);
      expect(read(payload)).toEqual(JSON.parse(payload.toString()));
    }
  });

  test("two requests in one frame, and none", () => {
    const read = frameReader();
    for (const put of [[done], [done, { ...done, id: "rbbbbbbbbbb" }], [], [{ ...done, posts: [card] }]]) {
      const payload = written(...put);
      expect(read(payload)).toEqual(JSON.parse(payload.toString()));
    }
  });

  test("a part that stands as before is the same value", () => {
    const read = frameReader();
    const first = read(written(done)) as { put: Request[] };
    const second = read(written({ ...done, posts: [card] })) as { put: Request[] };
    expect(second.put[0]?.drawn).toBe(first.put[0]?.drawn);
    expect(second.put[0]?.posts).toEqual([card]);
  });
});
