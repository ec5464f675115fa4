import { KNOWN_SCOPES } from '../gmail/scopes.js';
import type { Incoming } from '../http/incoming.js';
import { type Answer, redirectAnswer } from '../http/reply.js';
import type { SandboxClient } from '../types.js';
import { isRedirectAllowed } from './clients.js';
import { consentForm, refusalPage } from './consent-page.js';
import type { CodeRequest } from './grants.js';
import type { OAuthWorld } from './world.js';

/** How the person at the consent page answers; `auto`: at once, without the form. */
export interface Consent {
  auto: boolean;
  deny?: boolean;
  error?: string;
  scope?: string;
  email?: string;
}

interface AuthRequest {
  client: SandboxClient;
  redirectUri: string;
  state: string | null;
  scopes: string[];
  challenge: CodeRequest['challenge'];
  offline: boolean;
  prompt: string;
  loginHint: string | null;
}

/** Errors that Google shows to the person and does not tell the client. */
const SHOWN_ERRORS = new Set([
  'admin_policy_enforced',
  'deleted_client',
  'disallowed_useragent',
  'invalid_request',
  'org_internal',
  'redirect_uri_mismatch',
]);

class PageRefusal extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, detail: string) {
    super(detail);
    this.status = status;
    this.error = error;
  }
}

/** GET: the consent page, or its answer at once. POST: the form's answer; the request stands in the query all along. */
export function authAnswer(world: OAuthWorld, incoming: Incoming): Answer {
  try {
    const request = readRequest(world, incoming.query);
    if (incoming.httpMethod === 'POST') return decided(world, request, formAnswer(incoming.body, request));
    if (world.consent.auto) return decided(world, request, world.consent);
    return consentForm({
      action: `?${incoming.query}`,
      clientId: request.client.clientId,
      scopes: request.scopes,
      emails: chosenFirst(world.emails(), request.loginHint),
    });
  } catch (error) {
    if (error instanceof PageRefusal) return refusalPage(error.status, error.error, error.message);
    throw error;
  }
}

function readRequest(world: OAuthWorld, query: URLSearchParams): AuthRequest {
  const required = (name: string): string => {
    const value = query.get(name);
    if (!value) throw new PageRefusal(400, 'invalid_request', `Missing required parameter: ${name}`);
    return value;
  };
  const clientId = required('client_id');
  const client = world.clients.find((known) => known.clientId === clientId);
  if (client === undefined) throw new PageRefusal(401, 'invalid_client', 'The OAuth client was not found.');
  const redirectUri = required('redirect_uri');
  if (redirectUri.startsWith('urn:ietf:wg:oauth:2.0:oob')) {
    throw new PageRefusal(400, 'invalid_request', 'The out-of-band (OOB) flow has been blocked.');
  }
  if (!isRedirectAllowed(client, redirectUri)) {
    throw new PageRefusal(400, 'redirect_uri_mismatch', `The redirect URI ${redirectUri} is not that of the client.`);
  }
  if (required('response_type') !== 'code') {
    throw new PageRefusal(400, 'unsupported_response_type', 'Invalid response_type.');
  }
  const scopes = required('scope').split(/\s+/).filter(Boolean);
  const unknown = scopes.filter((scope) => !KNOWN_SCOPES.has(scope));
  if (unknown.length > 0) {
    throw new PageRefusal(
      400,
      'invalid_scope',
      `Some requested scopes were invalid. {invalid=[${unknown.join(', ')}]}`,
    );
  }
  return {
    client,
    redirectUri,
    state: query.get('state'),
    scopes,
    challenge: challengeOf(query),
    // Installed applications get a refresh token always, web ones when they ask for offline access.
    offline: client.type === 'installed' || query.get('access_type') === 'offline',
    prompt: query.get('prompt') ?? '',
    loginHint: query.get('login_hint'),
  };
}

function challengeOf(query: URLSearchParams): CodeRequest['challenge'] {
  const value = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (method !== 'S256' && method !== 'plain') {
    throw new PageRefusal(400, 'invalid_request', `Invalid value for code_challenge_method: ${method}`);
  }
  if (value === null) return null;
  if (!/^[\w.~-]{43,128}$/.test(value)) throw new PageRefusal(400, 'invalid_request', 'Invalid code_challenge.');
  return { method, value };
}

function formAnswer(body: string, request: AuthRequest): Omit<Consent, 'auto'> {
  const form = new URLSearchParams(body);
  const email = form.get('email');
  return {
    deny: form.get('decision') !== 'allow',
    scope: form
      .getAll('scope')
      .filter((scope) => request.scopes.includes(scope))
      .join(' '),
    ...(email !== null && { email }),
  };
}

function decided(world: OAuthWorld, request: AuthRequest, answer: Omit<Consent, 'auto'>): Answer {
  const scopes = answer.scope?.split(/\s+/).filter(Boolean) ?? request.scopes;
  const error = answer.error ?? (answer.deny === true || scopes.length === 0 ? 'access_denied' : undefined);
  if (error !== undefined && SHOWN_ERRORS.has(error)) throw new PageRefusal(400, error, 'Access blocked.');
  const location = new URL(request.redirectUri);
  if (error !== undefined) location.searchParams.set('error', error);
  if (request.state !== null) location.searchParams.set('state', request.state);
  if (error === undefined) {
    const email = chosenFirst(world.emails(), answer.email ?? request.loginHint)[0] ?? '';
    location.searchParams.set('code', codeFor(world, request, email, scopes));
    location.searchParams.set('scope', scopes.join(' '));
  }
  return redirectAnswer(location.href);
}

function codeFor(world: OAuthWorld, request: AuthRequest, email: string, scopes: string[]): string {
  const { clientId } = request.client;
  // A web client that the person knows already gets no second refresh token unless it makes the page ask again.
  const known = request.client.type === 'web' && world.grants.hasRefreshToken(email, clientId);
  return world.grants.issueCode({
    email,
    clientId,
    redirectUri: request.redirectUri,
    scopes,
    challenge: request.challenge,
    offline: request.offline && (!known || request.prompt.includes('consent')),
  });
}

function chosenFirst(emails: string[], chosen: string | null): string[] {
  const first = emails.filter((email) => email === chosen?.toLowerCase());
  return [...first, ...emails.filter((email) => !first.includes(email))];
}
