import { describe, expect, it } from '@jest/globals';
import { restTicks, Turns } from '../../../src/core/watch/turns.js';

/** Work whose turns end when the test says so. */
function stage(limit: number, rest = 0) {
  const begun: number[] = [];
  const ends = new Map<number, (ticks: number) => void>();
  const turns = new Turns(limit, (id) => {
    begun.push(id);
    return new Promise((end) => ends.set(id, end));
  });
  const end = async (id: number, ticks = rest) => {
    ends.get(id)?.(ticks);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, begun, end };
}

describe('Turns', () => {
  it('begins in the order offered, so many at once, and goes on as turns end', async () => {
    const { turns, begun, end } = stage(2);
    turns.offer([5, 3, 9]);
    expect(begun).toEqual([5, 3]);
    await end(3);
    expect(begun).toEqual([5, 3, 9]);
  });

  it('gives an instance one turn at a time', async () => {
    const { turns, begun, end } = stage(9);
    turns.offer([1]);
    turns.offer([1]);
    expect(begun).toEqual([1]);
    await end(1);
    expect(begun).toEqual([1]);
    turns.offer([1]);
    expect(begun).toEqual([1, 1]);
  });

  it('forgets what waited when something else is offered', async () => {
    const { turns, begun, end } = stage(1);
    turns.offer([1, 2]);
    turns.offer([3]);
    await end(1);
    expect(begun).toEqual([1, 3]);
  });

  it('leaves alone for so many ticks who had nothing to do', async () => {
    const { turns, begun, end } = stage(9);
    turns.offer([1]);
    await end(1, 2);
    turns.offer([1]);
    expect(begun).toEqual([1]);
    turns.offer([1]);
    expect(begun).toEqual([1, 1]);
  });

  it('wakes who rests, and gives another turn to who has one', async () => {
    const { turns, begun, end } = stage(9);
    turns.offer([1]);
    await end(1, 100);
    turns.wake(1);
    expect(begun).toEqual([1, 1]);
    turns.wake(1);
    turns.wake(1);
    expect(begun).toEqual([1, 1]);
    await end(1, 100);
    expect(begun).toEqual([1, 1, 1]);
  });

  it('begins nothing once closed, and waits for what is in progress', async () => {
    const { turns, begun, end } = stage(1);
    turns.offer([1, 2]);
    let closed = false;
    const closing = turns.close().then(() => {
      closed = true;
    });
    turns.offer([3]);
    turns.wake(4);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    await end(1);
    await closing;
    expect(begun).toEqual([1]);
  });
});

describe('restTicks', () => {
  it.each([
    [5, 0, 5],
    [5, 19, 5],
    [5, 200, 15],
    [10, 10_000, 510],
  ])('%i ticks with %i at rest are %i', (ticks, resting, expected) => {
    expect(restTicks(ticks, resting)).toBe(expected);
  });
});
