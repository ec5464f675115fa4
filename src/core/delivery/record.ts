import type { OutboxRow } from '../../store/ports/outbox.js';
import type { Answer } from './answer.js';
import { deadLetter } from './dead.js';
import type { Drain } from './drain.js';
import { decide, type Verdict } from './outcome.js';

/** Decides what an attempt leads to and stores it: attempt, row, endpoint, stop and DEAD_LETTER in one transaction. */
export async function record(drain: Drain, row: OutboxRow, answer: Answer, startedAt: number): Promise<Verdict> {
  const { ctx, lease, settings, rules, endpoint, resent } = drain;
  const { outbox } = ctx.store;
  const standing = await outbox.standing(row.instanceId, endpoint);
  const now = ctx.clock.now();
  const verdict = decide({
    row,
    answer,
    startedAt,
    now,
    order: settings.order,
    waits: rules['delivery.retryWaits'],
    chance: ctx.random.unit(),
    endpoint,
    endpointRow: standing.endpoint,
    stop: standing.stop,
    lastSuccessAt: standing.lastSuccessAt,
    unansweredDeath: standing.unansweredDeath,
    resent,
  });
  await outbox.commitAttempt(lease, {
    notificationId: row.id,
    patch: verdict.patch,
    attempt: {
      notificationId: row.id,
      at: startedAt,
      status: answer.status,
      durationMs: answer.durationMs,
      error: answer.error,
      answer: answer.text,
    },
    ...(verdict.endpoint === undefined ? {} : { endpoint: verdict.endpoint }),
    ...(verdict.instance === undefined ? {} : { instance: { id: row.instanceId, ...verdict.instance } }),
    notifications: await deadLetter(drain, row, verdict),
    now,
  });
  tally(drain, row, answer, verdict);
  return verdict;
}

function tally({ tally, options }: Drain, row: OutboxRow, answer: Answer, { patch }: Verdict): void {
  if (row.queue === 'events') {
    tally.attempted += 1;
    tally[patch.state === 'delivered' ? 'delivered' : 'failed'] += 1;
    if (patch.state === 'dead') tally.died += 1;
  }
  options.onAttempt?.({
    instanceId: row.instanceId,
    notificationId: row.id,
    resource: row.resource,
    queue: row.queue,
    state: patch.state ?? 'pending',
    attempts: patch.attempts ?? row.attempts,
    status: answer.status,
    error: answer.error,
    durationMs: answer.durationMs,
    nextAttemptAt: patch.nextAttemptAt ?? null,
  });
}
