import type { InstanceRow } from '../../store/ports/instances.js';
import type { Context } from '../context.js';
import type { ReportedError } from '../errors.js';
import { readSettings } from '../instances/settings.js';
import type { InstanceDocument } from '../types.js';
import { endpointRests } from './summary.js';

/** A head that has failed for so long is worth a person's look. */
const LONG_FAILING_MS = 3600 * 1000;

export interface DeliveryHealth {
  state: 'running' | 'resting' | 'stopped';
  /** The head has failed, and is tried again when its wait is over. */
  retrying: boolean;
  /** What is wrong and the command that fixes it; null when nothing needs a person. */
  error: ReportedError | null;
}

/** How an instance's deliveries stand. A stop, a head failing for an hour, and a rest that keeps something waiting come with their fix. */
export async function deliveryHealth(
  ctx: Context,
  instance: InstanceDocument,
  row: InstanceRow | null,
): Promise<DeliveryHealth> {
  if (row?.stop != null) {
    const message = `deliveries are stopped: ${row.stop.reason}`;
    return {
      state: 'stopped',
      retrying: false,
      error: trouble(message, `gmail-events instances resume ${instance.id}`),
    };
  }
  const state = (await endpointRests(ctx, readSettings(instance).callbackUrl)) ? 'resting' : 'running';
  const [head] = await ctx.store.outbox.pending(instance.id, 'events', { limit: 1 });
  if (head === undefined) return { state, retrying: false, error: null };
  const retrying = head.attempts > 0;
  const failingLong = head.firstAttemptAt !== null && ctx.clock.now() - head.firstAttemptAt >= LONG_FAILING_MS;
  if (!retrying || !failingLong) {
    if (state === 'running') return { state, retrying, error: null };
    const why = head.lastError === null ? '' : ` (${head.lastError})`;
    const message = `the endpoint failed five times in a row and is left alone for a while${why}`;
    return {
      state,
      retrying,
      error: trouble(
        message,
        `Repair the receiver; to send at once: gmail-events events resend --instance ${instance.id} --state pending`,
      ),
    };
  }
  const message = `notification ${head.id} has failed for more than an hour (${head.lastError ?? 'unknown'})`;
  const hint = `Repair the receiver; or give the notification up: gmail-events events discard ${head.id}`;
  return { state, retrying, error: trouble(message, hint) };
}

function trouble(message: string, hint: string): ReportedError {
  return { code: 'partial', message, hint, faults: [] };
}
