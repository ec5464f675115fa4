import type { Context } from '../../core/context.js';
import type { OutboxRow } from '../../core/delivery/index.js';

/** A raw message may weigh 50 MB, and a notification holds ten: a page of them ends early rather than fill the memory. */
const PAGE_BYTES = 8_000_000;

/** A notification's body, as far as the API looks into it: the old service's envelope, or a batch of CloudEvents. */
export type NotificationBody =
  | { id: string; message: { events: unknown[]; raw: { objectType: string; [name: string]: unknown } } }
  | { data: unknown }[];

export interface Bodied {
  row: OutboxRow;
  body: NotificationBody;
}

/** The rows' bodies, as many as go into one answer, and how many rows that took. What was pruned meanwhile is left out. */
export async function withBodies(
  ctx: Context,
  rows: readonly OutboxRow[],
): Promise<{ bodied: Bodied[]; looked: number }> {
  const bodied: Bodied[] = [];
  let bytes = 0;
  let looked = 0;
  for (const row of rows) {
    if (bytes >= PAGE_BYTES) break;
    looked += 1;
    const body = await ctx.store.outbox.body(row.id);
    if (body === null) continue;
    bytes += body.length;
    bodied.push({ row, body: JSON.parse(Buffer.from(body).toString('utf8')) as NotificationBody });
  }
  return { bodied, looked };
}

/** Gmail's records in a notification: one an event, in the same order. */
export function recordsOf(body: NotificationBody): unknown {
  if (Array.isArray(body)) return body.map(({ data }) => data);
  const { raw } = body.message;
  return raw[raw.objectType];
}

export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
