import type { Sandbox } from '../../src/sandbox/index.js';

export interface Called<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Caller {
  accessToken: string;
  /** Below /gmail/v1/users/me/. */
  get<T = Record<string, unknown>>(path: string): Promise<Called<T>>;
}

const SCOPES = 'https://www.googleapis.com/auth/';
export const METADATA = `${SCOPES}gmail.metadata`;
export const READONLY = `${SCOPES}gmail.readonly`;

export interface GmailErrorBody {
  error: {
    code: number;
    message: string;
    status: string;
    errors: { message: string; domain: string; reason: string; location?: string }[];
    details?: Record<string, unknown>[];
  };
}

export interface TokenBody {
  access_token: string;
  expires_in: number;
  token_type: string;
  scope?: string;
  refresh_token?: string;
  refresh_token_expires_in?: number;
  error?: string;
  error_description?: string;
  error_subtype?: string;
}

/** POST /token with the sandbox's own client, unless the form names another. */
export async function token(sandbox: Sandbox, form: Record<string, string>): Promise<Called<TokenBody>> {
  const { clientId, clientSecret } = sandbox.client;
  const response = await fetch(`${sandbox.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenBody };
}

export function refresh(sandbox: Sandbox, refreshToken: string): Promise<Called<TokenBody>> {
  return token(sandbox, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

export function redeem(sandbox: Sandbox, code: string, more: Record<string, string> = {}): Promise<Called<TokenBody>> {
  return token(sandbox, { grant_type: 'authorization_code', code, redirect_uri: 'http://localhost', ...more });
}

/** A client with an access token of that mailbox and scope. */
export async function caller(
  sandbox: Sandbox,
  grant: { email?: string; scope?: string; clientId?: string } = {},
): Promise<Caller> {
  const { body } = await refresh(sandbox, sandbox.grantRefreshToken(grant));
  return callerWith(sandbox, body.access_token);
}

export function callerWith(sandbox: Sandbox, accessToken: string): Caller {
  return {
    accessToken,
    async get<T>(path: string) {
      const response = await fetch(`${sandbox.url}/gmail/v1/users/me/${path}`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as T };
    },
  };
}

/** POST /sandbox/NAME. */
export async function control<T = Record<string, unknown>>(
  sandbox: Sandbox,
  name: string,
  body?: unknown,
): Promise<Called<T>> {
  const response = await fetch(`${sandbox.url}/sandbox/${name}`, {
    method: 'POST',
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}
