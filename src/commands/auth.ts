import {
  accountEntry,
  accountName,
  authorize,
  DEFAULT_SCOPE,
  type Grant,
  grantFromServiceAccount,
  listAccounts,
  openGmail,
  saveGrant,
  scopeFor,
  scopeNames,
} from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import type { AccountDocument } from '../core/types.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface AuthOptions {
  clientSecretFile?: string;
  clientId?: string;
  /** false with --no-browser. */
  browser?: boolean;
  manual?: boolean;
  callbackUrl?: string;
  scope?: string;
  /** Seconds. */
  timeout?: number;
  serviceAccountFile?: string;
  subject?: string;
  stdin?: AsyncIterable<Uint8Array | string>;
}

export async function run(options: AuthOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const grant = await obtain(options, ctx, ui);
  const account = await verified(ctx, await saveGrant(ctx, grant));
  const accounts = await listAccounts(ctx);
  ui.data(await accountEntry(ctx, account, accounts));
  const name = accountName(account, accounts);
  ui.text(`Authorized ${name} with scope ${scopeNames(account.scopes)}.`);
  if (!ui.json)
    ui.note(`Next: gmail-events create-instance --account ${name}, or gmail-events poll where instances wait for it.`);
  if (account.refreshToken !== grant.refreshToken) {
    ui.note('The grant from before was kept: it works and covers more. `gmail-events auth revoke` ends it.');
  }
  return 'ok';
}

function obtain(options: AuthOptions, ctx: Context, ui: Ui): Promise<Grant> {
  const { serviceAccountFile, subject } = options;
  if (serviceAccountFile === undefined && subject === undefined) {
    return authorize(ctx, { ...options, onUrl: (url) => invite(url, options, ui), onNote: (line) => ui.warn(line) });
  }
  if (serviceAccountFile === undefined || subject === undefined) {
    throw usage('--service-account-file and --subject go together', '--subject');
  }
  if (options.clientSecretFile !== undefined || options.clientId !== undefined) {
    throw usage('a service account needs no OAuth client', '--service-account-file');
  }
  const scope = options.scope === undefined ? DEFAULT_SCOPE : scopeFor(options.scope);
  return grantFromServiceAccount(ctx, { file: serviceAccountFile, subject, scope });
}

function invite(url: string, options: AuthOptions, ui: Ui): void {
  if (options.manual) {
    ui.warn(`Open this page and consent:\n\n  ${url}\n`);
    ui.warn('The browser then shows a page that does not load. Paste its whole URL here:');
  } else if (options.browser === false)
    ui.warn(`Open this page in a browser on this machine and consent:\n\n  ${url}\n`);
  else ui.warn(`The browser opens for your consent. If it does not, visit:\n\n  ${url}\n`);
}

/** Reads the grant back and uses it: success is not told before it works from the file. */
async function verified(ctx: Context, saved: AccountDocument): Promise<AccountDocument> {
  const kept = await ctx.store.accountFiles.read(saved.key);
  if (kept === null) throw new CoreError('store', `the grant of ${saved.email} was written and is not there`);
  const gmail = await openGmail(ctx, kept.key);
  const { emailAddress } = await gmail.getProfile();
  if (emailAddress.toLowerCase() === kept.email.toLowerCase()) return kept;
  throw new CoreError('auth', `the grant of ${kept.email} opens the mailbox ${emailAddress}`, {
    hint: 'Run `gmail-events auth revoke`, then `gmail-events auth` again.',
  });
}

function usage(message: string, path: string): CoreError {
  return new CoreError('usage', message, { faults: [{ path, message }] });
}
