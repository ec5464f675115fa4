/**
 * Retry-After (seconds or an HTTP date) as a wait in milliseconds; null when absent, unreadable or past. A date is measured
 * against the answer's own Date header, because the receiver's clock may be wrong; without one, against `now`.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined, now: number): number | null {
  const value = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = httpDate(value);
  if (until === null) return null;
  const wait = until - (httpDate(date?.trim() ?? '') ?? now);
  return wait > 0 ? wait : null;
}

/** The three forms of RFC 9110 begin with the day's name; Date.parse alone would take "-5" for a year. */
function httpDate(text: string): number | null {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const ms = Date.parse(/(GMT|UTC)$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(ms) ? null : ms;
}
