import type { Context } from '../context.js';
import { withWantedLease } from '../lease.js';
import { revokeToken } from '../oauth/revoke.js';

const WAIT_MS = 15_000;

/**
 * Ends the account's grant at Google and forgets it here; its instances stay and need authorization. A grant that Google
 * no longer knows is forgotten just the same. GmailError when Google did not answer: then the grant is kept. A service
 * account has no grant of the mailbox's, so it is only forgotten.
 */
export function revokeAccount(ctx: Context, accountKey: string): Promise<void> {
  return withWantedLease(
    ctx,
    `account:${accountKey}`,
    async (lease) => {
      const account = await ctx.store.accountFiles.read(accountKey);
      if (account === null) return;
      if (account.refreshToken !== null) await revokeToken(ctx, account.refreshToken);
      await ctx.store.accountFiles.remove(lease, accountKey);
      await ctx.store.accounts.remove(accountKey);
    },
    { leftMs: WAIT_MS },
  );
}
