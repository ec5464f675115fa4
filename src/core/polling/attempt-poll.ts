import type { GmailApi, Usage } from '../../gmail/api.js';
import { GmailError } from '../../gmail/errors.js';
import { LeaseLostError } from '../../store/errors.js';
import type { InstanceRow } from '../../store/ports/instances.js';
import { markAccountFailed, openGmail } from '../accounts/index.js';
import { type ReportedError, reported } from '../errors.js';
import { tellAuthExpiring, tellAuthFailed, tellAuthRestored } from './auth-events.js';
import type { InstancePoll } from './instance-poll.js';
import { isAccountFailure, pollResources } from './poll-resources.js';
import { YieldError } from './yield-error.js';

export interface AttemptOptions {
  /** Waits for a long cooldown instead of failing with retry_later. */
  waitForCooldown?: boolean | undefined;
  /** At once: a request in flight and a wait for quota are cut short. */
  force?: AbortSignal | undefined;
}

/** How a poll went, whatever becomes of its deliveries. */
export interface Attempt {
  error: ReportedError | null;
  /** Ended early: a command wants the instance, another process took it over, or this one is to stop. */
  yielded: boolean;
  /** The instance's turn is over. Otherwise it stays due: yielded, or Google's own wait is not over. */
  over: boolean;
  /** Something was tried, or found out that was not known before: it has a say in the exit code of --due. */
  news: boolean;
  usage: Usage;
}

/** Polls all resources of an instance and tells its receiver of a grant lost, found again or about to end. */
export async function attemptPoll(poll: InstancePoll, row: InstanceRow, options: AttemptOptions): Promise<Attempt> {
  const usage: Usage = { requests: 0, units: 0 };
  try {
    const error = await caughtUp(poll, row, options, usage);
    return { error, yielded: false, over: true, news: true, usage };
  } catch (thrown) {
    const early = thrown instanceof YieldError || thrown instanceof LeaseLostError || options.force?.aborted === true;
    if (early) return { error: null, yielded: true, over: false, news: true, usage };
    const cooling = usage.requests === 0 && thrown instanceof GmailError && thrown.class === 'throttle';
    const known = usage.requests === 0 && isAccountFailure(thrown) && row.authFailedAt !== null;
    return { error: reported(thrown), yielded: false, over: !cooling, news: !cooling && !known, usage };
  }
}

/** Returns what failed of the resources, throws what ended the poll. Adds to `usage` either way. */
async function caughtUp(
  poll: InstancePoll,
  row: InstanceRow,
  { waitForCooldown = false, force }: AttemptOptions,
  usage: Usage,
): Promise<ReportedError | null> {
  const { ctx, instance } = poll.input;
  let gmail: GmailApi | null = null;
  try {
    gmail = await openGmail(ctx, instance.account, {
      waitForCooldown,
      ...(force === undefined ? {} : { signal: force }),
    });
    const error = await pollResources(poll, gmail);
    // A resource that is asked to stop ends without an error, and is not known to be caught up.
    poll.stopIfAsked();
    if (error === null) await tellAuthRestored(poll, row);
    await tellAuthExpiring(poll);
    return error;
  } catch (failure) {
    if (isAccountFailure(failure)) {
      // Without a request the failure was known before: marked anew it might strike a grant that has come since.
      if (gmail !== null && !poll.input.dryRun) await markAccountFailed(ctx, instance.account, failure);
      await tellAuthFailed(poll, row, failure);
    }
    throw failure;
  } finally {
    Object.assign(usage, gmail?.usage);
  }
}
