import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../src/core/delivery/answer.js';
import { decide, type Situation } from '../../../src/core/delivery/outcome.js';
import type { OutboxRow } from '../../../src/store/ports/outbox.js';

const NOW = 1_000_000;
const STOP = { at: 1, notificationId: 'other', reason: 'earlier' };

const row: OutboxRow = {
  seq: 1,
  id: 'n1',
  instanceId: 3,
  resource: 'changed-messages',
  queue: 'events',
  contentType: 'application/json',
  eventCount: 1,
  state: 'pending',
  attempts: 0,
  nextAttemptAt: 0,
  firstAttemptAt: null,
  lastStatus: null,
  lastError: null,
  createdAt: 0,
  deliveredAt: null,
  diedAt: null,
};

function answer(status: number | null, other: Partial<Answer> = {}): Answer {
  const ok = status !== null && status >= 200 && status < 300;
  const error = ok ? null : `HTTP ${status}`;
  return { ok, dialled: true, status, error, text: null, retryAfterMs: null, durationMs: 5, ...other };
}

function situation(other: Partial<Omit<Situation, 'row'>> & { row?: Partial<OutboxRow> } = {}): Situation {
  return {
    answer: answer(500),
    startedAt: NOW - 100,
    now: NOW,
    order: 'ordered',
    waits: [5, 300],
    chance: 0,
    endpoint: 'http://e/',
    endpointRow: null,
    stop: null,
    lastSuccessAt: null,
    unansweredDeath: false,
    resent: false,
    ...other,
    row: { ...row, ...other.row },
  };
}

describe('a success', () => {
  it('delivers, and is the last success of the instance', () => {
    expect(decide(situation({ answer: answer(204) }))).toEqual({
      patch: {
        state: 'delivered',
        attempts: 1,
        firstAttemptAt: NOW - 100,
        lastStatus: 204,
        lastError: null,
        nextAttemptAt: null,
        deliveredAt: NOW,
      },
      instance: { lastSuccessAt: NOW },
    });
  });

  it("ends the endpoint's failures", () => {
    const endpointRow = { endpoint: 'http://e/', failures: 7, restUntil: 5, restMs: 30_000 };
    const verdict = decide(situation({ answer: answer(200), endpointRow }));
    expect(verdict.endpoint).toEqual({ endpoint: 'http://e/', failures: 0, restUntil: null, restMs: null });
  });

  it.each([
    { resent: true, stop: null },
    { resent: false, stop: undefined },
  ])('lifts a stop only when it was resent: $resent', ({ resent, stop }) => {
    expect(decide(situation({ answer: answer(200), stop: STOP, resent })).instance?.stop).toBe(stop);
  });

  it('of a mailbox notification touches neither endpoint nor instance', () => {
    const endpointRow = { endpoint: 'http://e/', failures: 3, restUntil: null, restMs: null };
    const verdict = decide(
      situation({ answer: answer(200), row: { queue: 'mailbox' }, endpointRow, stop: STOP, resent: true }),
    );
    expect(verdict.patch.state).toBe('delivered');
    expect(Object.keys(verdict)).toEqual(['patch']);
  });
});

describe('a failure', () => {
  it('is tried again after its wait, and counts for the endpoint', () => {
    expect(decide(situation())).toEqual({
      patch: {
        attempts: 1,
        firstAttemptAt: NOW - 100,
        lastStatus: 500,
        lastError: 'HTTP 500',
        nextAttemptAt: NOW + 5000,
      },
      endpoint: { endpoint: 'http://e/', failures: 1, restUntil: null, restMs: null },
    });
  });

  it('that we refused to call counts for the notification, and not for the endpoint', () => {
    const verdict = decide(situation({ answer: answer(null, { dialled: false }) }));
    expect(verdict.patch).toMatchObject({ attempts: 1, nextAttemptAt: NOW + 5000 });
    expect(verdict.endpoint).toBeUndefined();
  });

  it('keeps the time of the first attempt', () => {
    const { patch } = decide(situation({ row: { attempts: 1, firstAttemptAt: 7 } }));
    expect(patch).toMatchObject({ attempts: 2, firstAttemptAt: 7, nextAttemptAt: NOW + 300_000 });
  });

  it('waits as long as Retry-After asks', () => {
    const { patch } = decide(situation({ answer: answer(503, { retryAfterMs: 60_000 }) }));
    expect(patch.nextAttemptAt).toBe(NOW + 60_000);
  });

  it('of the last attempt is the death', () => {
    const verdict = decide(situation({ row: { attempts: 2, firstAttemptAt: 7 } }));
    expect(verdict.patch).toMatchObject({ state: 'dead', attempts: 3, nextAttemptAt: null, diedAt: NOW });
    expect(verdict.instance).toBeUndefined();
  });

  it('dies after the last success also when both fall into one millisecond, or the clock was set back', () => {
    const dying = { row: { attempts: 2, firstAttemptAt: 7 } };
    expect(decide(situation({ ...dying, lastSuccessAt: NOW })).patch.diedAt).toBe(NOW + 1);
    expect(decide(situation({ ...dying, lastSuccessAt: NOW + 5000 })).patch.diedAt).toBe(NOW + 5001);
    expect(decide(situation({ ...dying, lastSuccessAt: NOW - 5000 })).patch.diedAt).toBe(NOW);
  });
});

describe('the stop', () => {
  const dying = { attempts: 2, firstAttemptAt: 500 };
  it.each([
    { name: 'ordered: a death alone does not stop', given: { row: dying }, state: 'dead', stops: false },
    { name: 'ordered: the next fails too', given: { unansweredDeath: true }, state: undefined, stops: true },
    {
      name: 'ordered: the next fails too, on its only attempt: it stays pending',
      given: { unansweredDeath: true, waits: [] },
      state: undefined,
      stops: true,
    },
    {
      name: 'parallel: a death without any success',
      given: { order: 'parallel' as const, row: dying },
      state: 'dead',
      stops: true,
    },
    {
      name: 'parallel: a death, the last success before its first attempt',
      given: { order: 'parallel' as const, row: dying, lastSuccessAt: 499 },
      state: 'dead',
      stops: true,
    },
    {
      name: 'parallel: a death, a success since its first attempt',
      given: { order: 'parallel' as const, row: dying, lastSuccessAt: 500 },
      state: 'dead',
      stops: false,
    },
    {
      name: 'parallel: a first failure after a death',
      given: { order: 'parallel' as const, unansweredDeath: true },
      state: undefined,
      stops: false,
    },
    { name: 'ordered: 410', given: { answer: answer(410) }, state: undefined, stops: true },
    {
      name: 'parallel: 410',
      given: { order: 'parallel' as const, answer: answer(410) },
      state: undefined,
      stops: true,
    },
    {
      name: '410 on the last attempt stays pending',
      given: { answer: answer(410), row: dying },
      state: undefined,
      stops: true,
    },
    {
      name: 'none dies while stopped',
      given: { order: 'parallel' as const, row: dying, stop: STOP },
      state: undefined,
      stops: false,
    },
  ])('$name', ({ given, state, stops }) => {
    const verdict = decide(situation(given));
    expect(verdict.patch.state).toBe(state);
    expect(verdict.instance?.stop != null).toBe(stops);
    if (stops) expect(verdict.instance?.stop).toMatchObject({ at: NOW, notificationId: 'n1' });
  });
});

describe('a mailbox notification that fails', () => {
  it.each([
    { name: 'is tried again', given: {}, state: undefined },
    { name: 'is killed by a 410, it alone', given: { answer: answer(410) }, state: 'dead' },
    { name: 'dies after its last attempt', given: { row: { attempts: 2 } }, state: 'dead' },
    { name: 'is tried again after a death of the other queue', given: { unansweredDeath: true }, state: undefined },
  ])('$name, and counts for nothing else', ({ given, state }) => {
    const row = { ...(given as { row?: Partial<OutboxRow> }).row, queue: 'mailbox' as const };
    const verdict = decide(situation({ ...given, row }));
    expect(verdict.patch.state).toBe(state);
    expect(Object.keys(verdict)).toEqual(['patch']);
  });
});
