import { createVerify } from 'node:crypto';
import { invalidRequest, notDelegated, OAuthRefusal } from './errors.js';
import type { Grant } from './grants.js';
import type { OAuthWorld } from './world.js';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const GOOGLE_AUDIENCES = ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'];
const LONGEST_LIFE_S = 3600;
/** Google forgives a clock that is a little off. */
const SKEW_S = 300;

const invalidJwt = (description: string): OAuthRefusal => new OAuthRefusal(400, 'invalid_grant', description);

/**
 * A service account's grant for the mailbox of `sub`, or (without `sub`) for itself, which has none.
 * @throws OAuthRefusal as Google words it.
 */
export function jwtGrant(world: OAuthWorld, assertion: string): Grant {
  const [head, body, signature] = assertion.split('.');
  const header = decoded(head);
  const claims = decoded(body);
  if (header === null || claims === null || signature === undefined) throw invalidRequest('Bad Request');
  const issuer = text(claims['iss']);
  const account = world.serviceAccounts?.find((known) => known.clientEmail === issuer);
  if (issuer === '' || (world.serviceAccounts !== null && account === undefined)) {
    throw invalidJwt('Invalid grant: account not found');
  }
  if (header['alg'] !== 'RS256' || !isSigned(`${head}.${body}`, signature, account?.publicKey)) {
    throw invalidJwt('Invalid JWT Signature.');
  }
  if (![world.tokenUrl(), ...GOOGLE_AUDIENCES].includes(text(claims['aud']))) {
    throw invalidJwt('Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token');
  }
  checkTimes(claims, world.now() / 1000);
  const scopes = text(claims['scope']).split(/\s+/).filter(Boolean);
  const allowed = account?.scopes;
  if (scopes.length === 0 || (allowed !== undefined && !scopes.every((scope) => allowed.includes(scope)))) {
    throw notDelegated();
  }
  const subject = text(claims['sub']).toLowerCase();
  if (subject !== '' && !world.hasMailbox(subject)) throw invalidJwt('Invalid email or User ID');
  return world.grants.add({
    email: subject || issuer,
    clientId: issuer,
    scopes,
    offline: false,
    delegated: subject !== '',
  });
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const [iat, exp] = [Number(claims['iat']), Number(claims['exp'])];
  if (iat <= now + SKEW_S && exp > now - SKEW_S && exp > iat && exp - iat <= LONGEST_LIFE_S) return;
  throw invalidJwt(
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  );
}

function isSigned(signed: string, signature: string, publicKey: string | undefined): boolean {
  if (publicKey === undefined) return signature !== '';
  return createVerify('RSA-SHA256').update(signed).verify(publicKey, signature, 'base64url');
}

function decoded(part: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
