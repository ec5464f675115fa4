import type { GmailApi } from '../../gmail/api.js';
import { GmailError } from '../../gmail/errors.js';
import type { Context } from '../context.js';
import type { AccountDocument } from '../types.js';
import { AccountTokens, noGrant } from './access-token.js';
import { failureOf, noteFailedGrant } from './health.js';
import { connect } from './traffic.js';

export interface OpenGmailOptions {
  /** false: a cooldown that ends more than 10 s ahead throws at once (class throttle, code retry_later). */
  waitForCooldown?: boolean;
  signal?: AbortSignal;
}

/**
 * Gmail of an account. Throws GmailError of class reauthorize, without asking Google, when there is no grant, or the grant
 * in the file is known as failed. All clients of an account share its places in flight within the process.
 */
export async function openGmail(ctx: Context, accountKey: string, options: OpenGmailOptions = {}): Promise<GmailApi> {
  const account = await ctx.store.accountFiles.read(accountKey);
  if (account === null) throw noGrant();
  const failure = await failureOf(ctx, account);
  if (failure?.state === 'reauthorize') {
    const known = new GmailError(failure.reason ?? 'the grant of this mailbox has failed', {
      class: 'reauthorize',
      code: 'auth',
      hint: failure.hint,
    });
    noteFailedGrant(known, account);
    throw known;
  }
  return connectAccount(ctx, account, failure !== null, options);
}

/** Gmail of an account whatever is known of its grant. `marked`: a failure is kept, which the first success lifts. */
export function connectAccount(
  ctx: Context,
  account: AccountDocument,
  marked: boolean,
  options: OpenGmailOptions = {},
): Promise<GmailApi> {
  const tokens = new AccountTokens(ctx, account);
  let lift = marked;
  const onOutcome = async (failure: GmailError | null) => {
    if (failure !== null) noteFailedGrant(failure, tokens.account);
    else if (lift) {
      lift = false;
      await ctx.store.accounts.remove(account.key);
    }
  };
  return connect(ctx, { ...account, account: account.key }, { ...options, tokens, onOutcome });
}
