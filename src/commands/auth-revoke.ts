import { accountEntry, accountName, findAccount, listAccounts, revokeAccount } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import type { Outcome, Ui } from '../ui/output.js';
import { createPrompts, isPromptExit, type Prompts } from '../ui/prompts.js';

export interface AuthRevokeOptions {
  /** EMAIL or EMAIL/CLIENT_ID. */
  account: string;
  yes?: boolean;
}

/** `prompts` is how a person is asked. */
export async function run(
  options: AuthRevokeOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Pick<Prompts, 'confirm'>> = createPrompts,
): Promise<Outcome> {
  const accounts = await listAccounts(ctx);
  const account = await findAccount(ctx, options.account);
  const name = accountName(account, accounts);
  const entry = await accountEntry(ctx, account, accounts);
  if (options.yes !== true) {
    if (!ui.interactive) {
      throw new CoreError('usage', `revoking the grant of ${name} needs a confirmation`, { hint: 'Add --yes.' });
    }
    const question = `Revoke the grant of ${name}? It ends for every client of the same Cloud project.`;
    if (!(await confirmed(await prompts(), question))) throw new CoreError('failed', 'cancelled: nothing was revoked');
  }
  await revokeAccount(ctx, account.key);
  ui.data({ ...entry, scopes: [], state: 'reauthorize', expiresAt: null });
  ui.text(`Revoked ${name}. Its instances stay and are not polled until \`gmail-events auth\` is run for it.`);
  return 'ok';
}

async function confirmed(person: Pick<Prompts, 'confirm'>, question: string): Promise<boolean> {
  try {
    return await person.confirm(question, false);
  } catch (error) {
    if (isPromptExit(error)) return false;
    throw error;
  }
}
