import type { Context } from '../context.js';
import { CoreError } from '../errors.js';
import { authUrl } from './auth-url.js';
import type { OAuthClient } from './client.js';
import { exchangeCode } from './exchange.js';
import type { Grant } from './grant.js';
import { createPkce, secretText } from './pkce.js';
import { readRedirect } from './redirect.js';
import { DEFAULT_SCOPE, scopeFor } from './scopes.js';

/** A consent that was asked for in a browser, until the browser comes back. Secret: whoever began it keeps it. */
export interface SignIn {
  state: string;
  verifier: string;
  clientId: string;
  clientSecret: string | null;
  redirectUri: string;
  /** Separated by blanks. */
  scope: string;
}

/** The consent page's URL for a server whose own address is the redirect URI. CoreError usage for a wrong scope. */
export function beginSignIn(
  ctx: Pick<Context, 'google' | 'random'>,
  options: {
    client: Pick<OAuthClient, 'clientId' | 'clientSecret'>;
    redirectUri: string;
    /** readonly, metadata or a scope's URL; readonly. */
    scope?: string | undefined;
    /** The mailbox that is expected: Google offers it first. */
    email?: string | undefined;
  },
): { url: string; signIn: SignIn } {
  const { clientId, clientSecret } = options.client;
  const { redirectUri, email } = options;
  const scope = options.scope === undefined ? DEFAULT_SCOPE : scopeFor(options.scope);
  const state = secretText(ctx.random);
  const { verifier, challenge } = createPkce(ctx.random);
  const request = { clientId, redirectUri, scope, state, challenge, ...(email === undefined ? {} : { email }) };
  return {
    url: authUrl(ctx.google.auth, request),
    signIn: { state, verifier, clientId, clientSecret, redirectUri, scope },
  };
}

/**
 * Reads what the browser came back with and redeems the code. Nothing is stored. CoreError usage when it is not the answer
 * to this sign-in, CoreError auth when the person or Google refused, GmailError when Google does not take the code.
 */
export async function finishSignIn(ctx: Context, signIn: SignIn, query: URLSearchParams): Promise<Grant> {
  const redirect = readRedirect(query, signIn.state);
  if (redirect.kind === 'refused') throw redirect.error;
  if (redirect.kind === 'stray') {
    throw new CoreError('usage', `that is not the answer to this sign-in: ${redirect.sentence}`);
  }
  const { clientId, clientSecret, redirectUri, verifier, scope } = signIn;
  return exchangeCode(ctx, {
    code: redirect.code,
    clientId,
    clientSecret,
    redirectUri,
    codeVerifier: verifier,
    scopes: scope.split(' '),
  });
}
