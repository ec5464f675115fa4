import { describe, expect, it } from '@jest/globals';
import { activityHours } from '../../../src/core/delivery/activity.js';
import type { OutboxActivity } from '../../../src/store/ports/outbox.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 12, 30);
const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 24, hour, minute);

type Notification = OutboxActivity['notifications'][number];
const notification = (createdAt: number, more: Partial<Notification> = {}): Notification => ({
  createdAt,
  eventCount: 1,
  state: 'pending',
  deliveredAt: null,
  diedAt: null,
  ...more,
});
const attempt = (time: number, durationMs: number, error: string | null = null) => ({
  at: time,
  status: error === null ? 200 : 503,
  durationMs,
  error,
});

function hoursOf(found: Partial<OutboxActivity>, hours = 4) {
  return activityHours({ notifications: [], attempts: [], completeSince: null, ...found }, NOW, hours);
}

describe('the activity of an instance', () => {
  it('is told by hours of the clock, of which the last is not over', () => {
    expect(hoursOf({}).map(({ from }) => from)).toEqual([at(9), at(10), at(11), at(12)]);
    expect(hoursOf({}, 24)).toHaveLength(24);
  });

  it('counts events in the hour they were found in, and none from before', () => {
    const notifications = [
      notification(at(8, 59), { eventCount: 9 }),
      notification(at(9)),
      notification(at(9, 59), { eventCount: 10 }),
      notification(at(12, 29), { eventCount: 3 }),
    ];
    expect(hoursOf({ notifications }).map(({ events }) => events)).toEqual([11, 0, 0, 3]);
  });

  it('counts attempts by their outcome, and times those that succeeded', () => {
    const attempts = [
      ...Array.from({ length: 20 }, (_, index) => attempt(at(10, index), (index + 1) * 10)),
      attempt(at(10, 30), 15_000, 'no answer within 15 s'),
      attempt(at(11), 70),
    ];
    expect(hoursOf({ attempts })).toMatchObject([
      { delivered: 0, failed: 0, medianMs: null, slowMs: null },
      { delivered: 20, failed: 1, medianMs: 100, slowMs: 190 },
      { delivered: 1, failed: 0, medianMs: 70, slowMs: 70 },
      { delivered: 0, failed: 0, medianMs: null, slowMs: null },
    ]);
  });

  it('counts what waited at the end of each hour, and what waits now', () => {
    const notifications = [
      notification(at(8)),
      notification(at(9, 30), { state: 'delivered', deliveredAt: at(10, 30) }),
      notification(at(9, 40), { state: 'delivered', deliveredAt: at(9, 41) }),
      notification(at(10, 10), { state: 'dead', diedAt: at(12, 10) }),
      notification(at(10, 20), { state: 'stored' }),
      notification(at(10, 20), { state: 'stored', diedAt: at(11, 30) }),
      notification(at(12, 40)),
    ];
    expect(hoursOf({ notifications }).map(({ pending }) => pending)).toEqual([2, 3, 2, 1]);
  });

  it('leaves out what a clock that was set back had written into the future', () => {
    const far = NOW + 5 * HOUR;
    const found = hoursOf({ notifications: [notification(far)], attempts: [attempt(far, 5)] });
    expect(found.every(({ events, delivered, pending }) => events + delivered + pending === 0)).toBe(true);
  });
});
