import { RETRY_AFTER_SECONDS } from './cast.js';

/** An endpoint rests from its fifth failure on; up to 8 requests to it may be under way by then. */
const BEFORE_REST = 4 + 8;
const FIRST_REST_MS = 30_000;
/** From a first attempt to the second. */
const RETRY_MS = 5000;
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
      const wait = kind === '429' ? RETRY_AFTER_SECONDS * 1000 : RETRY_MS;
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

/**
 * How many endpoints' first rest was over well before `until`, and which of them were not tried again after it. It begins
 * with the fifth failure, which comes after the fifth arrival and within the time-out: what arrives so much later was let
 * through. Heads that a 429 has told to wait for longer are due no sooner.
 */
export function rests(endpoints, until, timeoutMs) {
  let rested = 0;
  const untried = [];
  for (const [path, times] of endpoints) {
    const [first, , , , fifth] = times;
    if (path.startsWith('/ok/') || fifth === undefined) continue;
    // Few instances share it: their heads have been tried twice by then, and wait for five minutes.
    if (fifth - first >= RETRY_MS - SLACK_MS) continue;
    const dueMs = path.startsWith('/429/shared') ? RETRY_AFTER_SECONDS * 1000 : FIRST_REST_MS;
    if (fifth + timeoutMs + dueMs + LOOKED_AT_MS > until) continue;
    rested += 1;
    if (times.every((at) => at < fifth + FIRST_REST_MS - SLACK_MS)) untried.push(path);
  }
  return { rested, untried };
}
