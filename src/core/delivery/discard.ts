import { DISCARDED, type OutboxFilter, type OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { withWantedLease } from '../lease.js';
import { byInstance, readAgain, select } from './select.js';

/** What a discard of the filter would give up: delivered rows, and those given up already, are no part of it. */
export async function discardable(ctx: Context, filter: OutboxFilter): Promise<OutboxRow[]> {
  return (await select(ctx, filter)).filter(isOpen);
}

/**
 * Gives notifications up: dead with lastError `discarded`, without a DEAD_LETTER and without a step to a stop. Under the
 * deliver lease, so that none is in flight. Returns the rows that were given up. CoreError `usage` for an unknown id.
 */
export async function discardEvents(ctx: Context, filter: OutboxFilter): Promise<OutboxRow[]> {
  const discarded: OutboxRow[] = [];
  for (const [id, rows] of byInstance(await discardable(ctx, filter))) {
    await withWantedLease(ctx, `deliver:${id}`, async (lease) => {
      // Read again: one may have been delivered while the lease was waited for.
      const open = (await readAgain(ctx, rows)).filter(isOpen);
      await ctx.store.outbox.discard(
        lease,
        open.map((row) => row.id),
        ctx.clock.now(),
      );
      discarded.push(...(await readAgain(ctx, open)));
    });
  }
  return discarded.sort((one, other) => one.seq - other.seq);
}

function isOpen(row: OutboxRow): boolean {
  return row.state !== 'delivered' && !(row.state === 'dead' && row.lastError === DISCARDED);
}
