import { accountEntry, accountName, findAccount, listAccounts, revokeAccount } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Asking, confirm } from './confirmation.js';

export interface AuthRevokeOptions {
  /** EMAIL or EMAIL/CLIENT_ID. */
  account: string;
  yes?: boolean;
}

/** `prompts` is how a person is asked. */
export async function run(options: AuthRevokeOptions, ctx: Context, ui: Ui, prompts?: Asking): Promise<Outcome> {
  const accounts = await listAccounts(ctx);
  const account = await findAccount(ctx, options.account);
  const name = accountName(account, accounts);
  const entry = await accountEntry(ctx, account, accounts);
  const question = `Revoke the grant of ${name}? It ends for every client of the same Cloud project.`;
  await confirm(options.yes, ui, { question, undone: 'revoked' }, prompts);
  await revokeAccount(ctx, account.key);
  ui.data({ ...entry, scopes: [], state: 'reauthorize', expiresAt: null });
  ui.text(`Revoked ${name}. Its instances stay and are not polled until \`gmail-events auth\` is run for it.`);
  return 'ok';
}
