import { describe, expect, test } from "vitest";
import { readFrame } from "../simulate/reading.ts";
import type { Request } from "../src/request.ts";
import { noBatch } from "../src/store-adapter.ts";
import { commitFrame, logHead } from "../src/store-files.ts";
import { scan } from "../src/store-frames.ts";
import { type Line, nextLine, noPosition } from "../src/store-ledger.ts";
import { requestPieces } from "../src/store-pieces.ts";
import { finished } from "./setup/finished.ts";
import { pending } from "./setup/storekit.ts";

const done: Request = finished(1);
const other: Request = { ...finished(2), id: "rbbbbbbbbbb" };
const secret: Request["secret"] = {
  sealed: { keyId: "1", wrapped: "d3JhcHBlZA==", iv: "aXY=", box: "Ym94" },
  kind: "typed",
};
const card = { key: "card", channel: "C0INCIDENT", digest: "a", intentAt: 1 };

function lineOf({ id, revision, status }: Request): Line {
  return nextLine(noPosition, 0, {
    request: id,
    revision,
    from: null,
    to: status,
    by: "bot",
    rule: ',"put":[',
    shown: null,
  });
}

function payloadOf(bytes: Uint8Array): Buffer {
  return Buffer.from(scan(bytes).frames[0] ?? "");
}

function written(...put: readonly Request[]): Buffer {
  const batch = { ...noBatch, audit: put.map(lineOf), put: new Map(put.map((request) => [request.id, request])) };
  return payloadOf(commitFrame(1, batch, requestPieces()));
}

function stepsOf(request: Request): readonly { id: string; state: string }[] {
  const steps = "attempts" in request ? request.attempts.flatMap((attempt) => attempt.steps) : [];
  return steps.map(({ id, state }) => ({ id, state }));
}

describe("a frame is read as it stands", () => {
  const rows: readonly { says: string; put: readonly Request[] }[] = [
    { says: "one record", put: [done] },
    { says: "two of them", put: [done, other] },
    { says: "none", put: [] },
    { says: "values that look like fields", put: [{ ...done, reason: 'a ",\\"posts\\":[{' }] },
    { says: "a value that ends in a backslash", put: [{ ...done, reason: "C:\\" }] },
    { says: "a value with what is not ASCII", put: [{ ...done, reason: "Ärger, ❓ \u2028" }] },
    {
      says: "posts of which one stands",
      put: [
        {
          ...done,
          posts: [
            { ...card, ts: "1.1" },
            { ...card, key: "done" },
          ],
        },
      ],
    },
    { says: "a password that is kept", put: [{ ...done, secret }] },
    { says: "what looks like a step and is none", put: [{ ...done, reason: '{"id":"stop","state":"done"}' }] },
    { says: "no step at all", put: [pending("rcccccccccc")] },
    { says: "a list that is empty", put: [{ ...done, notices: [] }] },
    { says: "a field that bears another's name", put: [{ ...done, askedBy: { posts: 1, status: "x" } } as never] },
  ];
  test.each(rows)("$says", ({ put }) => {
    const payload = written(...put);
    const frame = readFrame(payload);
    const meant = JSON.parse(payload.toString()) as { audit: string[]; put: Request[] };
    expect(frame).toMatchObject({ n: 1, audit: meant.audit, archive: [] });
    expect(frame.put.map((record) => record.posts())).toEqual(meant.put.map(({ posts }) => posts));
    expect(frame.put.map((record) => record.steps())).toMatchObject(meant.put.map(stepsOf));
    expect(frame.put.map((record) => record.wrapped())).toEqual(meant.put.map(({ secret }) => secret?.sealed.wrapped));
    expect(frame.put.map((record) => record.whole())).toEqual(meant.put);
    expect(frame.put.map(({ id, revision, status }) => ({ id, revision, status }))).toEqual(
      meant.put.map(({ id, revision, status }) => ({ id, revision, status })),
    );
  });

  test("the first of a log, which holds no change", () => {
    expect(readFrame(payloadOf(logHead(2, 7)))).toMatchObject({ log: 2, after: 7, put: [] });
  });

  test("what stands in a record is told without reading all of it", () => {
    const [record] = readFrame(written({ ...done, posts: [card] })).put;
    expect(record?.holds('"key":"card"')).toBe(true);
    expect(record?.holds('"key":"done"')).toBe(false);
  });

  test("a frame that was not written to its end is none", () => {
    const payload = written(done);
    expect(() => readFrame(payload.subarray(0, payload.length - 1))).toThrow();
  });
});
