import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountName, findAccount, listAccounts } from '../../../src/core/accounts/find-account.js';
import type { Context } from '../../../src/core/context.js';
import type { AccountDocument } from '../../../src/core/types.js';
import { accountKey } from '../../../src/store/documents/names.js';
import { type Home, temporaryHome } from './context.js';

let home: Home;
let ctx: Context;
beforeEach(async () => {
  home = temporaryHome();
  ctx = await home.open({});
});
afterEach(() => home.close());

async function keep(email: string, clientId: string): Promise<AccountDocument> {
  const key = accountKey(email, clientId);
  const account: AccountDocument = {
    key,
    email,
    clientId,
    clientSecret: null,
    serviceAccount: null,
    refreshToken: 'r',
    accessToken: null,
    accessTokenExpiresAt: null,
    scopes: [],
    grantExpiresAt: null,
    createdDate: '2026-11-24T03:00:00Z',
  };
  const lease = await ctx.store.leases.acquire(`account:${key}`);
  if (lease === null) throw new Error('no lease');
  await ctx.store.accountFiles.write(lease, key, account);
  await ctx.store.leases.release(lease);
  return account;
}

describe('accounts by name', () => {
  it('are found by address, in any case, or by address and client', async () => {
    const ada = await keep('Ada@example.com', '1-a');
    const bob = await keep('bob@example.com', '1-a');
    const other = await keep('bob@example.com', '2-b');
    expect(await findAccount(ctx, ' ada@EXAMPLE.com ')).toEqual(ada);
    expect(await findAccount(ctx, 'bob@example.com/2-b')).toEqual(other);
    const accounts = await listAccounts(ctx);
    expect(accounts).toEqual([ada, bob, other]);
    expect(accounts.map((account) => accountName(account, accounts))).toEqual([
      'Ada@example.com',
      'bob@example.com/1-a',
      'bob@example.com/2-b',
    ]);
  });

  it('name the choices when there are several', async () => {
    await keep('bob@example.com', '1-a');
    await keep('bob@example.com', '2-b');
    await expect(findAccount(ctx, 'bob@example.com')).rejects.toMatchObject({
      code: 'usage',
      hint: 'Name one of them: bob@example.com/1-a, bob@example.com/2-b.',
    });
  });

  it('name those there are when it is none of them', async () => {
    await expect(findAccount(ctx, 'x@example.com')).rejects.toMatchObject({
      code: 'usage',
      hint: 'Run `gmail-events auth` first.',
    });
    await keep('bob@example.com', '1-a');
    await expect(findAccount(ctx, 'x@example.com')).rejects.toMatchObject({ hint: 'Authorized: bob@example.com.' });
  });
});
