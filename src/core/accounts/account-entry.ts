import type { Context } from '../context.js';
import type { AccountDocument } from '../types.js';
import { accountName } from './find-account.js';
import { failureOf } from './health.js';

/** An element of `auth list`. */
export interface AccountEntry {
  /** EMAIL, or EMAIL/CLIENT_ID where the mailbox is authorized under several clients. */
  account: string;
  clientId: string;
  scopes: string[];
  state: 'ok' | 'reauthorize' | 'operator';
  /** When the grant itself ends (ISO 8601); null for one that is not limited in time. */
  expiresAt: string | null;
}

export async function accountEntry(
  ctx: Pick<Context, 'store'>,
  account: AccountDocument,
  among: AccountDocument[],
): Promise<AccountEntry> {
  const failure = await failureOf(ctx, account);
  const { clientId, scopes, grantExpiresAt } = account;
  return {
    account: accountName(account, among),
    clientId,
    scopes,
    state: failure?.state ?? 'ok',
    expiresAt: grantExpiresAt === null ? null : new Date(grantExpiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}
