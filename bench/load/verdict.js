import { RETRY_AFTER_SECONDS } from './cast.js';

/** An endpoint rests from its fifth failure on; up to 8 requests to it may be under way by then. */
const BEFORE_REST = 4 + 8;
const FIRST_REST_MS = 30_000;
/** Arrival and the end of an attempt are told by two clocks of one machine, each to the millisecond. */
const SLACK_MS = 250;
/** What rests is looked at every few seconds, the more seldom the more of them there are. */
const LOOKED_AT_MS = 90_000;

/** What came at the healthy ones: all of it once, and in order where order was promised. */
export function healthyVerdict(members, expected, arrivals) {
  const faults = [];
  for (const { index, kind, order } of members) {
    if (kind !== 'ok') continue;
    const came = (arrivals.get(String(index)) ?? []).map(([id]) => id);
    const missing = expected[index].length - new Set(came).size;
    if (missing !== 0) faults.push(`instance ${index}: ${missing} missing`);
    if (came.length > new Set(came).size) faults.push(`instance ${index}: some came twice`);
    if (order === 'ordered' && came.some((id, at) => id !== expected[index][at])) {
      faults.push(`instance ${index}: out of order`);
    }
  }
  return faults;
}

/** What came at the failing ones: ordered ones never past their head, and no more attempts than waits and rests allow. */
export function failingVerdict(members, expected, arrivals, endpoints) {
  const faults = [];
  for (const { index, kind, order } of members) {
    if (kind === 'ok') continue;
    const came = arrivals.get(String(index)) ?? [];
    const head = expected[index][0];
    if (order === 'ordered' && came.some(([id]) => id !== head)) faults.push(`instance ${index}: passed its head`);
    const last = new Map();
    for (const [id, at] of came) {
      const wait = kind === '429' ? RETRY_AFTER_SECONDS * 1000 : 5000;
      if (last.has(id) && at - last.get(id) < wait - SLACK_MS) faults.push(`instance ${index}: attempted too soon`);
      last.set(id, at);
    }
  }
  for (const [path, times] of endpoints) {
    if (path.startsWith('/ok/')) continue;
    const early = times
      .slice(BEFORE_REST)
      .filter((at, past) => at - times[BEFORE_REST + past - 1] < FIRST_REST_MS - SLACK_MS);
    if (early.length > 0) faults.push(`${path}: ${early.length} attempts while it had to rest`);
  }
  return faults;
}

/** Endpoints whose first rest was over well before `until`, and those of them that were tried again after it. */
export function rests(endpoints, until, timeoutMs) {
  let [rested, tried] = [0, 0];
  for (const [path, times] of endpoints) {
    if (path.startsWith('/ok/') || times.length < 5) continue;
    const burst = times[Math.min(times.length, BEFORE_REST) - 1];
    if (burst + timeoutMs + FIRST_REST_MS + LOOKED_AT_MS > until) continue;
    rested += 1;
    if (times.some((at, n) => n >= 5 && at - times[n - 1] >= FIRST_REST_MS - SLACK_MS)) tried += 1;
  }
  return { rested, tried };
}
