import { describe, expect, it } from '@jest/globals';
import { liveLines } from '../../src/commands/live-view.js';
import { RecentEvents } from '../../src/commands/recent-events.js';
import type { InstanceStatus } from '../../src/core/status.js';
import { paintFor } from '../../src/ui/colour.js';
import { widthOf } from '../../src/ui/width.js';

const NOW = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;
const plain = paintFor({ isTTY: false }, false, {});
const colours = paintFor({ isTTY: true }, undefined, {});

function instance(id: number, changes: Partial<InstanceStatus> = {}): InstanceStatus {
  return {
    id,
    name: `inbox ${id}`,
    account: 'ann@example.com',
    lastPollAt: NOW - 3 * MINUTE,
    nextPollAt: NOW + 2 * MINUTE,
    cursorAt: NOW,
    cursorExpiresAt: NOW,
    deliveries: 'running',
    retrying: false,
    pending: 0,
    dead: 0,
    oldestPendingAt: null,
    error: null,
    ...changes,
  };
}

function shown(instances: InstanceStatus[], size = { columns: 100, rows: 24 }, recent = new RecentEvents()): string[] {
  return liveLines(instances, recent, { size, now: NOW, paint: plain });
}

const broken = { code: 'auth' as const, message: 'the grant was revoked', hint: 'Run gmail-events auth.', faults: [] };

describe('the live view', () => {
  it('shows each instance: polls, the last hour, what is pending, how deliveries go', () => {
    const recent = new RecentEvents();
    recent.add(1, 4, NOW - 30 * MINUTE);
    recent.add(1, 8, NOW - MINUTE);
    recent.add(1, 100, NOW - 90 * MINUTE);
    expect(
      shown([instance(1), instance(2, { deliveries: 'resting', pending: 3, name: 'été 📬' })], undefined, recent),
    ).toEqual([
      '2 instances, 12 events in the last hour, 3 pending',
      'ID  NAME     LAST POLL  NEXT POLL  EVENTS  LAST HOUR     PENDING  DELIVERIES',
      '1   inbox 1  3 min ago  in 2 min   12      ▁▁▁▁▁▅▁▁▁▁█▁  0        ok',
      '2   été 📬   3 min ago  in 2 min   0       ▁▁▁▁▁▁▁▁▁▁▁▁  3        resting',
    ]);
  });

  it('tells what is wrong and its fix, and colours by meaning', () => {
    const lines = shown([instance(1), instance(2, { error: broken })]);
    expect(lines[0]).toContain('1 in trouble');
    expect(lines.at(-1)).toBe('instance 2: the grant was revoked (Run gmail-events auth.)');
    const painted = liveLines(
      [
        instance(1),
        instance(2, { error: broken }),
        instance(3, { deliveries: 'stopped' }),
        instance(4, { deliveries: 'resting', retrying: true, pending: 1 }),
        instance(5, { retrying: true, pending: 1 }),
      ],
      new RecentEvents(),
      { size: { columns: 100, rows: 24 }, now: NOW, paint: colours },
    );
    for (const cell of [
      colours.green('ok'),
      colours.red('no access'),
      colours.red('stopped'),
      colours.yellow('resting'),
      colours.yellow('retrying'),
    ])
      expect(painted.join('\n')).toContain(cell);
  });

  it('fits the height: the troubled first, and how many more there are', () => {
    const many = Array.from({ length: 60 }, (_, at) => instance(at + 1));
    many[40] = instance(41, { error: broken });
    many[50] = instance(51, { deliveries: 'stopped' });
    many[55] = instance(56, { pending: 7 });
    const lines = shown(many, { columns: 100, rows: 24 });
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.slice(2, 6).map((line) => line.split(' ')[0])).toEqual(['41', '51', '56', '1']);
    const rows = lines.filter((line) => /^\d+ +inbox/.test(line)).length;
    expect(lines).toContain(`... and ${60 - rows} more`);
    expect(rows).toBeGreaterThan(14);
  });

  it.each([
    [100, 24],
    [80, 24],
    [60, 12],
    [40, 10],
    [30, 6],
    [20, 4],
    [12, 2],
    [200, 50],
  ])('%d x %d: no line is too wide, and there are not too many', (columns, rows) => {
    const many = Array.from({ length: 9 }, (_, at) =>
      instance(at + 1, { name: '日本語のとても長い名前 with more', error: broken }),
    );
    const lines = shown(many, { columns, rows });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(Math.max(rows - 1, 1));
    const table = lines.filter((line) => /^(ID|\d+ )/.test(line) && !/^\d+ instances/.test(line));
    for (const line of table) expect([line, widthOf(line) < columns]).toEqual([line, true]);
  });

  it('says so when there is nothing to watch', () => {
    expect(shown([])).toEqual(['0 instances, 0 events in the last hour']);
  });
});
