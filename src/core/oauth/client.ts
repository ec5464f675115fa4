import { readAccounts } from '../accounts/find-account.js';
import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import { readClientSecretFile } from './client-secret-file.js';

/** An OAuth client of a Cloud project. `unknown`: only its id is known, so it is treated as an installed one. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string | null;
  type: 'installed' | 'web' | 'unknown';
  redirectUris: string[];
}

/**
 * The client of the flags, else of the environment, else of config.json, else (`orUsed`) the only one that accounts have. A secret belongs to the id beside it: that of
 * config.json goes with no other id. CoreError usage, naming the ways, when there is none, or (`withSecret`) an id alone: a
 * code is not redeemed without the secret, and a person would consent in vain. (The file of a client may do without one.)
 */
export async function resolveClient(
  ctx: Pick<Context, 'env' | 'store'>,
  flags: { clientSecretFile?: string | undefined; clientId?: string | undefined },
  { orUsed = false, withSecret = false }: { orUsed?: boolean; withSecret?: boolean } = {},
): Promise<OAuthClient> {
  if (flags.clientSecretFile !== undefined && flags.clientId !== undefined) {
    const message = '--client-secret-file and --client-id exclude each other';
    throw new CoreError('usage', message, { faults: [{ path: '--client-id', message }] });
  }
  if (flags.clientSecretFile !== undefined) return readClientSecretFile(flags.clientSecretFile);
  const secret = ctx.env['GMAIL_EVENTS_CLIENT_SECRET'] || null;
  const id = flags.clientId ?? ctx.env['GMAIL_EVENTS_CLIENT_ID'];
  const settings = await ctx.store.settings.read();
  const keptId = settings['oauth.clientId'];
  const named = id || keptId;
  if (named) {
    const its = secret ?? (named === keptId ? settings['oauth.clientSecret'] : null);
    if (its !== null || !withSecret) return client(named, its);
    const known = (await usedClients(ctx)).find(({ clientId }) => clientId === named);
    if (known === undefined) throw noSecret(named);
    return client(named, known.clientSecret);
  }
  const used = orUsed ? await usedClients(ctx) : [];
  const [only, another] = used;
  if (only !== undefined && another === undefined) return client(only.clientId, only.clientSecret);
  if (only !== undefined) {
    throw new CoreError('usage', 'which OAuth client is meant is not said: several are known', {
      hint: `Pass --client-secret-file FILE, or --client-id with one of ${used.map(({ clientId }) => clientId).join(', ')} and GMAIL_EVENTS_CLIENT_SECRET in the environment.`,
    });
  }
  throw new CoreError('usage', 'no OAuth client is known', {
    hint: 'Pass --client-secret-file FILE (the JSON of a "Desktop app" client from the Google Cloud console), or --client-id ID with GMAIL_EVENTS_CLIENT_SECRET in the environment, or keep it: gmail-events config set oauth.clientId ID, and oauth.clientSecret --file FILE.',
  });
}

function noSecret(clientId: string): CoreError {
  const message = `the secret of the OAuth client ${clientId} is missing`;
  return new CoreError('usage', message, {
    hint: 'Put it into GMAIL_EVENTS_CLIENT_SECRET, keep it (gmail-events config set oauth.clientSecret --file FILE), or pass --client-secret-file FILE.',
    faults: [{ path: 'GMAIL_EVENTS_CLIENT_SECRET', message }],
  });
}

/** The clients that accounts were authorized with: whoever passed one once need not name it again. */
async function usedClients(ctx: Pick<Context, 'store'>): Promise<Pick<OAuthClient, 'clientId' | 'clientSecret'>[]> {
  const { documents } = await readAccounts(ctx);
  const own = documents.filter(({ serviceAccount }) => serviceAccount === null);
  return [...new Map(own.map((account) => [account.clientId, account])).values()];
}

function client(clientId: string, clientSecret: string | null): OAuthClient {
  return { clientId, clientSecret, type: 'unknown', redirectUris: [] };
}
