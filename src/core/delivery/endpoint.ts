import type { EndpointRow } from '../../store/ports/outbox.js';

export const FAILURES_BEFORE_REST = 5;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 15 * 60_000;

/** The URL without its query: what rests when it fails, across all instances that call it. Holds no credentials. */
export function endpointOf(url: string): string {
  if (!URL.canParse(url)) return url.replace(/[?#].*$/s, '');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Whether the endpoint rests at `now`. A rest that ends further ahead than its own length allows counts as over. */
export function isResting(row: EndpointRow | null, now: number): boolean {
  if (row === null || row.restUntil === null || row.restUntil <= now) return false;
  return row.restUntil - now <= (row.restMs ?? 0);
}

/** The rest is over, but nothing has succeeded since: the next attempt decides. */
export function isOnTrial(row: EndpointRow | null): boolean {
  return row !== null && row.failures >= FAILURES_BEFORE_REST;
}

/** The fifth failure in a row begins a rest, each later one a rest twice as long; one in flight meanwhile changes nothing. */
export function afterFailure(row: EndpointRow | null, endpoint: string, now: number): EndpointRow {
  const failures = (row?.failures ?? 0) + 1;
  if (failures < FAILURES_BEFORE_REST) return { endpoint, failures, restUntil: null, restMs: null };
  if (row !== null && isResting(row, now)) return { ...row, failures };
  const restMs = row?.restMs == null ? FIRST_REST_MS : Math.min(row.restMs * 2, LONGEST_REST_MS);
  return { endpoint, failures, restUntil: now + restMs, restMs };
}

export function afterSuccess(endpoint: string): EndpointRow {
  return { endpoint, failures: 0, restUntil: null, restMs: null };
}
