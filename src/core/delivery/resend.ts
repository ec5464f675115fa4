import pLimit from 'p-limit';
import type { Lease } from '../../store/ports/leases.js';
import type { OutboxFilter, OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { readSettings } from '../instances/settings.js';
import { withWantedLease } from '../lease.js';
import { attempt } from './attempt.js';
import { deliverInstance, LET_PASS_MS } from './deliver.js';
import { type DeliverOptions, type Drain, newTally, undeliverable, withDrain } from './drain.js';
import { endpointDue } from './due.js';
import { inParallel, PARALLEL } from './queues.js';
import { byInstance, readAgain, select } from './select.js';

const INSTANCES = 8;

export interface Resent {
  /** All that was named, in queue order, as it stands afterwards. */
  rows: OutboxRow[];
  /** Instances of which nothing could be attempted; their rows stay as they were. `reason` ends a sentence. */
  refused: { instanceId: number; reason: string }[];
}

/**
 * Attempts the named notifications once, at once, whatever their state, also while their instance is stopped or its endpoint
 * rests: same id, same bytes, attempts counted afresh. Each is pending first, so a crash leaves it due. The first success
 * lifts the instance's stop. CoreError `usage` for an unknown id, `retry_later` when another process does not yield.
 */
export async function resendEvents(ctx: Context, filter: OutboxFilter, options: DeliverOptions = {}): Promise<Resent> {
  const rows = await select(ctx, filter);
  ctx.progress?.({ kind: 'begun', notifications: rows.length });
  const limit = pLimit(INSTANCES);
  const refused: Resent['refused'] = [];
  const ends = await Promise.allSettled(
    [...byInstance(rows)].map(([id, own]) =>
      limit(async () => {
        const reason = await resendOf(ctx, id, own, options);
        if (reason !== null) refused.push({ instanceId: id, reason });
      }),
    ),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { rows: await readAgain(ctx, rows), refused };
}

/** Why nothing of the instance was attempted; null when all was, or the signal came. */
async function resendOf(
  ctx: Context,
  id: number,
  rows: readonly OutboxRow[],
  options: DeliverOptions,
): Promise<string | null> {
  const waiting = new Map(rows.map((row) => [row.id, row]));
  let reopened = false;
  while (waiting.size > 0 && !options.signal?.aborted) {
    const drain = await withWantedLease(ctx, `deliver:${id}`, (lease) =>
      withDrain(ctx, lease, id, { tally: newTally(), options, resent: true }, async (current) => {
        // At once, so that thousands share one wait for the disk.
        if (!reopened) await Promise.all(rows.map((row) => reopen(ctx, lease, row)));
        reopened = true;
        await attemptAll(current, waiting);
      }),
    );
    if (drain === null) return refusal(ctx, id);
    if (drain.wanted) await ctx.clock.sleep(LET_PASS_MS, options.signal);
  }
  // What others committed while the lease was held found it taken.
  if (!options.signal?.aborted && (await endpointDue(ctx, id)) !== null) await deliverInstance(ctx, id, options);
  return null;
}

/** What a yield leaves stays in `waiting`, for the next turn. */
async function attemptAll(drain: Drain, waiting: Map<string, OutboxRow>): Promise<void> {
  const { outbox } = drain.ctx.store;
  const places = drain.settings.order === 'ordered' ? 1 : PARALLEL;
  await inParallel(
    drain,
    async (inFlight) => {
      if (inFlight.length >= places) return null;
      const taken = new Set(inFlight.map((row) => row.id));
      for (const id of waiting.keys()) {
        const row = taken.has(id) ? undefined : await outbox.get(id);
        if (row === undefined) continue;
        if (row !== null) return row;
        // Pruned meanwhile: it would be waited for in vain.
        waiting.delete(id);
      }
      return null;
    },
    async (_drain, row) => {
      if (await attempt(drain, row)) waiting.delete(row.id);
    },
  );
}

async function reopen(ctx: Context, lease: Lease, row: OutboxRow): Promise<void> {
  const now = ctx.clock.now();
  await ctx.store.outbox.commitAttempt(lease, {
    notificationId: row.id,
    patch: {
      state: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      firstAttemptAt: null,
      lastStatus: null,
      lastError: null,
      deliveredAt: null,
      diedAt: null,
    },
    attempt: null,
    notifications: [],
    now,
  });
}

async function refusal(ctx: Context, id: number): Promise<string | null> {
  const instance = await ctx.store.instanceFiles.read(id);
  return instance === null ? 'does not exist any more' : undeliverable(instance, readSettings(instance));
}
