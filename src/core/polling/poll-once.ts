import { mailboxOfKey } from '../../store/documents/names.js';
import { LeaseLostError } from '../../store/errors.js';
import type { Lease } from '../../store/ports/leases.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { storeUnaddressed } from '../delivery/index.js';
import { reported } from '../errors.js';
import { isPolled, readSettings } from '../instances/settings.js';
import { withLease } from '../lease.js';
import { accountTurns } from './account-turns.js';
import { type Attempt, type AttemptOptions, attemptPoll } from './attempt-poll.js';
import { InstancePoll } from './instance-poll.js';
import { instanceRow } from './lost-markers.js';
import { DUE_GRACE_MS, isDue, nextPollTime } from './schedule.js';
import { emptyResult, failedResult, type PollResult } from './summary.js';

export interface PollOptions extends AttemptOptions {
  /** Shows what would be emitted; stores nothing. */
  dryRun?: boolean | undefined;
  /** Only if its time has (still) come once the lease is held: two watches poll an instance once an interval. */
  scheduled: boolean;
  /** Graceful: the poll ends at its next commit or before its next request, as `busy`; what is committed stays. */
  signal?: AbortSignal | undefined;
  onNotification?: ((notification: NewNotification) => void) | undefined;
}

/** One poll of one instance, without delivery. It never throws: what went wrong is in the summary. */
export async function pollOnce(ctx: Context, id: number, options: PollOptions): Promise<PollResult> {
  try {
    // Looked at first without the lease, which costs two writes: a cron line comes by every minute.
    const instance = await ctx.store.instanceFiles.read(id);
    if (instance === null || !isPolled(instance)) return emptyResult(id, 'disabled');
    const poll = () => withLease(ctx, `poll:${id}`, (lease) => pollHeld(ctx, lease, id, options));
    const held = await accountTurns(ctx).run(instance.account, poll);
    return held?.value ?? emptyResult(id, 'busy');
  } catch (error) {
    if (error instanceof LeaseLostError) return emptyResult(id, 'busy');
    return { ...failedResult(emptyResult(id), reported(error)), polled: true };
  }
}

async function pollHeld(ctx: Context, lease: Lease, id: number, options: PollOptions): Promise<PollResult> {
  const instance = await ctx.store.instanceFiles.read(id);
  if (instance === null || !isPolled(instance)) return emptyResult(id, 'disabled');
  const settings = readSettings(instance);
  const { dryRun = false, scheduled } = options;
  const start = ctx.clock.now();
  const intervalMs = settings.intervalMinutes * 60_000;
  const row = await instanceRow(ctx, instance, dryRun);
  if (settings.callbackUrl === null && !dryRun) await storeUnaddressed(ctx, lease, id);
  if (scheduled && !isDue(row.nextPollAt, intervalMs, start, DUE_GRACE_MS)) return emptyResult(id);

  const account = await ctx.store.accountFiles.read(instance.account);
  const poll = new InstancePoll({
    ctx,
    lease,
    instance,
    settings,
    account,
    email: account?.email ?? mailboxOfKey(instance.account),
    start,
    dryRun,
    signal: options.signal ?? new AbortController().signal,
    onNotification: options.onNotification ?? (() => {}),
  });
  const attempt = await attemptPoll(poll, row, options);
  if (attempt.over && !dryRun) {
    const end = ctx.clock.now();
    const nextPollAt = nextPollTime({ scheduledAt: row.nextPollAt, byHand: !scheduled, intervalMs, start, end });
    const lastError = attempt.error === null ? null : JSON.stringify(attempt.error);
    const asked = attempt.usage.requests > 0 ? { lastPollAt: start } : {};
    await ctx.store.instances.update(lease, id, { nextPollAt, plannedAt: end, lastError, ...asked }, { last: true });
  }
  return resultOf(poll, attempt);
}

function resultOf(poll: InstancePoll, attempt: Attempt): PollResult {
  const { requests, units } = attempt.usage;
  const { events, notifications } = poll;
  const result = emptyResult(poll.input.instance.id, attempt.yielded ? 'busy' : 'ok');
  Object.assign(result.summary, { events, notifications, requests, units });
  result.polled = attempt.news && !attempt.yielded;
  return attempt.error === null ? result : failedResult(result, attempt.error);
}
