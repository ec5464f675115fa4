import { timingSafeEqual } from 'node:crypto';
import { CoreError } from '../errors.js';

/** What came back from the consent page. A stray one is none of ours: it ends nothing. */
export type Redirect =
  | { kind: 'code'; code: string }
  | { kind: 'refused'; error: CoreError }
  | { kind: 'stray'; sentence: string };

const AGAIN = 'Run `gmail-events auth` again.';

const REFUSALS: Record<string, { sentence: string; hint: string }> = {
  access_denied: { sentence: "access was denied on Google's page", hint: `${AGAIN} Then allow the access.` },
  admin_policy_enforced: {
    sentence: "the domain's administrator does not allow this OAuth client",
    hint: "Ask the domain's administrator to trust the client.",
  },
  org_internal: {
    sentence: 'the OAuth client is for members of its own organization only',
    hint: 'Choose an account of that organization, or set the consent screen to "External".',
  },
  deleted_client: { sentence: 'the OAuth client was deleted', hint: 'Create one in the Google Cloud console.' },
  redirect_uri_mismatch: {
    sentence: 'the redirect URI is not registered for the OAuth client',
    hint: 'Register it in the Google Cloud console, or pass a registered one as --callback-url.',
  },
  disallowed_useragent: { sentence: 'Google does not sign in inside this browser', hint: 'Use an ordinary browser.' },
  invalid_scope: { sentence: 'Google does not know the scope that was asked for', hint: 'Use --scope readonly.' },
};

/** Reads the query of a redirect. The state is checked first, for an error as for a code. */
export function readRedirect(query: URLSearchParams, state: string): Redirect {
  const given = query.get('state');
  if (given === null) return { kind: 'stray', sentence: 'it has no state' };
  if (!same(given, state)) return { kind: 'stray', sentence: 'its state is not that of this sign-in' };
  const error = query.get('error');
  if (error !== null) return { kind: 'refused', error: refusal(error) };
  const code = query.get('code');
  if (!code) return { kind: 'stray', sentence: 'it has no code' };
  return { kind: 'code', code };
}

function refusal(error: string): CoreError {
  const known = REFUSALS[error];
  const word = /^\w{1,60}$/.test(error) ? error : 'an unknown error';
  const sentence = known?.sentence ?? `Google refused the sign-in (${word})`;
  return new CoreError('auth', `${sentence}; nothing was stored`, { hint: known?.hint ?? AGAIN });
}

function same(given: string, state: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(state)];
  return one.length === other.length && timingSafeEqual(one, other);
}
