import { type Grant, type OAuthClient, resolveClient } from '../accounts/index.js';
import type { Context } from '../context.js';
import { CoreError, type Fault } from '../errors.js';
import type { AccountDocument } from '../types.js';
import type { BroughtOauth } from './body.js';
import { keyPath } from './configuration.js';

/** How an instance comes by its grant. Nothing of it has been used yet. */
export type GrantRequest =
  | { way: 'account'; account: AccountDocument }
  | { way: 'code'; code: string; clientId: string; clientSecret: string | null; redirectUri: string }
  | { way: 'refreshToken'; refreshToken: string; clientId: string; clientSecret: string | null }
  | { way: 'ask'; ask: AskForGrant };

/** A grant that works: an account that is known already, or a new grant that is not yet kept. */
export type Granted = { account: AccountDocument } | { grant: Grant };

/** Lets a person choose an account, or authorize one now. */
export type AskForGrant = () => Promise<Granted>;

/**
 * The first of: the account that was named, the refresh token, the code (in an export it was used up long ago), the
 * person at the terminal. What a way lacks may come from the client-secret file, the environment or config.json; else it is
 * a fault.
 */
export async function planGrant(
  ctx: Context,
  body: BroughtOauth,
  options: {
    account: AccountDocument | null;
    externalAuthentication: 'none' | 'initial';
    ask?: AskForGrant | undefined;
    /** Of --client-secret-file. */
    client?: OAuthClient | undefined;
  },
): Promise<{ request: GrantRequest | null; faults: Fault[] }> {
  const brought = filledIn(body, options.client);
  if (options.account !== null) return { request: { way: 'account', account: options.account }, faults: [] };
  if (brought.refreshToken !== null) return byRefreshToken(ctx, brought, brought.refreshToken);
  if (options.externalAuthentication === 'initial' && brought.code === null) {
    const message = 'is missing; externalAuthentication "initial" takes the grant from it';
    return { request: null, faults: [{ path: keyPath('oauth.user.refresh_token'), message }] };
  }
  if (brought.code !== null) return byCode(ctx, brought, brought.code);
  if (options.ask !== undefined) return { request: { way: 'ask', ask: options.ask }, faults: [] };
  const message =
    'is missing; accepted: a grant code (gmail-events auth url makes the address that gives one), or --account of an account ' +
    'that gmail-events auth authorized, or externalAuthentication "initial" with oauth.user.refresh_token';
  return { request: null, faults: [{ path: 'providerData.code', message }] };
}

/** A secret and a redirect URI go with no other id; of several URIs nobody knows which one the code was asked for with. */
export function filledIn(body: BroughtOauth, client: OAuthClient | undefined): BroughtOauth {
  if (client === undefined || (body.clientId ?? client.clientId) !== client.clientId) return body;
  const [only = null, another] = client.redirectUris;
  return {
    ...body,
    clientId: client.clientId,
    clientSecret: body.clientSecret ?? client.clientSecret,
    redirectUri: body.redirectUri ?? (another === undefined ? only : null),
  };
}

async function byRefreshToken(ctx: Context, brought: BroughtOauth, refreshToken: string): ReturnType<typeof planGrant> {
  const client = await clientOf(ctx, brought);
  if (client === null) return { request: null, faults: [noClient()] };
  return { request: { way: 'refreshToken', refreshToken, ...client }, faults: [] };
}

async function byCode(ctx: Context, brought: BroughtOauth, code: string): ReturnType<typeof planGrant> {
  const client = await clientOf(ctx, brought);
  const redirectUri = brought.redirectUri ?? (await ctx.store.settings.read())['oauth.callbackUrl'];
  const faults: Fault[] = [];
  if (client === null) faults.push(noClient());
  // A code is good for one try, which Google refuses without the secret.
  else if (client.clientSecret === null) {
    const message =
      'is missing; accepted: the OAuth client secret, here, by --client-secret-file, in GMAIL_EVENTS_CLIENT_SECRET or in config.json';
    faults.push({ path: keyPath('oauth.api.secret'), message });
  }
  if (redirectUri === null) {
    const message =
      'is missing; accepted: the redirect URI that the code was asked for with, here, by --client-secret-file or in config.json';
    faults.push({ path: keyPath('oauth.callback.url'), message });
  }
  if (client === null || redirectUri === null || faults.length > 0) return { request: null, faults };
  return { request: { way: 'code', code, ...client, redirectUri }, faults: [] };
}

async function clientOf(
  ctx: Context,
  { clientId, clientSecret }: BroughtOauth,
): Promise<{ clientId: string; clientSecret: string | null } | null> {
  if (clientId !== null && clientSecret !== null) return { clientId, clientSecret };
  try {
    const known = await resolveClient(ctx, clientId === null ? {} : { clientId });
    return { clientId: known.clientId, clientSecret: clientSecret ?? known.clientSecret };
  } catch (error) {
    if (error instanceof CoreError && error.code === 'usage') return null;
    throw error;
  }
}

function noClient(): Fault {
  const message =
    'is missing; accepted: the OAuth client id, here, by --client-secret-file, in GMAIL_EVENTS_CLIENT_ID or in config.json';
  return { path: keyPath('oauth.api.key'), message };
}
