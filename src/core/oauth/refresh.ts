import type { AccountDocument } from '../types.js';
import { serviceAccountTokens } from './service-account.js';
import { type OAuthContext, requestTokens, type Tokens } from './token-endpoint.js';

export type Refreshable = Pick<
  AccountDocument,
  'clientId' | 'clientSecret' | 'refreshToken' | 'serviceAccount' | 'scopes'
>;

/** A new access token of a grant. A refresh token that comes with it has replaced the old one. GmailError otherwise. */
export function refreshTokens(ctx: OAuthContext, grant: Refreshable): Promise<Tokens> {
  if (grant.serviceAccount !== null) return serviceAccountTokens(ctx, grant.serviceAccount, grant.scopes);
  return requestTokens(ctx, {
    grant_type: 'refresh_token',
    client_id: grant.clientId,
    ...(grant.clientSecret === null ? {} : { client_secret: grant.clientSecret }),
    refresh_token: grant.refreshToken ?? '',
  });
}
