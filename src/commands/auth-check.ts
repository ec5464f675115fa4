import { accountEntry, accountName, checkAccount, findAccount, listAccounts } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError, type Fault, type ReportedError, reported } from '../core/errors.js';
import type { AccountDocument } from '../core/types.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface AuthCheckOptions {
  /** EMAIL or EMAIL/CLIENT_ID; all accounts when absent. */
  account?: string;
}

export async function run(options: AuthCheckOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const accounts = await listAccounts(ctx);
  const named = options.account === undefined ? accounts : [await findAccount(ctx, options.account)];
  if (named.length === 0) {
    throw new CoreError('auth', 'no account is authorized yet', { hint: 'Run `gmail-events auth`.' });
  }
  const failures: { name: string; error: unknown }[] = [];
  for (const account of named) {
    const error = await checkAccount(ctx, account).then(
      () => null,
      (failure: unknown) => ({ name: accountName(account, accounts), error: failure }),
    );
    if (error !== null) failures.push(error);
    await show(account, accounts, error?.error ?? null, ctx, ui);
  }
  const [first] = failures;
  if (first === undefined) return 'ok';
  throw named.length === 1 ? first.error : summary(failures, named.length);
}

async function show(
  account: AccountDocument,
  accounts: AccountDocument[],
  error: unknown,
  ctx: Context,
  ui: Ui,
): Promise<void> {
  const now = (await ctx.store.accountFiles.read(account.key)) ?? account;
  ui.data(await accountEntry(ctx, now, accounts));
  ui.text(`${accountName(account, accounts)}: ${error === null ? 'ok' : 'failed'}`);
}

/** Authorization that is needed counts first: it is what a person has to act on. */
function summary(failures: { name: string; error: unknown }[], of: number): CoreError {
  const errors = failures.map(({ name, error }): { name: string; error: ReportedError } => ({
    name,
    error: reported(error),
  }));
  const codes = new Set(errors.map(({ error }) => error.code));
  const [only = 'failed'] = codes;
  const all = codes.size === 1 && failures.length === of;
  const faults = errors.map(({ name, error }): Fault => ({ path: name, message: error.message }));
  const list = faults.map(({ path, message }) => `${path}: ${message}`).join('\n');
  return new CoreError(
    codes.has('auth') ? 'auth' : all ? only : 'partial',
    `${failures.length} of ${of} accounts failed\n${list}`,
    {
      faults,
      hint: errors.find(({ error }) => error.code === 'auth')?.error.hint ?? errors[0]?.error.hint ?? '',
    },
  );
}
