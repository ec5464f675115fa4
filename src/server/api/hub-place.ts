import type { ChangesPlace } from '../../core/resources/changes.js';
import type { Query } from './query.js';

/** A date, and a time in UTC unless it names its zone. */
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+ -]\d\d:\d\d)?)?$/;
const ACCEPTED = 'a historyId (digits), a date (2026-11-24, 2026-11-24T03:00:00Z), or epoch:SECONDS';

/** `since`; null: none given. Digits alone are a historyId, which may be of any length: seconds are written epoch:... */
export function readSince(query: Query): ChangesPlace | null {
  const since = query.text('since');
  if (since === null) return null;
  if (/^\d{1,40}$/.test(since)) return { historyId: since };
  const date = epoch(since) ?? isoDate(since);
  if (date !== null) return fromDate(date);
  query.refuse('since', `is ${JSON.stringify(since.slice(0, 40))}; accepted: ${ACCEPTED}`);
  return null;
}

/** Milliseconds from 13 digits on. */
function epoch(text: string): number | null {
  const [, digits] = /^epoch:(\d{1,15})$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  return digits.length >= 13 ? Number(digits) : Number(digits) * 1000;
}

function isoDate(text: string): number | null {
  const [whole, time, zone] = DATE.exec(text) ?? [];
  if (whole === undefined) return null;
  // A `+` that was not escaped comes as a space.
  const date = Date.parse(`${whole.replace(' ', '+')}${time !== undefined && zone === undefined ? 'Z' : ''}`);
  return Number.isNaN(date) ? null : date;
}

function fromDate(date: number): ChangesPlace {
  return { date, mail: { pageToken: null, skip: 0 } };
}

/** The inside of a page token, and back. */
export function writePlace(place: ChangesPlace): string {
  return 'historyId' in place ? place.historyId : JSON.stringify([place.date, place.mail.pageToken, place.mail.skip]);
}

export function readPlace(token: string, query: Query): ChangesPlace | null {
  if (/^\d{1,40}$/.test(token)) return { historyId: token };
  const [, date, pageToken, skip] = /^\[(\d{1,15}),(null|"[^"\\]{1,500}"),(\d{1,5})\]$/.exec(token) ?? [];
  if (date === undefined || pageToken === undefined || skip === undefined) {
    query.refuse('nextPage', 'is of another list');
    return null;
  }
  return { date: Number(date), mail: { pageToken: JSON.parse(pageToken) as string | null, skip: Number(skip) } };
}
