import { createPrivateKey, sign } from 'node:crypto';
import type { AccountDocument } from '../types.js';
import { readJsonFile, wrongFile } from './json-file.js';
import { type OAuthContext, requestTokens, type Tokens } from './token-endpoint.js';

export type ServiceAccount = NonNullable<AccountDocument['serviceAccount']>;

const FLAG = '--service-account-file';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Whoever carries the assertion (a proxy, the sandbox), it is made out to Google. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const LIFE_S = 3600;

/** Google's JSON key of a service account that acts for `subject`. CoreError usage when the file is something else. */
export async function readServiceAccountFile(
  path: string,
  subject: string,
): Promise<{ serviceAccount: ServiceAccount; clientId: string }> {
  const file = await readJsonFile(FLAG, path);
  const { type, client_email: clientEmail, private_key: privateKey, client_id: clientId } = file;
  if (type !== 'service_account') {
    const hint =
      'installed' in file || 'web' in file ? 'Pass the JSON of an OAuth client as --client-secret-file.' : undefined;
    throw wrongFile(FLAG, `${path} is not the key of a service account`, hint);
  }
  if (typeof clientEmail !== 'string' || typeof privateKey !== 'string') {
    throw wrongFile(FLAG, `${path} lacks "client_email" or "private_key"`);
  }
  try {
    createPrivateKey(privateKey);
  } catch {
    throw wrongFile(FLAG, `the "private_key" of ${path} is not a key`);
  }
  return {
    serviceAccount: { clientEmail, privateKey, subject },
    clientId: typeof clientId === 'string' && clientId !== '' ? clientId : clientEmail,
  };
}

/** The JWT grant with `sub` (RFC 7523): an access token for the subject's mailbox. `scopes` must be those delegated. */
export function serviceAccountTokens(ctx: OAuthContext, account: ServiceAccount, scopes: string[]): Promise<Tokens> {
  const now = Math.floor(ctx.clock.now() / 1000);
  const claims = {
    iss: account.clientEmail,
    sub: account.subject,
    scope: scopes.join(' '),
    aud: AUDIENCE,
    iat: now,
    exp: now + LIFE_S,
  };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('RSA-SHA256', Buffer.from(text), account.privateKey).toString('base64url');
  return requestTokens(ctx, { grant_type: JWT_BEARER, assertion: `${text}.${signature}` });
}
