import { busyFault, isBusy, storeFault } from './faults.js';

export interface StoreClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const PATIENCE_MS = 15_000;
const LONGEST_WAIT_MS = 50;

/**
 * Runs `work` until the database is not locked, for 15 s at most, without blocking the event loop as SQLite's own busy
 * handler does. Every fault of the driver comes out as a StoreError. `work` must have done nothing when it throws a lock.
 */
export async function patiently<T>(clock: StoreClock, work: () => T): Promise<T> {
  let waited = 0;
  // The waits are summed up, not read from the clock: it may be set while we wait.
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw storeFault(error);
      if (waited >= PATIENCE_MS) throw busyFault();
    }
    // Jitter, so that processes started by one cron minute do not knock at the same moments.
    const jittered = wait * (0.5 + Math.random() / 2);
    await clock.sleep(jittered);
    waited += jittered;
  }
}
