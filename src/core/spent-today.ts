import { accountName, listAccounts } from './accounts/index.js';
import type { Context } from './context.js';

/** Quota units that Gmail has counted since midnight UTC, account by account, under the name that `auth list` shows. */
export async function spentToday(ctx: Context): Promise<{ account: string; units: number }[]> {
  const today = new Date(ctx.clock.now()).toISOString().slice(0, 10);
  const [accounts, spent] = await Promise.all([listAccounts(ctx), ctx.store.quota.spentOn(today)]);
  const unitsOf = new Map(spent.map(({ account, units }) => [account, units]));
  return accounts.map((account) => ({
    account: accountName(account, accounts),
    units: unitsOf.get(account.key) ?? 0,
  }));
}
