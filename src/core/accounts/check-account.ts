import { GmailError } from '../../gmail/errors.js';
import type { Context } from '../context.js';
import type { AccountDocument } from '../types.js';
import { renewedAccount } from './access-token.js';
import { markAccountFailed } from './health.js';
import { connectAccount } from './open-gmail.js';

/**
 * Asks Google whether the grant works, whatever is known of it: a new access token, then the profile. A failure is kept, a
 * success lifts one that was. Throws GmailError.
 */
export async function checkAccount(ctx: Context, account: AccountDocument): Promise<void> {
  try {
    const renewed = await renewedAccount(ctx, account.key, account.accessToken);
    const gmail = await connectAccount(ctx, renewed, true);
    await gmail.getProfile();
  } catch (error) {
    if (error instanceof GmailError) await markAccountFailed(ctx, account.key, error);
    throw error;
  }
}
