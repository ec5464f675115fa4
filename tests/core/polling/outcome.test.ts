import { describe, expect, it } from '@jest/globals';
import type { DeliverySummary } from '../../../src/core/delivery/index.js';
import type { ErrorCode } from '../../../src/core/errors.js';
import { pollOutcome } from '../../../src/core/polling/index.js';
import type { PollResult } from '../../../src/core/polling/summary.js';
import { emptyResult, failedResult } from '../../../src/core/polling/summary.js';

function delivery(changes: Partial<DeliverySummary>): DeliverySummary {
  const none = { attempted: 0, delivered: 0, failed: 0, died: 0, pending: 0, dead: 0 };
  return { busy: false, stopped: false, resting: false, ...none, ...changes };
}

function result(
  changes: { status?: PollResult['summary']['status']; delivery?: Partial<DeliverySummary> } = {},
): PollResult {
  const made = { ...emptyResult(1, changes.status ?? 'ok'), polled: true };
  if (changes.delivery === undefined) return made;
  const delivered = delivery(changes.delivery);
  const { pending, dead } = delivered;
  return { ...made, summary: { ...made.summary, pending, dead }, delivery: delivered };
}

function failed(code: ErrorCode, polled = true): PollResult {
  return { ...failedResult(emptyResult(1), { code, message: '', hint: null, faults: [] }), polled };
}

const BY_HAND = { due: false, deliver: true };
const NO_DELIVER = { due: false, deliver: false };
const DUE = { due: true, deliver: true };

describe('pollOutcome', () => {
  it.each<[string, PollResult[], typeof BY_HAND, ErrorCode | 'ok']>([
    ['nothing to do', [], BY_HAND, 'ok'],
    ['all well', [result(), result({ delivery: { attempted: 1, delivered: 1 } })], BY_HAND, 'ok'],
    ['one failed', [failed('failed')], BY_HAND, 'failed'],
    ['all failed for one reason', [failed('auth'), failed('auth')], BY_HAND, 'auth'],
    ['all failed, for different reasons', [failed('auth'), failed('retry_later')], BY_HAND, 'partial'],
    ['one of two failed', [failed('auth'), result()], BY_HAND, 'partial'],
    ['a broken store', [failed('store')], BY_HAND, 'store'],
    ['throttled', [failed('retry_later'), failed('retry_later')], BY_HAND, 'retry_later'],
    ['all busy', [result({ status: 'busy' }), result({ status: 'busy' })], BY_HAND, 'retry_later'],
    ['one of two busy', [result({ status: 'busy' }), result()], BY_HAND, 'partial'],
    ['disabled ones have no say', [result({ status: 'disabled' }), failed('auth')], BY_HAND, 'auth'],
    ['only disabled ones', [result({ status: 'disabled' })], BY_HAND, 'ok'],
    [
      'a delivery is still to be retried',
      [result({ delivery: { attempted: 1, failed: 1, pending: 1 } })],
      BY_HAND,
      'partial',
    ],
    [
      'one failed and was then delivered within the run',
      [result({ delivery: { attempted: 2, failed: 1, delivered: 1 } })],
      BY_HAND,
      'ok',
    ],
    ['a stopped instance has pending ones', [result({ delivery: { stopped: true, pending: 4 } })], BY_HAND, 'partial'],
    ['a resting instance has pending ones', [result({ delivery: { resting: true, pending: 1 } })], BY_HAND, 'partial'],
    ['pending ones that another process delivers', [result({ delivery: { busy: true, pending: 4 } })], BY_HAND, 'ok'],
    ['one has died just now', [result({ delivery: { attempted: 1, died: 1, dead: 1 } })], BY_HAND, 'partial'],
    ['one has died long ago', [result({ delivery: { dead: 3 } })], BY_HAND, 'ok'],
    [
      'pending, but not to be delivered',
      [{ ...result(), summary: { ...result().summary, pending: 3 } }],
      NO_DELIVER,
      'ok',
    ],
    ['a failure counts without deliveries too', [failed('failed')], NO_DELIVER, 'failed'],
    ['--due: busy is no failure', [result({ status: 'busy' })], DUE, 'ok'],
    ['--due: pending ones that wait', [result({ delivery: { pending: 2 } })], DUE, 'ok'],
    [
      '--due: an attempt of this run failed',
      [result({ delivery: { attempted: 1, failed: 1, pending: 1 } })],
      DUE,
      'partial',
    ],
    ['--due: a grant found lost', [failed('auth')], DUE, 'auth'],
    ['--due: a grant known as lost', [failed('auth', false)], DUE, 'ok'],
    [
      '--due: a grant known as lost beside a failed attempt',
      [failed('auth', false), result({ delivery: { attempted: 1, died: 1 } })],
      DUE,
      'partial',
    ],
    ['by hand: a grant known as lost', [failed('auth', false)], BY_HAND, 'auth'],
  ])('%s', (_name, results, kind, expected) => {
    expect(pollOutcome(results, kind)).toBe(expected);
  });
});
