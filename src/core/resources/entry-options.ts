import { isRecord, valueForm } from '../value-form.js';
import { isTimezone } from './timezone.js';

/** Reports a fault of one field of an entry. */
export type EntryFault = (field: string, message: string) => void;

/** Fields that every entry of event.poller.configuration may have, read. */
export interface EntryOptions {
  pageSize: number | null;
  pollDelaySeconds: number;
  timezone: string | null;
}

/** Gmail's own limit of maxResults. */
const MAX_PAGE_SIZE = 500;

export function readEntryOptions(entry: Record<string, unknown>, fault: EntryFault): EntryOptions {
  return {
    pageSize: readPageSize(entry['pageSize'], fault),
    pollDelaySeconds: readPollDelay(entry['pollDelay'], fault),
    timezone: readTimezone(entry, fault),
  };
}

/** Gmail's maxResults in a url; null: not given. */
export function readMaxResults(value: unknown, fault: (message: string) => void): number | null {
  if (value === undefined || value === null) return null;
  const size = count(value);
  if (size !== null && size <= MAX_PAGE_SIZE) return size;
  fault(`is ${valueForm(value)}; accepted: a whole number from 1 to ${MAX_PAGE_SIZE}`);
  return null;
}

/** The pages of an export may be larger than Gmail's: they are cut to its limit. null: not given. */
function readPageSize(value: unknown, fault: EntryFault): number | null {
  if (value === undefined || value === null) return null;
  const size = count(value);
  if (size !== null) return Math.min(size, MAX_PAGE_SIZE);
  fault('pageSize', `is ${valueForm(value)}; accepted: a whole number of 1 or more`);
  return null;
}

function readPollDelay(value: unknown, fault: EntryFault): number {
  if (value === undefined || value === null) return 0;
  const seconds = numeric(value);
  if (seconds !== null) return seconds;
  fault('pollDelay', `is ${valueForm(value)}; accepted: seconds, 0 or more`);
  return 0;
}

/** datesConfiguration.updatedDateTimezone; one page of the old documentation shows it at the top level of the entry. */
function readTimezone(entry: Record<string, unknown>, fault: EntryFault): string | null {
  const dates = entry['datesConfiguration'];
  if (dates !== undefined && dates !== null && !isRecord(dates)) {
    fault('datesConfiguration', `is ${valueForm(dates)}; accepted: an object`);
  }
  const inner = isRecord(dates) ? dates['updatedDateTimezone'] : undefined;
  const [field, value] =
    inner === undefined || inner === null
      ? ['updatedDateTimezone', entry['updatedDateTimezone']]
      : ['datesConfiguration.updatedDateTimezone', inner];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && isTimezone(value)) return value;
  fault(field, `is ${valueForm(value)}; accepted: an IANA time zone (Europe/Berlin) or an offset (+01:00)`);
  return null;
}

function count(value: unknown): number | null {
  const number = numeric(value);
  return number !== null && Number.isInteger(number) && number >= 1 ? number : null;
}

/** A number of 0 or more, or text that is one; null for anything else. */
function numeric(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}
