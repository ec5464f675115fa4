import type { Stop } from '../../store/ports/instances.js';
import type { AttemptCommit, EndpointRow, OutboxRow } from '../../store/ports/outbox.js';
import type { InstanceSettings } from '../types.js';
import type { Answer } from './answer.js';
import { afterFailure, afterSuccess } from './endpoint.js';
import { nextWait } from './schedule.js';

/** All that decides what one attempt leads to. Times are milliseconds. */
export interface Situation {
  row: OutboxRow;
  answer: Answer;
  startedAt: number;
  now: number;
  order: InstanceSettings['order'];
  /** Seconds before attempts 2, 3, ... */
  waits: readonly number[];
  /** In [0, 1). */
  chance: number;
  endpoint: string;
  endpointRow: EndpointRow | null;
  stop: Stop | null;
  lastSuccessAt: number | null;
  /** A notification of the instance has died since its last success. */
  unansweredDeath: boolean;
  /** By `events resend`: its success lifts a stop. */
  resent: boolean;
}

/** What is to be committed with the attempt; a death of the events queue is told by a DEAD_LETTER. */
export interface Verdict {
  patch: AttemptCommit['patch'];
  endpoint?: EndpointRow;
  instance?: { stop?: Stop | null; lastSuccessAt?: number };
}

/** The rules of a delivery: retry, death, the endpoint's rest and the instance's stop. A mailbox notification steps to none of the last two. */
export function decide(situation: Situation): Verdict {
  const { row, answer, startedAt } = situation;
  const counted = {
    attempts: row.attempts + 1,
    firstAttemptAt: row.attempts === 0 ? startedAt : (row.firstAttemptAt ?? startedAt),
    lastStatus: answer.status,
    lastError: answer.error,
  };
  if (answer.ok) return afterGoodAnswer(situation, counted);
  if (row.queue === 'mailbox') return mailboxFailure(situation, counted);
  return eventsFailure(situation, counted);
}

function afterGoodAnswer(situation: Situation, counted: Verdict['patch']): Verdict {
  const { now, row, endpointRow, endpoint, stop, resent } = situation;
  const patch: Verdict['patch'] = { ...counted, state: 'delivered', nextAttemptAt: null, deliveredAt: now };
  if (row.queue === 'mailbox') return { patch };
  const verdict: Verdict = { patch, instance: { lastSuccessAt: now } };
  if (resent && stop !== null) verdict.instance = { lastSuccessAt: now, stop: null };
  if (endpointRow !== null && endpointRow.failures > 0) verdict.endpoint = afterSuccess(endpoint);
  return verdict;
}

function mailboxFailure(situation: Situation, counted: Verdict['patch']): Verdict {
  const { now, answer, row, waits, chance } = situation;
  const wait = nextWait(row.attempts + 1, waits, chance, answer.retryAfterMs);
  const over = wait === null || answer.status === 410;
  return {
    patch: over
      ? { ...counted, state: 'dead', nextAttemptAt: null, diedAt: now }
      : { ...counted, nextAttemptAt: now + wait },
  };
}

function eventsFailure(situation: Situation, counted: Verdict['patch']): Verdict {
  const { now, answer, row, waits, chance, endpointRow, endpoint, stop, lastSuccessAt, order } = situation;
  const wait = nextWait(row.attempts + 1, waits, chance, answer.retryAfterMs);
  const failed = answer.dialled ? { endpoint: afterFailure(endpointRow, endpoint, now) } : {};
  const retry: Verdict = { ...failed, patch: { ...counted, nextAttemptAt: now + (wait ?? 0) } };
  const stopped = (reason: string) => ({ stop: { at: now, notificationId: row.id, reason } });

  if (answer.status === 410) return { ...retry, instance: stopped('the receiver answered 410 Gone') };
  if (order === 'ordered' && situation.unansweredDeath) {
    const reason = `a notification has died, and the first attempt of the next failed too (${answer.error})`;
    return { ...retry, instance: stopped(reason) };
  }
  // While stopped none dies, an attempt that was in flight at that moment included.
  if (wait !== null || stop !== null) return retry;

  // Strictly after the last success, whatever the clock did: so it is told that nothing has succeeded since.
  const diedAt = lastSuccessAt === null ? now : Math.max(now, lastSuccessAt + 1);
  const death: Verdict = { ...failed, patch: { ...counted, state: 'dead', nextAttemptAt: null, diedAt } };
  const firstAttemptAt = counted.firstAttemptAt ?? now;
  if (order === 'parallel' && (lastSuccessAt === null || lastSuccessAt < firstAttemptAt)) {
    const reason = `a notification has died, and nothing has succeeded since its first attempt (${answer.error})`;
    death.instance = stopped(reason);
  }
  return death;
}
