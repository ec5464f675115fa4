import { Bench, HOUR, historyResource, MINUTE, T0 } from './bench.js';
import { FakeGmail } from './fake-gmail.js';

export const DAY = 24 * HOUR;

/** A poll reached the end a day ago; since then mail has come, and history has expired. */
export async function expired(count: number, changes: Parameters<typeof historyResource>[0] = {}) {
  const gmail = new FakeGmail();
  gmail.receive('ancient', ['INBOX'], { at: T0 - 3 * DAY });
  const bench = new Bench(gmail, historyResource(changes), { firstBaselineAt: T0 - 2 * DAY });
  bench.now = T0 - DAY;
  gmail.receive('emitted', ['INBOX'], { at: T0 - DAY - MINUTE });
  await bench.poll();
  bench.now = T0;
  const from = bench.row.cursor;
  for (let at = 0; at < count; at += 1) gmail.receive(`m${at}`, ['INBOX'], { at: T0 - HOUR + at });
  const baseline = gmail.tick();
  gmail.expire();
  gmail.calls.splice(0);
  bench.events.splice(0);
  bench.parts.splice(0);
  return { gmail, bench, from, baseline };
}

export const created = (count: number) => Array.from({ length: count }, (_, at) => `CREATED m${at}`);
