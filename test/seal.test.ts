import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Sealed } from "../src/request.ts";
import { type Bound, sealer, sealKeys } from "../src/seal.ts";
import { Secret } from "../src/secret.ts";

const one = { id: "one", key: Buffer.alloc(32, 1).toString("base64") };
const two = { id: "two", key: Buffer.alloc(32, 2).toString("base64") };
const random = (n: number) => randomBytes(n);
const bound: Bound = { request: "ra", server: "tencent/main/gz/ins-1", image: "img-1", requester: "T1/U1" };
const under = (current: typeof one, ...older: (typeof one)[]) => sealer({ keys: { current, older }, random });

describe("a sealed password", () => {
  it("opens for what it was sealed for, and shows nothing of itself", () => {
    const seal = under(one);
    const sealed = seal.seal(new Secret("hunter2-Ünïcode"), bound);
    expect(Sealed.parse(sealed)).toEqual(sealed);
    expect(JSON.stringify(sealed)).not.toContain("hunter2");
    expect(seal.open(sealed, bound).open()).toBe("hunter2-Ünïcode");
  });

  it.each(["request", "server", "image", "requester"] as const)("does not open for another %s", (field) => {
    const seal = under(one);
    const sealed = seal.seal(new Secret("hunter2"), bound);
    expect(() => seal.open(sealed, { ...bound, [field]: "other" })).toThrow(/does not belong to this request/);
  });

  it("does not open when two fields are cut differently", () => {
    const seal = under(one);
    const sealed = seal.seal(new Secret("hunter2"), { ...bound, request: "a", server: "b,c" });
    expect(() => seal.open(sealed, { ...bound, request: "a,b", server: "c" })).toThrow(/does not belong/);
  });

  it.each(["wrapped", "iv", "box"] as const)("does not open when a bit of %s was flipped", (field) => {
    const seal = under(one);
    const sealed = seal.seal(new Secret("hunter2"), bound);
    const bytes = Buffer.from(sealed[field], "base64");
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    expect(() => seal.open({ ...sealed, [field]: bytes.toString("base64") }, bound)).toThrow(/password/);
  });

  it("has a fresh data key each time, so two of one password are not alike", () => {
    const seal = under(one);
    const [first, second] = [0, 1].map(() => seal.seal(new Secret("hunter2"), bound));
    expect(first?.wrapped).not.toBe(second?.wrapped);
    expect(first?.box).not.toBe(second?.box);
  });
});

describe("changing the key", () => {
  const sealed = under(one).seal(new Secret("hunter2"), bound);

  it("opens what an older key sealed, as long as that is configured", () => {
    expect(under(two, one).open(sealed, bound).open()).toBe("hunter2");
    expect(() => under(two).open(sealed, bound)).toThrow(/sealed with the key "one", which is not configured/);
  });

  it("wraps anew under the current key, after which the older one is not needed", () => {
    const next = under(two, one).rewrap(sealed);
    expect(next).toMatchObject({ keyId: "two", box: sealed.box });
    expect(under(two).open(next, bound).open()).toBe("hunter2");
    expect(under(two).rewrap(next)).toBe(next);
  });

  it("says so when the key under an id is another one now", () => {
    expect(() => under({ id: "one", key: two.key }).open(sealed, bound)).toThrow(/is not the one with which/);
  });
});

describe("the keys", () => {
  it.each([
    { says: "short", key: Buffer.alloc(31).toString("base64"), expected: /must be 32 bytes in base64, and is 31/ },
    { says: "empty", key: "", expected: /and is 0\. Make one with: openssl rand -base64 32/ },
    { says: "plain words", key: "correct horse battery staple correct horse", expected: /32 bytes in base64/ },
  ])("a $says one is refused with a sentence that does not show it", ({ key, expected }) => {
    expect(() => under({ id: "one", key })).toThrow(expected);
    if (key !== "") expect(() => under({ id: "one", key })).not.toThrow(key);
  });

  it("may not share an id", () => {
    expect(() => under(one, { id: "one", key: two.key })).toThrow(/Two sealing keys have the id "one"/);
  });

  it("may be missing: then nothing can be sealed, and that can be asked", () => {
    const seal = sealer({ keys: null, random });
    expect(seal.canSeal).toBe(false);
    expect(() => seal.seal(new Secret("hunter2"), bound)).toThrow(/No sealing key is configured/);
    expect(under(one).canSeal).toBe(true);
  });
});

describe("a key's id comes from the key itself", () => {
  const [first, second] = [new Secret(one.key), new Secret(two.key)];

  it("is the beginning of its hash, whatever place it has and whatever stands round it", () => {
    const { current, older } = sealKeys({ current: first, older: [second] });
    expect(current.id).toMatch(/^[0-9a-f]{8}$/);
    expect(sealKeys({ current: second, older: [new Secret(` ${one.key}\n`)] })).toEqual({
      current: older[0],
      older: [current],
    });
  });

  it("a key named twice is one", () => {
    expect(sealKeys({ current: first, older: [first, second, second] }).older.map(({ key }) => key)).toEqual([two.key]);
  });

  it("so the key may be changed without numbering: what the old one sealed opens, and rewrapped needs it no more", () => {
    const before = sealer({ keys: sealKeys({ current: first, older: [] }), random });
    const sealed = before.seal(new Secret("hunter2"), bound);
    const both = sealer({ keys: sealKeys({ current: second, older: [first] }), random });
    expect(both.open(sealed, bound).open()).toBe("hunter2");
    const after = sealer({ keys: sealKeys({ current: second, older: [] }), random });
    expect(() => after.open(sealed, bound)).toThrow(/is not configured/);
    expect(after.open(both.rewrap(sealed), bound).open()).toBe("hunter2");
  });
});
