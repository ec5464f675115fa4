import { GmailError } from '../../gmail/errors.js';
import { type OAuthContext, postForm } from './token-endpoint.js';

/**
 * Ends a grant at Google, for all clients of its Cloud project. Returns false when Google did not know the token any more.
 * GmailError when Google did not answer.
 */
export async function revokeToken(ctx: OAuthContext, token: string): Promise<boolean> {
  try {
    await postForm(ctx, ctx.google.revoke, { token }, () => {});
    return true;
  } catch (error) {
    if (error instanceof GmailError && error.status === 400 && error.reason === 'invalid_token') return false;
    throw error;
  }
}
