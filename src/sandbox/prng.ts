/** Chance that repeats: the same seed gives the same mailbox. */
export interface Prng {
  /** A whole number in [0, limit), limit at most 2^32. */
  below(limit: number): number;
  hex(digits: number): string;
}

/** Taken once: inside a test's own context every look at a global is slow, and a mailbox asks a million times. */
const { floor, imul } = Math;

/** mulberry32. */
export function createPrng(seed: number): Prng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    below: (limit) => floor((next() / 2 ** 32) * limit),
    hex(digits) {
      let text = '';
      while (text.length < digits) text += next().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/** A seed of its own for every name, so that a second mailbox is no copy of the first. */
export function seedFor(seed: number, name: string): number {
  let hash = seed >>> 0;
  for (const char of name) hash = (imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
