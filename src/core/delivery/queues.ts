import type { OutboxRow, Queue } from '../../store/ports/outbox.js';
import { attempt } from './attempt.js';
import type { Drain } from './drain.js';
import { dueHead } from './due.js';

/** Notifications of one `parallel` instance in flight at once. */
export const PARALLEL = 8;

/**
 * Attempts what is due of both queues, until nothing more is, or the drain is over. Neither waits for the other: both are
 * looked at whenever an attempt has ended.
 */
export async function drainQueues(drain: Drain): Promise<void> {
  await inParallel(
    drain,
    async (inFlight) => (await nextOf(drain, 'events', inFlight)) ?? nextOf(drain, 'mailbox', inFlight),
  );
}

/** Of an ordered instance, its events go one at a time, and none passes the head. */
async function nextOf(drain: Drain, queue: Queue, inFlight: readonly OutboxRow[]): Promise<OutboxRow | null> {
  const { ctx, instance, settings } = drain;
  const ordered = queue === 'events' && settings.order === 'ordered';
  const own = new Set(inFlight.filter((row) => row.queue === queue).map((row) => row.id));
  if (own.size >= (ordered ? 1 : PARALLEL)) return null;
  if (ordered) return dueHead(ctx, instance.id);
  const due = await ctx.store.outbox.pending(instance.id, queue, { limit: own.size + 1, dueAt: ctx.clock.now() });
  return due.find((row) => !own.has(row.id)) ?? null;
}

/**
 * Works on the rows that `next` gives until it gives none and none is in flight. What is in flight is always recorded, also
 * when one attempt has found the store locked or the lease gone.
 */
export async function inParallel(
  drain: Drain,
  next: (inFlight: readonly OutboxRow[]) => Promise<OutboxRow | null>,
  work: (drain: Drain, row: OutboxRow) => Promise<unknown> = attempt,
): Promise<void> {
  const inFlight = new Map<string, { row: OutboxRow; end: Promise<void> }>();
  const failures: unknown[] = [];
  const begin = async (row: OutboxRow) => {
    try {
      await work(drain, row);
    } catch (error) {
      failures.push(error);
      drain.over = true;
    } finally {
      inFlight.delete(row.id);
    }
  };
  const ends = () => [...inFlight.values()].map(({ end }) => end);
  try {
    for (;;) {
      const { options, tally } = drain;
      if (options.enough?.(tally.begun)) drain.over = drain.passed = true;
      const ended = drain.over || options.signal?.aborted === true;
      const row = ended ? null : await next([...inFlight.values()].map((each) => each.row));
      if (row !== null) inFlight.set(row.id, { row, end: begin(row) });
      else if (inFlight.size === 0) break;
      else await Promise.race(ends());
    }
  } finally {
    drain.over ||= failures.length > 0;
    await Promise.all(ends());
  }
  if (failures.length > 0) throw failures[0];
}
