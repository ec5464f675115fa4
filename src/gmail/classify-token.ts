import { isObject } from './body.js';
import { GmailError, type GmailErrorOptions } from './errors.js';
import { redact } from './redact.js';

type Meaning = Pick<GmailErrorOptions, 'class' | 'code' | 'hint'> & { sentence: string };

interface Row {
  /** The answer's `error`. */
  error: RegExp;
  /** Of `error_description` and `error_subtype`. */
  description?: RegExp;
  means: Meaning;
}

const AUTH = 'Run `gmail-events auth` for this mailbox.';

/** The errors of Google's token and revoke endpoints; the first row that fits counts. */
const ROWS: Row[] = [
  {
    error: /^invalid_grant$/,
    description: /invalid_rapt|reauth related/i,
    means: {
      class: 'reauthorize',
      code: 'auth',
      sentence: "the session length that the domain's administrator allows has ended",
      hint: `${AUTH} An administrator can exempt the OAuth client from session control.`,
    },
  },
  {
    error: /^invalid_grant$/,
    description: /invalid jwt/i,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: "Google refuses the service account's assertion",
      hint: "Check this machine's clock, and that the key of the service account still exists.",
    },
  },
  {
    error: /^invalid_grant$/,
    description: /invalid email or user id|account has been deleted|account not found/i,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: 'the service account, or the mailbox it acts for, does not exist',
      hint: 'Check the key file and --subject.',
    },
  },
  {
    error: /^invalid_grant$/,
    description: /bad request|code|redirect|malformed/i,
    means: {
      class: 'reauthorize',
      code: 'auth',
      sentence:
        'Google refuses the grant: a code was used before, has expired, or belongs to another client, redirect URI or sign-in',
      hint: 'A code works once and for a few minutes: get a new one (`gmail-events auth url` makes the address), or sign in with `gmail-events auth`.',
    },
  },
  {
    error: /^invalid_grant$/,
    means: {
      class: 'reauthorize',
      code: 'auth',
      sentence:
        'the grant of this mailbox has expired or was revoked (a changed password, six months unused, or seven days while the consent screen is in "Testing")',
      hint: AUTH,
    },
  },
  {
    error: /^(invalid_client|deleted_client|disabled_client)$/,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: 'Google does not accept the OAuth client: its secret is wrong, or it was deleted',
      hint: "Download the client's JSON from the Google Cloud console and run `gmail-events auth --client-secret-file FILE`.",
    },
  },
  {
    error: /^invalid_request$/,
    description: /client_secret is missing/i,
    means: {
      class: 'operator',
      code: 'usage',
      sentence: 'Google wants the secret of the OAuth client',
      hint: 'Set GMAIL_EVENTS_CLIENT_SECRET beside the client id, or pass --client-secret-file FILE.',
    },
  },
  {
    error: /^unauthorized_client$/,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: 'the client is not authorized for this mailbox and these scopes',
      hint: "A service account's client id and scopes must be listed under domain-wide delegation in the Admin console; a new entry takes up to 24 h.",
    },
  },
  {
    error: /^(admin_policy_enforced|org_internal|access_denied|restricted_client)$/,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: "the domain's administrator does not allow this OAuth client",
      hint: "Ask the domain's administrator to trust the client.",
    },
  },
  {
    error: /^redirect_uri_mismatch$/,
    means: {
      class: 'operator',
      code: 'usage',
      sentence: 'the redirect URI is not the one the code was made for, or not registered for the client',
      hint: 'Register the URI in the Google Cloud console, or pass the registered one.',
    },
  },
  {
    error: /^invalid_scope$/,
    means: {
      class: 'operator',
      code: 'usage',
      sentence: 'Google does not know the scope that was asked for',
      hint: 'Use --scope readonly or --scope metadata.',
    },
  },
];

/**
 * The error of an OAuth answer that is no success. `secrets` are taken out of what Google says; `retryAfter` is in
 * milliseconds, null when the answer names no time.
 */
export function tokenError(
  answer: { status: number; text: string },
  secrets: readonly (string | null | undefined)[],
  retryAt: number | null,
): GmailError {
  const { status } = answer;
  const body = readObject(answer.text);
  const error = typeof body['error'] === 'string' ? body['error'] : '';
  const details = [body['error_description'], body['error_subtype']].filter((text) => typeof text === 'string');
  if (status === 429 || status >= 500 || status === 408 || error === '') return unanswered(status, retryAt);
  const row = ROWS.find(
    (candidate) => candidate.error.test(error) && (candidate.description?.test(details.join(' ')) ?? true),
  );
  const said = redact([error, ...details].join(': '), secrets);
  if (row === undefined) {
    const sentence = `Google's sign-in refused the request (${said})`;
    return new GmailError(sentence, {
      class: 'bug',
      code: 'failed',
      hint: 'Run the command again. Should it go on, please report it with these words of Google.',
      status,
      reason: redact(error, secrets),
    });
  }
  const { sentence, ...means } = row.means;
  return new GmailError(`${sentence} (${said})`, { ...means, status, reason: error });
}

function unanswered(status: number, retryAt: number | null): GmailError {
  const limited = status === 429;
  const what = limited ? 'limits the rate of requests' : 'failed to answer';
  return new GmailError(`Google's sign-in ${what} (HTTP ${status})`, {
    class: 'retry',
    code: limited ? 'retry_later' : 'failed',
    hint: 'Nothing is lost: run the command again later.',
    status,
    ...(retryAt === null ? {} : { retryAt }),
  });
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
