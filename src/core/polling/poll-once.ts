import type { GmailApi } from '../../gmail/api.js';
import { GmailError } from '../../gmail/errors.js';
import { LeaseLostError } from '../../store/errors.js';
import type { InstanceRow } from '../../store/ports/instances.js';
import type { Lease } from '../../store/ports/leases.js';
import type { NewNotification } from '../../store/ports/outbox.js';
import { markAccountFailed, openGmail } from '../accounts/index.js';
import type { Context } from '../context.js';
import { CoreError, type ReportedError, reported } from '../errors.js';
import { readSettings } from '../instances/settings.js';
import { withLease } from '../lease.js';
import type { AccountDocument, InstanceDocument } from '../types.js';
import { tellAuthExpiring, tellAuthFailed, tellAuthRestored } from './auth-events.js';
import { InstancePoll } from './instance-poll.js';
import { instanceRow } from './lost-markers.js';
import { isAccountFailure, pollResources } from './poll-resources.js';
import { DUE_GRACE_MS, isDue, nextPollTime } from './schedule.js';
import { emptyResult, type PollResult } from './summary.js';
import { YieldError } from './yield-error.js';

export interface PollOptions {
  /** Shows what would be emitted; stores nothing. */
  dryRun?: boolean | undefined;
  /** Only if its time has (still) come once the lease is held: two watches poll an instance once an interval. */
  scheduled: boolean;
  /** Waits for a long cooldown instead of failing with retry_later. */
  waitForCooldown?: boolean | undefined;
  /** Graceful: the poll ends at its next commit, as `busy`; what is committed stays. */
  signal?: AbortSignal | undefined;
  onNotification?: ((notification: NewNotification) => void) | undefined;
}

/** One poll of one instance, without delivery. Never throws for what happens in the poll: it is in the summary. */
export async function pollOnce(ctx: Context, id: number, options: PollOptions): Promise<PollResult> {
  try {
    const held = await withLease(ctx, `poll:${id}`, (lease) => pollHeld(ctx, lease, id, options));
    return held?.value ?? emptyResult(id, 'busy');
  } catch (error) {
    return failed(emptyResult(id), reported(error));
  }
}

async function pollHeld(ctx: Context, lease: Lease, id: number, options: PollOptions): Promise<PollResult> {
  const instance = await ctx.store.instanceFiles.read(id);
  const settings = instance === null ? null : readSettings(instance);
  if (instance === null || settings === null || instance.disabled || !settings.eventsEnabled) {
    return emptyResult(id, 'disabled');
  }
  const start = ctx.clock.now();
  const intervalMs = settings.intervalMinutes * 60_000;
  const row = await instanceRow(ctx, instance, options.dryRun === true);
  if (options.scheduled && !isDue(row.nextPollAt, intervalMs, start, DUE_GRACE_MS)) return emptyResult(id);

  const poll = new InstancePoll({
    ctx,
    lease,
    instance,
    settings,
    account: await accountOf(ctx, instance),
    start,
    dryRun: options.dryRun === true,
    signal: options.signal ?? new AbortController().signal,
    onNotification: options.onNotification ?? (() => {}),
  });
  const result = await attempt(poll, row, options);
  if (result.polled && result.summary.status !== 'busy' && !poll.input.dryRun) {
    const byHand = !options.scheduled;
    const end = ctx.clock.now();
    await ctx.store.instances.update(lease, id, {
      nextPollAt: nextPollTime({ scheduledAt: row.nextPollAt, byHand, intervalMs, start, end }),
      lastPollAt: start,
      lastError: result.summary.error === null ? null : JSON.stringify(result.summary.error),
    });
  }
  return result;
}

async function accountOf(ctx: Context, instance: InstanceDocument): Promise<AccountDocument> {
  const account = await ctx.store.accountFiles.read(instance.account);
  if (account !== null) return account;
  throw new CoreError('auth', `the account of instance ${instance.id} is not authorized any more`, {
    hint: 'Run gmail-events auth for that mailbox.',
  });
}

async function attempt(poll: InstancePoll, row: InstanceRow, options: PollOptions): Promise<PollResult> {
  const { ctx, account, instance, signal } = poll.input;
  let gmail: GmailApi | null = null;
  let error: ReportedError | null = null;
  let status: 'ok' | 'busy' = 'ok';
  let asked = true;
  try {
    const waitForCooldown = options.waitForCooldown === true;
    gmail = await openGmail(ctx, account.key, { waitForCooldown, ...(options.signal ? { signal } : {}) });
    error = await pollResources(poll, gmail);
    if (error === null) await tellAuthRestored(poll, row);
    await tellAuthExpiring(poll);
  } catch (thrown) {
    if (signal.aborted || thrown instanceof YieldError || thrown instanceof LeaseLostError) status = 'busy';
    else error = reported(thrown);
    if (isAccountFailure(thrown)) await accountFailed(poll, row, thrown);
    // Nothing was asked because Google's own wait is not over: the instance stays due.
    asked = !(thrown instanceof GmailError && thrown.class === 'throttle' && (gmail?.usage.requests ?? 0) === 0);
  }
  const result = emptyResult(instance.id, status);
  const { requests, units } = gmail?.usage ?? { requests: 0, units: 0 };
  Object.assign(result.summary, { events: poll.events, notifications: poll.notifications, requests, units });
  result.polled = asked;
  return error === null ? result : failed(result, error);
}

async function accountFailed(poll: InstancePoll, row: InstanceRow, failure: GmailError): Promise<void> {
  if (poll.input.dryRun) return;
  await markAccountFailed(poll.input.ctx, poll.input.account.key, failure);
  await tellAuthFailed(poll, row, failure);
}

function failed(result: PollResult, error: ReportedError): PollResult {
  return { ...result, summary: { ...result.summary, status: 'failed', error } };
}
