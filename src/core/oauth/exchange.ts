import type { Context } from '../context.js';
import { completeGrant, type Grant } from './grant.js';
import { refreshTokens } from './refresh.js';
import { readServiceAccountFile, serviceAccountTokens } from './service-account.js';
import { requestTokens, type Tokens } from './token-endpoint.js';

export interface CodeToRedeem {
  code: string;
  clientId: string;
  clientSecret: string | null;
  /** The very URI the code was sent to. */
  redirectUri: string;
  codeVerifier?: string;
  /** Scopes that must all have been granted; absent: any that reads the mailbox. */
  scopes?: string[];
}

/**
 * Redeems a grant code, which works once. CoreError auth when the consent lacks a scope or a refresh token; GmailError with
 * code auth when Google refuses the code.
 */
export async function exchangeCode(ctx: Context, given: CodeToRedeem): Promise<Grant> {
  const { clientId, clientSecret, scopes } = given;
  const tokens = await redeem(ctx, given);
  const client = { clientId, clientSecret, serviceAccount: null };
  return completeGrant(ctx, { tokens, client, refreshToken: null, asked: scopes ?? null });
}

/** Proves a refresh token by refreshing once. A rotated one takes its place. */
export async function grantFromRefreshToken(
  ctx: Context,
  given: { refreshToken: string; clientId: string; clientSecret: string | null },
): Promise<Grant> {
  const { refreshToken, ...client } = given;
  const tokens = await refreshTokens(ctx, { ...given, serviceAccount: null, scopes: [] });
  return completeGrant(ctx, { tokens, client: { ...client, serviceAccount: null }, refreshToken, asked: null });
}

/** A service account with domain-wide delegation, acting for `subject`. `scope`: separated by blanks. */
export async function grantFromServiceAccount(
  ctx: Context,
  given: { file: string; subject: string; scope: string },
): Promise<Grant> {
  const { serviceAccount, clientId } = await readServiceAccountFile(given.file, given.subject);
  const asked = given.scope.split(/\s+/);
  const tokens = await serviceAccountTokens(ctx, serviceAccount, asked);
  return completeGrant(ctx, {
    tokens,
    client: { clientId, clientSecret: null, serviceAccount },
    refreshToken: null,
    asked,
  });
}

/**
 * Google's own client builds the request; it goes out over our transport, because of three traps of that client: it sends
 * a POST again by itself (a code works once), its errors carry the form, and its log may print the answer.
 */
async function redeem(ctx: Context, given: CodeToRedeem): Promise<Tokens> {
  const { auth } = await import('@googleapis/gmail');
  const outcome: { tokens?: Tokens; failure?: unknown } = {};
  const client = new auth.OAuth2({
    clientId: given.clientId,
    ...(given.clientSecret === null ? {} : { clientSecret: given.clientSecret }),
    redirectUri: given.redirectUri,
    endpoints: { oauth2TokenUrl: ctx.google.token },
    useAuthRequestParameters: false,
    transporterOptions: {
      adapter: async (request) => {
        request.retry = false;
        delete request.retryConfig;
        const form = Object.fromEntries(new URLSearchParams(String(request.body)));
        await requestTokens(ctx, form).then(
          (tokens) => Object.assign(outcome, { tokens }),
          (failure: unknown) => Object.assign(outcome, { failure }),
        );
        return Object.assign(new Response(), { config: request, data: {} as never });
      },
    },
  });
  await client.getToken({
    code: given.code,
    ...(given.codeVerifier === undefined ? {} : { codeVerifier: given.codeVerifier }),
  });
  if (outcome.tokens === undefined) throw outcome.failure;
  return outcome.tokens;
}
