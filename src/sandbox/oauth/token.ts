import { createHash } from 'node:crypto';
import type { Incoming } from '../http/incoming.js';
import { type Answer, jsonAnswer } from '../http/reply.js';
import type { SandboxClient } from '../types.js';
import { badGrant, invalidRequest, OAuthRefusal, oauthErrorAnswer, unknownClient, wrongSecret } from './errors.js';
import { ACCESS_TOKEN_SECONDS, type CodeRequest, type Grant, type Grants } from './grants.js';
import { JWT_BEARER, jwtGrant } from './jwt-bearer.js';
import type { OAuthWorld } from './world.js';

/** POST /token. */
export function tokenAnswer(world: OAuthWorld, incoming: Incoming): Answer {
  try {
    const form = new URLSearchParams(incoming.body);
    return jsonAnswer(200, exchange(world, form, incoming.headers.authorization), {
      headers: { 'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate', Pragma: 'no-cache' },
    });
  } catch (error) {
    if (error instanceof OAuthRefusal) return oauthErrorAnswer(error);
    throw error;
  }
}

/** Whose request it is, as far as the form tells: for the log, and for faults that strike one mailbox. */
export function tokenRequestOwner(world: OAuthWorld, body: string): string | null {
  const form = new URLSearchParams(body);
  const [code, refreshToken] = [form.get('code'), form.get('refresh_token')];
  if (code !== null) return world.grants.ownerOfCode(code);
  return refreshToken === null ? null : world.grants.ownerOfRefreshToken(refreshToken);
}

function exchange(world: OAuthWorld, form: URLSearchParams, authorization?: string): Record<string, unknown> {
  const grantType = form.get('grant_type');
  if (!grantType) throw invalidRequest('Required parameter is missing: grant_type');
  if (grantType === JWT_BEARER) {
    const accessToken = world.grants.issueAccessToken(jwtGrant(world, required(form, 'assertion')));
    return { access_token: accessToken, expires_in: ACCESS_TOKEN_SECONDS, token_type: 'Bearer' };
  }
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
    throw new OAuthRefusal(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
  }
  const client = authenticated(world, form, authorization);
  if (grantType === 'refresh_token') return refreshed(world, client, required(form, 'refresh_token'));
  return redeemed(world, client, form);
}

function redeemed({ grants, now }: OAuthWorld, client: SandboxClient, form: URLSearchParams): Record<string, unknown> {
  const code = grants.takeCode(required(form, 'code'));
  if (code.clientId !== client.clientId || form.get('redirect_uri') !== code.redirectUri) throw badGrant();
  if (!isVerified(code.challenge, form.get('code_verifier'))) throw badGrant();
  const grant = grants.add(code);
  return {
    ...tokenBody(grants, grant, now()),
    ...(grant.refreshToken !== null && { refresh_token: grant.refreshToken }),
  };
}

function refreshed({ grants, now }: OAuthWorld, client: SandboxClient, refreshToken: string): Record<string, unknown> {
  const grant = grants.byRefreshToken(refreshToken);
  if (grant.clientId !== client.clientId) throw new OAuthRefusal(401, 'unauthorized_client', 'Unauthorized');
  const rotated = grants.rotate ? grants.renew(grant) : null;
  return { ...tokenBody(grants, grant, now()), ...(rotated !== null && { refresh_token: rotated }) };
}

function tokenBody(grants: Grants, grant: Grant, now: number): Record<string, unknown> {
  return {
    access_token: grants.issueAccessToken(grant),
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: grant.scopes.join(' '),
    token_type: 'Bearer',
    ...(grant.endsAt !== null && { refresh_token_expires_in: Math.max(0, Math.round((grant.endsAt - now) / 1000)) }),
  };
}

/** client_secret_post or HTTP Basic. A client without a secret (an empty one) needs none. */
function authenticated(world: OAuthWorld, form: URLSearchParams, authorization?: string): SandboxClient {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  const [basicId, basicSecret] = basic === undefined ? [] : basicCredentials(basic);
  const clientId = basicId ?? form.get('client_id');
  const secret = basicSecret ?? form.get('client_secret');
  if (!clientId) throw invalidRequest('Could not determine client ID from request.');
  const client = world.clients.find((known) => known.clientId === clientId);
  if (client === undefined) throw unknownClient();
  if (client.clientSecret === '') return client;
  if (!secret) throw invalidRequest('client_secret is missing.');
  if (secret !== client.clientSecret) throw wrongSecret();
  return client;
}

function basicCredentials(encoded: string): string[] {
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)].map((part) => decodeURIComponent(part));
}

function isVerified(challenge: CodeRequest['challenge'], verifier: string | null): boolean {
  if (challenge === null) return true;
  if (verifier === null || !/^[\w.~-]{43,128}$/.test(verifier)) return false;
  const answer = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return answer === challenge.value;
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw invalidRequest(`Missing required parameter: ${name}`);
  return value;
}
