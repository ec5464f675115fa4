import type { Random } from '../../src/core/ports.js';
import { createPrng, type Prng, seedFor } from '../../src/sandbox/prng.js';

/** Chance that a seed decides. Every part of a run has a stream of its own, so that a change of one leaves the others alone. */
export class Chance implements Random {
  readonly #prng: Prng;

  constructor(seed: number, stream: string) {
    this.#prng = createPrng(seedFor(seed, stream));
  }

  unit(): number {
    return this.#prng.below(2 ** 32) / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#prng.below(256));
  }

  uuid(): string {
    const hex = this.#prng.hex(32);
    return [0, 8, 12, 16, 20].map((start, at, all) => hex.slice(start, all[at + 1])).join('-');
  }

  happens(odds: number): boolean {
    return this.unit() < odds;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.#prng.below(most - least + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.#prng.below(choices.length)];
    if (chosen === undefined) throw new RangeError('nothing to choose from');
    return chosen;
  }

  /** Each of them or not. */
  some<T>(choices: readonly T[], odds: number): T[] {
    return choices.filter(() => this.happens(odds));
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Record<K, number>): K {
    const entries = Object.entries(weights) as [K, number][];
    let place = this.unit() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      place -= weight;
      if (place < 0) return key;
    }
    return this.pick(entries)[0];
  }
}
