import { describe, expect, it } from '@jest/globals';
import { Places } from '../../src/gmail/places.js';
import { fakeClock } from './fake-clock.js';

const turn = () => new Promise((next) => setImmediate(next));

/** Calls that hold their place until they are told to go. */
function crowd(places: Places, size: number, signal?: AbortSignal) {
  const inside: (() => void)[] = [];
  const failed: unknown[] = [];
  for (let call = 0; call < size; call += 1) {
    places.enter(signal).then(
      (leave) => inside.push(leave),
      (error: unknown) => failed.push(error),
    );
  }
  return { inside, failed };
}

describe('places in flight', () => {
  it('lets four in, and one more for each that leaves', async () => {
    const { inside } = crowd(new Places(fakeClock()), 6);
    await turn();
    expect(inside).toHaveLength(4);
    inside[0]?.();
    await turn();
    expect(inside).toHaveLength(5);
  });

  it('halves for a minute after a refusal, down to one, and then grows back', async () => {
    const clock = fakeClock();
    const places = new Places(clock);
    places.shrink();
    expect(places.limit).toBe(2);
    places.shrink();
    places.shrink();
    expect(places.limit).toBe(1);
    clock.time += 60_000;
    expect(places.limit).toBe(4);
  });

  it('lets nobody in until enough have left after it shrank', async () => {
    const places = new Places(fakeClock());
    const { inside } = crowd(places, 6);
    await turn();
    places.shrink();
    inside[0]?.();
    inside[1]?.();
    await turn();
    expect(inside).toHaveLength(4);
    inside[2]?.();
    await turn();
    expect(inside).toHaveLength(5);
  });

  it('gives up waiting when aborted, and keeps no place', async () => {
    const places = new Places(fakeClock());
    const first = crowd(places, 4);
    const stop = new AbortController();
    const second = crowd(places, 2, stop.signal);
    await turn();
    stop.abort(new Error('enough'));
    await turn();
    expect(second.failed).toEqual([new Error('enough'), new Error('enough')]);
    for (const leave of first.inside) leave();
    const third = crowd(places, 4);
    await turn();
    expect(third.inside).toHaveLength(4);
  });
});
