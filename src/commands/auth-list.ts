import { accountEntry, listAccounts, scopeNames } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import type { Outcome, Ui } from '../ui/output.js';
import { relativeTime } from '../ui/time.js';
import { stateCell } from './state-cells.js';

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
        stateCell(state, ui.paint),
        expiresAt === null ? '' : relativeTime(Date.parse(expiresAt), ctx.clock.now()),
      ]),
      ['CLIENT', 'SCOPES'],
    );
  }
  return 'ok';
}
