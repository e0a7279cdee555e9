import { beforeEach, describe, expect, test } from "vitest";
import { signatureOf } from "../playground/slack/delivery.ts";
import { aheadMs, type Doubt, proofs, type Signed, staleMs } from "../src/http-proof.ts";
import { Secret } from "../src/secret.ts";

const secret = "0123456789abcdef0123456789abcdef";
const startedAt = Date.UTC(2026, 10, 21, 3, 0, 0);
const noon = startedAt + 60 * 60_000;

let now: number;
let doubt: (request: Signed) => Doubt | null;
beforeEach(() => {
  now = noon;
  doubt = proofs({ secret: new Secret(secret), startedAt, now: () => now, max: 3 });
});

function signed(sentAt: number, body = "command=%2Freinstall", by = secret): Signed {
  const timestamp = String(Math.floor(sentAt / 1_000));
  return { timestamp, signature: signatureOf(by, timestamp, body), body: Buffer.from(body) };
}

describe("a request is believed when Slack signed it, now, and it is the first of its kind", () => {
  const good = signed(noon);
  const table: readonly { says: string; request: Signed; doubt: Doubt | null }[] = [
    { says: "just sent", request: good, doubt: null },
    { says: "as old as Slack's advice allows", request: signed(noon - staleMs), doubt: null },
    { says: "a second older than that", request: signed(noon - staleMs - 1_000), doubt: "stale" },
    { says: "dated ahead by no more than clocks differ", request: signed(noon + aheadMs), doubt: null },
    { says: "dated further ahead", request: signed(noon + aheadMs + 1_000), doubt: "future" },
    { says: "dated 400 seconds ahead", request: signed(noon + 400_000), doubt: "future" },
    { says: "signed with another secret", request: signed(noon, "a=1", "f".repeat(32)), doubt: "forged" },
    { says: "with another body", request: { ...good, body: Buffer.from("command=%2Fother") }, doubt: "forged" },
    {
      says: "with a byte more",
      request: { ...good, body: Buffer.concat([good.body, Buffer.from(" ")]) },
      doubt: "forged",
    },
    { says: "with a later time", request: { ...good, timestamp: signed(noon + 1_000).timestamp }, doubt: "forged" },
    { says: "without a signature", request: { ...good, signature: "" }, doubt: "unsigned" },
    { says: "with half a signature", request: { ...good, signature: good.signature.slice(0, 40) }, doubt: "unsigned" },
    {
      says: "with another version",
      request: { ...good, signature: good.signature.replace("v0", "v1") },
      doubt: "unsigned",
    },
    { says: "in capitals", request: { ...good, signature: good.signature.toUpperCase() }, doubt: "unsigned" },
    { says: "without a time", request: { ...good, timestamp: "" }, doubt: "unsigned" },
    { says: "with two times", request: { ...good, timestamp: `${good.timestamp}, 1` }, doubt: "unsigned" },
    { says: "with a time that is no number", request: { ...good, timestamp: "1e9" }, doubt: "unsigned" },
  ];
  test.each(table)("$says: $doubt", (each) => expect(doubt(each.request)).toBe(each.doubt));
});

describe("nothing is believed twice", () => {
  test("not at once, and not as long as its date would let it pass", () => {
    const early = signed(noon + aheadMs);
    expect(doubt(early)).toBe(null);
    expect(doubt(early)).toBe("replayed");
    now = noon + aheadMs + staleMs;
    expect(doubt(early)).toBe("replayed");
    now += 1_000;
    expect(doubt(early)).toBe("stale");
  });

  test("not by a process that began after it was sent", () => {
    doubt = proofs({ secret: new Secret(secret), startedAt: noon, now: () => now });
    expect(doubt(signed(noon - 1_000))).toBe("before-start");
    expect(doubt(signed(noon))).toBe(null);
  });

  test("a forged copy does not use the true one up", () => {
    const good = signed(noon);
    expect(doubt({ ...good, body: Buffer.from("x") })).toBe("forged");
    expect(doubt(good)).toBe(null);
  });

  test("what cannot be remembered is not taken; room comes back when the oldest is too old to pass", () => {
    for (const text of ["a", "b", "c"]) expect(doubt(signed(now, text))).toBe(null);
    expect(doubt(signed(now, "d"))).toBe("crowded");
    now += staleMs + aheadMs + 1;
    expect(doubt(signed(now, "d"))).toBe(null);
  });
});
