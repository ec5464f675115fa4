import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import type { AccountDocument } from '../types.js';

/** Every account with a grant, by address; the files that cannot be understood apart. */
export async function readAccounts(ctx: {
  store: Pick<Context['store'], 'accountFiles'>;
}): Promise<{ documents: AccountDocument[]; broken: { key: string; error: unknown }[] }> {
  const { accountFiles } = ctx.store;
  const documents: AccountDocument[] = [];
  const broken: { key: string; error: unknown }[] = [];
  for (const key of await accountFiles.keys()) {
    try {
      const document = await accountFiles.read(key);
      if (document !== null) documents.push(document);
    } catch (error) {
      broken.push({ key, error });
    }
  }
  documents.sort((one, other) => compare(one.email, other.email) || compare(one.clientId, other.clientId));
  return { documents, broken };
}

/** The same for whoever needs all of them: the first broken file is thrown. */
export async function listAccounts(ctx: Pick<Context, 'store'>): Promise<AccountDocument[]> {
  const { documents, broken } = await readAccounts(ctx);
  for (const { error } of broken) throw error;
  return documents;
}

/** The account that `EMAIL` or `EMAIL/CLIENT_ID` names. CoreError usage when there is none, or more than one. */
export async function findAccount(ctx: Pick<Context, 'store'>, name: string): Promise<AccountDocument> {
  const accounts = await listAccounts(ctx);
  const wanted = name.trim().toLowerCase();
  const found = accounts.filter(({ email, clientId }) =>
    [email, `${email}/${clientId}`].some((known) => known.toLowerCase() === wanted),
  );
  const [account, another] = found;
  if (account !== undefined && another === undefined) return account;
  if (account === undefined) {
    const known = accounts.map((one) => accountName(one, accounts)).join(', ');
    throw new CoreError('usage', `there is no authorized account "${name}"`, {
      hint: known === '' ? 'Run `gmail-events auth` first.' : `Authorized: ${known}.`,
    });
  }
  throw new CoreError('usage', `"${name}" is authorized under several OAuth clients`, {
    hint: `Name one of them: ${found.map((one) => accountName(one, accounts)).join(', ')}.`,
  });
}

/** EMAIL, or EMAIL/CLIENT_ID where the mailbox is authorized under several clients. */
export function accountName(account: AccountDocument, among: AccountDocument[]): string {
  const { email, clientId } = account;
  const others = among.filter(
    (other) => other.email.toLowerCase() === email.toLowerCase() && other.key !== account.key,
  );
  return others.length === 0 ? email : `${email}/${clientId}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
