import type { Context } from '../../src/core/context.js';
import { pruneOutbox } from '../../src/core/delivery/index.js';
import { openContext } from '../../src/core/index.js';
import { findInstances, isPolled } from '../../src/core/instances/index.js';
import { runPolls } from '../../src/core/polling/index.js';
import type { Trial } from './stage.js';

const TURNS = 5;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Works on the home in this process, which spares a start. */
export async function inHome<T>({ home, env }: Trial, work: (ctx: Context) => Promise<T>): Promise<T> {
  const ctx = await openContext({ home, env, log: silent });
  try {
    return await work(ctx);
  } finally {
    await ctx.store.close();
  }
}

/** Polls as `poll` does, again and again, until nothing is found and nothing is left to be delivered. */
export async function settle(trial: Trial): Promise<void> {
  await inHome(trial, async (ctx) => {
    for (let turn = 1; ; turn++) {
      const ids = (await findInstances(ctx, [])).filter(isPolled).map(({ id }) => id);
      const results = await runPolls(ctx, ids, { deliver: true, scheduled: false });
      await pruneOutbox(ctx);
      const unquiet = results.filter(({ summary: { status, notifications, delivered, pending } }) => {
        return status !== 'ok' || notifications + delivered + pending > 0;
      });
      if (unquiet.length === 0) return;
      if (turn === TURNS) throw new Error(`not quiet after ${TURNS} polls: ${JSON.stringify(unquiet)}`);
    }
  });
}
