import type { OutboxRow } from '../../../core/delivery/index.js';
import type { InstanceDocument } from '../../../core/types.js';
import { readInstance } from '../instance/read.js';
import { NotFound, type Visit } from '../visit.js';

/** A body may hold whole messages, attachments included: a longer one is neither parsed nor shown to its end. */
const MOST_PARSED = 1024 * 1024;
const MOST_SHOWN = 200_000;

/** The notification that the address names. NotFound also for one of another instance. */
export async function readNotification(visit: Visit): Promise<{ instance: InstanceDocument; row: OutboxRow }> {
  const instance = await readInstance(visit);
  const row = await visit.ctx.store.outbox.get(visit.params['nid'] ?? '');
  if (row === null || row.instanceId !== instance.id) {
    throw new NotFound('There is no such notification, or not any more.');
  }
  return { instance, row };
}

export interface ShownBody {
  /** undefined: too long to be read. */
  parsed: unknown;
  /** As it is shown. */
  text: string;
  /** Some of it is left out. */
  cut: boolean;
  /** Bytes as they are sent. */
  size: number;
}

export async function readBody({ ctx }: Visit, id: string): Promise<ShownBody> {
  const bytes = Buffer.from((await ctx.store.outbox.body(id)) ?? 'null');
  const size = bytes.byteLength;
  if (size > MOST_PARSED) {
    // A character that is cut in two would be shown as another.
    const text = bytes
      .subarray(0, MOST_SHOWN)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
    return { parsed: undefined, text, cut: true, size };
  }
  const parsed: unknown = JSON.parse(bytes.toString('utf8'));
  const text = JSON.stringify(parsed, null, 2);
  return { parsed, text: text.slice(0, MOST_SHOWN), cut: text.length > MOST_SHOWN, size };
}
