import { describe, expect, test } from "vitest";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import { drawings, drawnOf } from "../src/drawings.ts";
import type { Post, Request } from "../src/request.ts";
import { pictures } from "../src/views/picture.ts";
import { finished } from "./setup/finished.ts";

const traits = traitsOfNobody("tencent");
const card: Post = { key: "card", channel: "C0INCIDENT", digest: "a", intentAt: 1, ts: "1.1" };
const done: Request = { ...finished(1), posts: [card] };
const noted = (...posts: readonly Post[]): Request => ({ ...done, revision: done.revision + 1, posts: [...posts] });

describe("a picture is drawn once, until something in it may have changed", () => {
  const rows: readonly { says: string; next: Request; drawn: "again" | "no" }[] = [
    { says: "the same record", next: done, drawn: "no" },
    { says: "a copy of it", next: { ...done }, drawn: "no" },
    { says: "the card is edited", next: noted({ ...card, digest: "b" }), drawn: "no" },
    { says: "a reply is posted", next: noted(card, { ...card, key: "done", ts: "1.2" }), drawn: "no" },
    {
      says: "Slack refuses a reply for good",
      next: noted(card, { ...card, key: "done", gaveUp: "is_archived" }),
      drawn: "again",
    },
    { says: "a doubt was told", next: noted(card, { ...card, key: "unsure.1" }), drawn: "again" },
    { says: "a password was offered", next: noted(card, { ...card, key: "password" }), drawn: "again" },
    { says: "the record changes", next: { ...done, reason: "another" }, drawn: "again" },
    { says: "the record ends otherwise", next: { ...done, attempts: [...done.attempts] } as Request, drawn: "again" },
  ];
  test.each(rows)("$says: $drawn", ({ next, drawn }) => {
    const draw = drawings();
    const before = draw(done, traits);
    const after = draw(next, traits);
    expect(after === before ? "no" : "again").toBe(drawn);
    expect(after.map(({ picture }) => picture)).toEqual(pictures(next, traits));
    expect(after.map(({ digest }) => digest)).toEqual(pictures(next, traits).map((one) => drawnOf(one).digest));
  });

  test("of a record that changes, a message that looks the same is not digested again", () => {
    const draw = drawings();
    const keyed = (request: Request) => new Map(draw(request, traits).map((drawn) => [drawn.picture.key, drawn]));
    const before = keyed(done);
    const after = keyed({ ...done, reason: "another" });
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect([...after].filter(([key, drawn]) => before.get(key) !== drawn).map(([key]) => key)).toEqual(["card"]);
  });

  test("each request has its own", () => {
    const draw = drawings();
    const one = draw(done, traits);
    expect(draw({ ...done, id: "rbbbbbbbbbb" }, traits)).not.toBe(one);
    expect(draw(done, traits)).toBe(one);
  });

  test("only the latest are kept", () => {
    const draw = drawings();
    const one = draw(done, traits);
    for (let n = 0; n < 300; n += 1) draw({ ...done, id: `r${n}` }, traits);
    expect(draw(done, traits)).not.toBe(one);
  });
});
