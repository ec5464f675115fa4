import { filesAlone } from '../store/inspect.js';
import { accountName, readAccounts } from './accounts/find-account.js';
import { readInstances } from './instances/find.js';
import { homeFolder, systemClock } from './open.js';

/**
 * The names that commands take, from the files alone: the database is not opened, and nothing made. A file that cannot be
 * read is left out. Holds no secret.
 */
export async function knownNames(options: {
  home?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<{ instances: { id: number; name: string }[]; accounts: string[] }> {
  const encryptionKey = options.env['GMAIL_EVENTS_ENCRYPTION_KEY'] || undefined;
  const ctx = { store: filesAlone({ home: homeFolder(options), clock: systemClock, encryptionKey }) };
  const [{ documents }, accounts] = await Promise.all([readInstances(ctx), readAccounts(ctx)]);
  return {
    instances: documents.map(({ id, name }) => ({ id, name })),
    accounts: accounts.documents.map((account) => accountName(account, accounts.documents)),
  };
}
