import { accountEntry, listAccounts, scopeNames } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import type { Outcome, Ui } from '../ui/output.js';

export async function run(_options: object, ctx: Context, ui: Ui): Promise<Outcome> {
  const accounts = await listAccounts(ctx);
  const entries = await Promise.all(accounts.map((account) => accountEntry(ctx, account, accounts)));
  ui.data(entries);
  if (entries.length === 0) ui.note('No account is authorized yet: run `gmail-events auth`.');
  else {
    ui.table(
      ['ACCOUNT', 'CLIENT', 'SCOPES', 'STATE', 'EXPIRES'],
      entries.map(({ account, clientId, scopes, state, expiresAt }) => [
        account,
        clientId,
        scopeNames(scopes),
        state,
        expiresAt ?? '',
      ]),
    );
  }
  return 'ok';
}
