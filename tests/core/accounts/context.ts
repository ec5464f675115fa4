import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../src/core/context.js';
import { googleAddresses } from '../../../src/core/google-addresses.js';
import { systemClock, systemRandom } from '../../../src/core/open.js';
import type { Clock } from '../../../src/core/ports.js';
import { openStore } from '../../../src/store/open.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A home of its own, and contexts on it as several processes would have them. */
export interface Home {
  path: string;
  open(env: Record<string, string>, clock?: Clock): Promise<Context>;
  close(): Promise<void>;
}

export function temporaryHome(): Home {
  const path = mkdtempSync(join(tmpdir(), 'gmail-events-accounts-'));
  const opened: Context[] = [];
  return {
    path,
    async open(env, clock = systemClock) {
      const store = await openStore({ home: path, clock });
      const ctx = { home: path, env, google: googleAddresses(env), store, clock, random: systemRandom, log: silent };
      opened.push(ctx);
      return ctx;
    },
    async close() {
      await Promise.all(opened.map((ctx) => ctx.store.close()));
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Real time, but waits pass at once: `now` moves on by what was slept. */
export function skippingClock(): Clock & { skipped: number; slept: number[] } {
  const clock = {
    skipped: 0,
    slept: [] as number[],
    now: () => Date.now() + clock.skipped,
    async sleep(ms: number, signal?: AbortSignal) {
      // Something that runs beside the sleeper (a lease of another, an answer) gets its turn first.
      await new Promise((turn) => setTimeout(turn, 2));
      if (signal?.aborted) return;
      clock.slept.push(ms);
      clock.skipped += ms;
    },
  };
  return clock;
}
