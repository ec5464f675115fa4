import type { OutboxRow, Queue } from '../../store/ports/outbox.js';
import { attempt } from './attempt.js';
import type { Drain } from './drain.js';
import { dueHead } from './due.js';

/** Notifications of one `parallel` instance in flight at once. */
export const PARALLEL = 8;

/**
 * Attempts what is due of both queues, until nothing more is, or the drain is over. The queues do not wait for each other.
 * What is in flight is always recorded, also when one attempt has found the store locked or the lease gone.
 */
export async function drainQueues(drain: Drain): Promise<void> {
  const ends = await Promise.allSettled([drainQueue(drain, 'events'), drainQueue(drain, 'mailbox')]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function drainQueue(drain: Drain, queue: Queue): Promise<void> {
  const ordered = queue === 'events' && drain.settings.order === 'ordered';
  await inParallel(drain, ordered ? 1 : PARALLEL, (inFlight) =>
    ordered ? dueHead(drain.ctx, drain.instance.id) : nextDue(drain, queue, inFlight),
  );
}

async function nextDue(drain: Drain, queue: Queue, inFlight: ReadonlySet<string>): Promise<OutboxRow | null> {
  const dueAt = drain.ctx.clock.now();
  const due = await drain.ctx.store.outbox.pending(drain.instance.id, queue, { limit: inFlight.size + 1, dueAt });
  return due.find((row) => !inFlight.has(row.id)) ?? null;
}

/** Works on the rows that `next` gives, at most `places` at once, until it gives none and none is in flight. */
export async function inParallel(
  drain: Drain,
  places: number,
  next: (inFlight: ReadonlySet<string>) => Promise<OutboxRow | null>,
  work: (drain: Drain, row: OutboxRow) => Promise<unknown> = attempt,
): Promise<void> {
  const inFlight = new Map<string, Promise<void>>();
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
  try {
    for (;;) {
      const ended = drain.over || drain.options.signal?.aborted === true;
      const row = ended || inFlight.size >= places ? null : await next(new Set(inFlight.keys()));
      if (row !== null) inFlight.set(row.id, begin(row));
      else if (inFlight.size === 0) break;
      else await Promise.race(inFlight.values());
    }
  } finally {
    drain.over ||= failures.length > 0;
    await Promise.all(inFlight.values());
  }
  if (failures.length > 0) throw failures[0];
}
