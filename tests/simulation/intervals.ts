import type { Timeline } from './timeline.js';

/** Renewals of leases come by setInterval, the one timer that is not handed in: here they come in simulated time. Returns what undoes it. */
export function simulateIntervals(timeline: Timeline): () => void {
  const { setInterval: set, clearInterval: clear } = globalThis;
  const running = new Map<object, () => void>();
  const begin = (happen: () => void, ms: number): object => {
    const interval = {};
    const again = () =>
      timeline.after(ms, () => {
        running.set(interval, again());
        happen();
      });
    running.set(interval, again());
    return interval;
  };
  const end = (interval: object) => {
    running.get(interval)?.();
    running.delete(interval);
  };
  globalThis.setInterval = begin as unknown as typeof setInterval;
  globalThis.clearInterval = end as unknown as typeof clearInterval;
  return () => {
    globalThis.setInterval = set;
    globalThis.clearInterval = clear;
  };
}
