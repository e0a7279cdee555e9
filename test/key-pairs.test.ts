import { expect, test } from "vitest";
import { keyPairRemade, withFingerprint } from "../src/clouds/key-pairs.ts";

const login = { kind: "key-pair" as const, id: "oncall", name: "oncall", fingerprint: "aa:bb" };
const pair = { id: "oncall", name: "oncall" };

test.each([
  { says: "the same fingerprint", wanted: login, pairs: [{ ...pair, fingerprint: "aa:bb" }], remade: false },
  { says: "another fingerprint", wanted: login, pairs: [{ ...pair, fingerprint: "cc:dd" }], remade: true },
  { says: "no fingerprint now", wanted: login, pairs: [pair], remade: false },
  {
    says: "no fingerprint when it was asked for",
    wanted: { ...pair, kind: "key-pair" as const },
    pairs: [{ ...pair, fingerprint: "cc:dd" }],
    remade: false,
  },
  {
    says: "another pair's fingerprint",
    wanted: login,
    pairs: [{ id: "other", name: "other", fingerprint: "cc:dd" }],
    remade: false,
  },
  { says: "nobody asked", wanted: login, pairs: null, remade: false },
  { says: "another login", wanted: { kind: "keep-image" as const }, pairs: [pair], remade: false },
])("with $says, a key pair was made anew: $remade", ({ wanted, pairs, remade }) => {
  expect(keyPairRemade(wanted, pairs) !== null).toBe(remade);
});

test.each([null, undefined, ""])("a fingerprint of %o is none", (fingerprint) => {
  expect(withFingerprint(pair, fingerprint)).toEqual(pair);
});
