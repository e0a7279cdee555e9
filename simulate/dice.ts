/** The only place where chance comes from: one seed, one row of throws, the same in every run. */

export interface Dice {
  /** At least 0, less than 1. */
  next(): number;
  chance(share: number): boolean;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** sfc32 of PractRand, begun by splitmix32: small, fast and good enough to visit many histories. https://pracrand.sourceforge.net/ */
export function dice(seed: number): Dice {
  const start = splitmix(seed);
  let a = start();
  let b = start();
  let c = start();
  let counter = 1;
  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }
  for (let warm = 0; warm < 12; warm += 1) word();
  const next = () => word() / 2 ** 32;
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    chance: (share) => share > 0 && next() < share,
    pick(from) {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined) throw new Error("there is nothing to pick from");
      return picked;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => word() & 0xff),
  };
}

function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}
