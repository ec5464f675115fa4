import { createHash } from 'node:crypto';
import { activeCooldown } from '../../gmail/cooldown.js';
import type { GmailError } from '../../gmail/errors.js';
import type { AccountRow } from '../../store/ports/accounts.js';
import type { Context } from '../context.js';
import type { AccountDocument } from '../types.js';
import { cooldownScopes } from './traffic.js';

export interface AccountHealth {
  /** reauthorize: not asked again until there is another grant; operator: asked again at each poll. */
  state: 'ok' | 'reauthorize' | 'operator';
  reason: string | null;
  hint: string | null;
  /** Milliseconds: Google is not asked before, because of a cooldown of the account or its project. */
  until: number | null;
}

/** Which grant an error is about: between the failure and its being kept, another grant may have taken its place. */
const failedGrants = new WeakMap<GmailError, string>();

export const NO_GRANT = {
  reason: 'there is no grant for this mailbox',
  hint: 'Run `gmail-events auth` for this mailbox.',
};

export async function accountHealth(ctx: Context, accountKey: string): Promise<AccountHealth> {
  const account = await ctx.store.accountFiles.read(accountKey);
  if (account === null) return { state: 'reauthorize', ...NO_GRANT, until: null };
  const rest = await activeCooldown(
    ctx.store.quota,
    cooldownScopes({ ...account, account: accountKey }),
    ctx.clock.now(),
  );
  const until = rest?.until ?? null;
  const row = await failureOf(ctx, account);
  if (row === null) return { state: 'ok', reason: null, hint: null, until };
  return { state: row.state, reason: row.reason, hint: row.hint, until };
}

/** Keeps that the account's grant failed (classes reauthorize and operator; others are no matter of the account). */
export async function markAccountFailed(ctx: Context, accountKey: string, error: GmailError): Promise<void> {
  if (error.class !== 'reauthorize' && error.class !== 'operator') return;
  const account = await ctx.store.accountFiles.read(accountKey);
  const failed = failedGrants.get(error);
  if (account === null || (failed !== undefined && failed !== grantHash(account))) return;
  await ctx.store.accounts.set({
    account: accountKey,
    state: error.class,
    reason: error.message,
    hint: error.hint,
    at: ctx.clock.now(),
    grantHash: grantHash(account),
  });
}

/** The failure that is kept of this very grant; null when it is well, or the failure was of an earlier grant. */
export async function failureOf(ctx: Pick<Context, 'store'>, account: AccountDocument): Promise<AccountRow | null> {
  const row = await ctx.store.accounts.get(account.key);
  if (row === null || row.state === 'ok') return null;
  return row.grantHash === null || row.grantHash === grantHash(account) ? row : null;
}

export function noteFailedGrant(error: GmailError, account: AccountDocument): void {
  failedGrants.set(error, grantHash(account));
}

/** Tells grants apart without holding one. */
function grantHash({ refreshToken, serviceAccount, scopes }: AccountDocument): string {
  const grant =
    serviceAccount === null ? [refreshToken] : [serviceAccount.privateKey, serviceAccount.subject, ...scopes];
  return createHash('sha256').update(JSON.stringify(grant)).digest('hex');
}
