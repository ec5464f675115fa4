import { describe, expect, it } from '@jest/globals';
import { PatientLimit } from '../../../src/core/delivery/patient-limit.js';
import { until } from '../../support/cli.js';

/** Work that ends when it is told to. */
function crowd(limit: PatientLimit) {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const done: Promise<void>[] = [];
  let made = 0;
  return {
    begun,
    add(): number {
      const number = made++;
      done.push(
        limit.run(() => {
          begun.push(number);
          return new Promise<void>((end) => ends.set(number, end));
        }),
      );
      return number;
    },
    end: (number: number) => ends.get(number)?.(),
    async endAll() {
      while (ends.size < made) {
        for (const end of ends.values()) end();
        await new Promise((turn) => setImmediate(turn));
      }
      for (const end of ends.values()) end();
      await Promise.all(done);
    },
  };
}

const turn = () => new Promise((next) => setImmediate(next));

describe('PatientLimit', () => {
  it('gives its places in the order of arrival', async () => {
    const limit = new PatientLimit({ quick: 2, slow: 1, patienceMs: 60_000 });
    const { add, begun, end, endAll } = crowd(limit);
    for (let n = 0; n < 4; n += 1) add();
    await turn();
    expect([begun, limit.waiting]).toEqual([[0, 1], 2]);
    end(1);
    await turn();
    expect([begun, limit.waiting]).toEqual([[0, 1, 2], 1]);
    await endAll();
    expect(limit.waiting).toBe(0);
  });

  it('goes on past those that take long, up to the number of slow ones, and on again when one of these ends', async () => {
    const limit = new PatientLimit({ quick: 2, slow: 3, patienceMs: 20 });
    const { add, begun, end, endAll } = crowd(limit);
    for (let n = 0; n < 8; n += 1) add();
    await until('all places to be taken', () => begun.length === 5);
    await new Promise((past) => setTimeout(past, 60));
    expect([begun, limit.waiting]).toEqual([[0, 1, 2, 3, 4], 3]);
    end(0);
    await until('one more to begin', () => begun.length === 6);
    end(3);
    await until('another to begin', () => begun.length === 7);
    await endAll();
  });

  it('frees the place of work that fails', async () => {
    const limit = new PatientLimit({ quick: 1, slow: 0, patienceMs: 60_000 });
    await expect(limit.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit.run(async () => 'next')).toBe('next');
  });
});
