import { resolveClient } from '../../../core/accounts/index.js';
import type { Context } from '../../../core/context.js';
import { CoreError } from '../../../core/errors.js';

export interface KnownClient {
  clientId: string;
  clientSecret: string | null;
}

/** The OAuth client of the settings, the environment or the accounts; null when there is none, or several come into question. */
export async function knownClient(ctx: Context): Promise<KnownClient | null> {
  try {
    return await resolveClient(ctx, {}, { orUsed: true });
  } catch (error) {
    if (error instanceof CoreError && error.code === 'usage') return null;
    throw error;
  }
}

/** The client that the form names, else the known one. CoreError usage when there is neither. */
export async function chosenClient(
  ctx: Context,
  given: { clientId: string; clientSecret: string },
): Promise<KnownClient> {
  const { clientId, clientSecret } = given;
  const known = await knownClient(ctx);
  if (clientId === '' && known !== null) return clientSecret === '' ? known : { ...known, clientSecret };
  if (clientId === '') {
    throw new CoreError('usage', 'no OAuth client is known', { hint: 'Give its ID and its secret under Mailbox.' });
  }
  const kept = known?.clientId === clientId ? known.clientSecret : null;
  if (clientSecret === '' && kept === null) {
    throw new CoreError('usage', 'the secret of the OAuth client is missing', { hint: 'Give it beside the ID.' });
  }
  return { clientId, clientSecret: clientSecret === '' ? kept : clientSecret };
}
