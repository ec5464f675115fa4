import type { Clock } from '../../src/gmail/ports.js';

export interface FakeClock extends Clock {
  time: number;
  /** Every wait that was asked for, milliseconds. */
  slept: number[];
}

/** Time that passes only while someone sleeps. */
export function fakeClock(time = Date.parse('2026-11-24T03:00:00Z')): FakeClock {
  const clock: FakeClock = {
    time,
    slept: [],
    now: () => clock.time,
    async sleep(ms, signal) {
      if (signal?.aborted) return;
      clock.slept.push(ms);
      clock.time += ms;
    },
  };
  return clock;
}
