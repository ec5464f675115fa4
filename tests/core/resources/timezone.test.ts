import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDate, isTimezone, offsetMinutes } from '../../../src/core/resources/timezone.js';

const WINTER = Date.UTC(2026, 10, 24, 2, 50, 22, 987);
const SUMMER = Date.UTC(2026, 6, 1, 23, 30);

describe('time zones', () => {
  it.each<[string, boolean]>([
    ['UTC', true],
    ['Z', true],
    ['GMT', true],
    ['Europe/Berlin', true],
    ['America/Denver', true],
    ['Asia/Kathmandu', true],
    ['PST', true],
    ['+01:00', true],
    ['-8:00', true],
    ['-08', true],
    ['+0530', true],
    ['GMT-8:00', true],
    ['UTC+1', true],
    ['+18:00', true],
    ['+18:30', false],
    ['+1:5', false],
    ['+25:00', false],
    ['Mars/Olympus', false],
    ['', false],
    ['local', false],
    ['01:00', false],
  ])('%j: %j', (text, known) => {
    expect(isTimezone(text)).toBe(known);
  });

  it.each<[string | null, number, string]>([
    [null, WINTER, '2026-11-24T02:50:22Z'],
    ['UTC', WINTER, '2026-11-24T02:50:22Z'],
    ['Europe/Berlin', WINTER, '2026-11-24T03:50:22+01:00'],
    ['Europe/Berlin', SUMMER, '2026-07-02T01:30:00+02:00'],
    ['Europe/London', WINTER, '2026-11-24T02:50:22+00:00'],
    ['America/Denver', WINTER, '2026-11-23T19:50:22-07:00'],
    ['Asia/Kathmandu', WINTER, '2026-11-24T08:35:22+05:45'],
    ['-8:00', WINTER, '2026-11-23T18:50:22-08:00'],
    ['+0530', WINTER, '2026-11-24T08:20:22+05:30'],
    [null, -1, '1969-12-31T23:59:59Z'],
  ])('in %j a date of %d is %s', (timezone, ms, text) => {
    expect(formatDate(ms, timezone)).toBe(text);
  });

  it('keeps the moment, in any zone', () => {
    const zones = [
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Chatham',
      'Australia/Lord_Howe',
      '+14:00',
      '-11:30',
      'UTC',
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...zones), (ms, zone) => {
        expect(Date.parse(formatDate(ms, zone))).toBe(Math.floor(ms / 1000) * 1000);
        expect(Math.abs(offsetMinutes(ms, zone))).toBeLessThanOrEqual(14 * 60);
      }),
    );
  });
});
