import { backoff, TRIES } from '../../gmail/backoff.js';
import { parseObject, UnusableBody } from '../../gmail/body.js';
import { tokenError } from '../../gmail/classify-token.js';
import { GmailError } from '../../gmail/errors.js';
import { retryAfterMs } from '../../gmail/retry-after.js';
import { type Transport, TransportFailure } from '../../gmail/transport.js';
import type { Context } from '../context.js';
import { googleTransport } from '../google-transport.js';

/** What the token endpoint gave; unknown fields are dropped. Times are milliseconds. */
export interface Tokens {
  accessToken: string;
  expiresAt: number;
  /** Absent in most refreshes; one that comes replaces the old one. */
  refreshToken: string | null;
  /** null when the answer names none. */
  scopes: string[] | null;
  /** When the grant itself ends, for a grant that is limited in time. */
  grantExpiresAt: number | null;
}

export type OAuthContext = Pick<Context, 'env' | 'clock' | 'random' | 'google' | 'log'>;

/** A wait that Google names is kept up to this; a longer one ends the tries. */
const LONGEST_NAMED_WAIT_MS = 30_000;
/** `expires_in` was always given so far; without it, Google's usual hour less a little. */
const USUAL_LIFE_S = 3000;

/** What of a form must not come back in an error. */
const SECRET_FIELDS = ['client_secret', 'refresh_token', 'code', 'code_verifier', 'assertion', 'token'];

/** POSTs a grant to the token endpoint. GmailError with Google's words and none of the form's secrets. */
export async function requestTokens(ctx: OAuthContext, form: Record<string, string>): Promise<Tokens> {
  return postForm(ctx, ctx.google.token, form, (text) => readTokens(parseObject(text), ctx.clock.now()));
}

/** POSTs a form to one of Google's OAuth endpoints, up to 5 times. `read` throws UnusableBody for an answer of no use. */
export async function postForm<T>(
  ctx: OAuthContext,
  address: string,
  form: Record<string, string>,
  read: (text: string) => T,
): Promise<T> {
  const transport = googleTransport(ctx);
  for (let failures = 1; ; failures += 1) {
    try {
      return await post(ctx, transport, new URL(address), form, read);
    } catch (error) {
      if (!(error instanceof GmailError) || error.class !== 'retry' || failures >= TRIES) throw error;
      const named = error.retryAt === null ? 0 : error.retryAt - ctx.clock.now();
      if (named > LONGEST_NAMED_WAIT_MS) throw error;
      await ctx.clock.sleep(Math.max(named, backoff(failures, ctx.random.unit())));
    }
  }
}

async function post<T>(
  ctx: OAuthContext,
  transport: Transport,
  url: URL,
  form: Record<string, string>,
  read: (text: string) => T,
): Promise<T> {
  const answer = await transport({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
  }).catch((error: unknown) => {
    if (error instanceof TransportFailure) throw unanswered(`no usable answer from ${url.host} (${error.message})`);
    throw error;
  });
  if (answer.status !== 200) {
    const now = ctx.clock.now();
    const wait = retryAfterMs({ ...answer, message: '' }, now);
    const secrets = SECRET_FIELDS.map((field) => form[field]);
    throw tokenError(answer, secrets, wait === null ? null : now + wait);
  }
  try {
    return read(answer.text);
  } catch (error) {
    if (error instanceof UnusableBody) throw unanswered(`${url.host} answered with ${error.message}`);
    throw error;
  }
}

function readTokens(body: Record<string, unknown>, now: number): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, scope } = body;
  // A header holds nothing else: what cannot be sent is no token.
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new UnusableBody('an answer without an access token');
  }
  const limit = seconds(body['refresh_token_expires_in']);
  return {
    accessToken,
    expiresAt: now + (seconds(body['expires_in']) ?? USUAL_LIFE_S) * 1000,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : null,
    scopes: typeof scope === 'string' && scope.trim() !== '' ? scope.trim().split(/\s+/) : null,
    grantExpiresAt: limit === null ? null : now + limit * 1000,
  };
}

function seconds(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}

function unanswered(message: string): GmailError {
  return new GmailError(`Google's sign-in failed to answer: ${message}`, {
    class: 'retry',
    code: 'failed',
    hint: 'Check the network and the proxy settings, then run the command again; nothing is lost.',
  });
}
