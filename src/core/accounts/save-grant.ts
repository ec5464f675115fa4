import { accountKey } from '../../store/documents/names.js';
import type { Lease } from '../../store/ports/leases.js';
import type { Context } from '../context.js';
import { withWantedLease } from '../lease.js';
import type { Grant } from '../oauth/grant.js';
import { coversLess } from '../oauth/scopes.js';
import type { AccountDocument } from '../types.js';
import { failureOf } from './health.js';

const WAIT_MS = 15_000;

/**
 * Keeps a grant for all instances of its mailbox and client, and lifts a failure of the one before. An older grant that
 * works and covers more stays (it is what is returned): instances may rely on it. CoreError retry_later when another
 * process holds the account for 15 s.
 */
export function saveGrant(ctx: Context, grant: Grant): Promise<AccountDocument> {
  const key = accountKey(grant.email, grant.clientId);
  const save = async (lease: Lease): Promise<AccountDocument> => {
    const old = await ctx.store.accountFiles.read(key);
    if (old !== null && coversLess(grant.scopes, old.scopes) && (await failureOf(ctx, old)) === null) return old;
    const { historyId: _, ...kept } = grant;
    const account = { key, ...kept, createdDate: new Date(ctx.clock.now()).toISOString() };
    await ctx.store.accountFiles.write(lease, key, account);
    await ctx.store.accounts.remove(key);
    return account;
  };
  return withWantedLease(ctx, `account:${key}`, save, { leftMs: WAIT_MS });
}
