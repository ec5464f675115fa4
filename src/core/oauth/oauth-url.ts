import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import { authUrl } from './auth-url.js';
import { resolveClient } from './client.js';
import { checkCallbackUrl } from './redirect-uri.js';
import { DEFAULT_SCOPE, scopeFor } from './scopes.js';

/** The old service's state when none was given. */
const DEFAULT_STATE = 'gmail';

/**
 * The old service's answer to `GET /elements/gmail/oauth/url`. No PKCE: the code it leads to is redeemed by create-instance,
 * which knows no verifier.
 */
export async function oauthUrl(
  ctx: Context,
  options: {
    /** Without it, that of config.json. */
    callbackUrl?: string | undefined;
    clientSecretFile?: string | undefined;
    clientId?: string | undefined;
    scope?: string | undefined;
    state?: string | undefined;
  },
): Promise<{ oauthUrl: string; element: 'gmail' }> {
  const redirectUri = options.callbackUrl ?? (await ctx.store.settings.read())['oauth.callbackUrl'];
  if (redirectUri === null) {
    const message = '--callback-url is missing';
    const hint = "Pass one of the client's registered redirect URIs, or set oauth.callbackUrl in config.json.";
    throw new CoreError('usage', message, { hint, faults: [{ path: '--callback-url', message }] });
  }
  checkCallbackUrl(redirectUri);
  const scope = options.scope === undefined ? DEFAULT_SCOPE : scopeFor(options.scope);
  const { clientId } = await resolveClient(ctx, options);
  const { state = DEFAULT_STATE } = options;
  return { oauthUrl: authUrl(ctx.google.auth, { clientId, redirectUri, scope, state }), element: 'gmail' };
}
