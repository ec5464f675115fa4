import { readErrorBody } from './error-body.js';
import type { GmailErrorOptions } from './errors.js';

/** What an error answer means and what is to be done about it. */
export interface Verdict extends Pick<GmailErrorOptions, 'class' | 'code' | 'hint'> {
  /** One sentence, without a full stop. */
  message: string;
  reason: string | null;
  /** Google's own words as they came, or none. */
  said: string;
  /** null when the answer is no answer of Gmail's, so that its 404 says nothing about a history or a message. */
  status: number | null;
  /** Of a throttle: whose budget is spent, how long to wait when the answer names no time, and whether too much ran at once. */
  throttle?: { scope: 'account' | 'project'; until: 'backoff' | 'pacificMidnight'; concurrency: boolean };
}

type Meaning = Omit<Verdict, 'reason' | 'status' | 'message' | 'said'> & { sentence: string };

/** A row fits when a reason or the message does, or, where it names neither, the status alone. */
interface Row {
  reason?: RegExp;
  message?: RegExp;
  status?: (status: number) => boolean;
  means: Meaning;
}

const AUTH = 'Run `gmail-events auth` for this mailbox again.';
const WAIT = 'Nothing is lost: run the command again later, or leave it to the next poll.';

const throttle = (
  sentence: string,
  kind: Partial<NonNullable<Verdict['throttle']>> = {},
  hint: string = WAIT,
): Meaning => ({
  class: 'throttle',
  code: 'retry_later',
  sentence,
  hint,
  throttle: { scope: 'account', until: 'backoff', concurrency: false, ...kind },
});

const RETRY: Meaning = {
  class: 'retry',
  code: 'failed',
  sentence: 'Gmail failed to answer',
  hint: 'Google has a fault at the moment: run the command again later.',
};

/** Most specific first; the first that fits counts. Quota arrives as 403 or 429, so a status alone decides last. */
const ROWS: Row[] = [
  {
    reason: /^dailyLimitExceeded$/,
    message: /daily limit exceeded|limit '[^']*per day[^']*'/i,
    means: throttle(
      'the daily limit of the Cloud project is used up; Gmail answers again after midnight Pacific time',
      { scope: 'project', until: 'pacificMidnight' },
      "Raise the project's daily limit in the Google Cloud console, or wait.",
    ),
  },
  {
    message: /too many concurrent requests/i,
    means: throttle('too many requests to this mailbox run at once, those of its other clients included', {
      concurrency: true,
    }),
  },
  {
    message: /quota exceeded for .*limit '(?![^']*per user)[^']*per minute[^']*'/i,
    means: throttle("the Cloud project's quota of this minute is spent", { scope: 'project' }),
  },
  {
    reason: /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded|RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED)$/,
    message: /rate.?limit exceeded|quota exceeded|resource has been exhausted|retry after \d{4}-/i,
    means: throttle('Gmail limits the rate of requests to this mailbox'),
  },
  {
    message: /metadata scope/i,
    means: {
      class: 'permanent',
      code: 'auth',
      sentence: 'the grant of the metadata scope does not allow this request',
      hint: 'Run `gmail-events auth --scope readonly` for this mailbox.',
    },
  },
  {
    reason: /^(insufficientPermissions|ACCESS_TOKEN_SCOPE_INSUFFICIENT)$/,
    message: /insufficient (authentication scopes|permission)/i,
    means: {
      class: 'reauthorize',
      code: 'auth',
      sentence: 'the grant lacks a scope that this request needs',
      hint: 'Run `gmail-events auth` for this mailbox again and leave every box ticked.',
    },
  },
  {
    reason: /^(accessNotConfigured|SERVICE_DISABLED|BILLING_DISABLED|CONSUMER_(INVALID|SUSPENDED))$/,
    message: /API has not been used in project|API .*is disabled/i,
    means: {
      class: 'operator',
      code: 'failed',
      sentence: 'the Gmail API is not enabled in the Cloud project of the OAuth client',
      hint: 'Enable the Gmail API in the Google Cloud console.',
    },
  },
  {
    reason: /^domainPolicy$/,
    message: /domain administrators have disabled/i,
    means: {
      class: 'operator',
      code: 'auth',
      sentence: 'the administrators of the domain have disabled Gmail apps',
      hint: "Ask the domain's administrator to allow the OAuth client.",
    },
  },
  {
    message: /mail service not enabled/i,
    means: {
      class: 'permanent',
      code: 'failed',
      sentence: 'this Google account has no Gmail',
      hint: 'Switch Gmail on for the account, or authorize another one.',
    },
  },
  {
    reason: /^(failedPrecondition|FAILED_PRECONDITION)$/,
    means: {
      class: 'permanent',
      code: 'failed',
      sentence: 'Gmail refuses to serve this account',
      hint: 'A service account needs domain-wide delegation and --subject; else see that the mailbox opens in a browser.',
    },
  },
  {
    reason: /^(authError|UNAUTHENTICATED|required)$/,
    status: (status) => status === 401,
    means: {
      class: 'reauthorize',
      code: 'auth',
      sentence: 'Gmail refuses the access token, also a fresh one',
      hint: AUTH,
    },
  },
  {
    reason: /^(notFound|NOT_FOUND)$/,
    status: (status) => status === 404,
    means: {
      class: 'permanent',
      code: 'failed',
      sentence: 'Gmail does not know what was asked for',
      hint: 'Nothing is lost: the next poll asks again.',
    },
  },
  {
    reason: /^(backendError|internalError|INTERNAL|UNAVAILABLE|DEADLINE_EXCEEDED|ABORTED)$/,
    status: (status) => status >= 500 || status === 408,
    means: RETRY,
  },
  { status: (status) => status === 429, means: throttle('Gmail limits the rate of requests') },
  {
    status: (status) => status === 400,
    means: {
      class: 'bug',
      code: 'failed',
      sentence: 'Gmail refused the request as invalid',
      hint: 'Nothing is lost: the next poll tries again. Should it go on, please report it with these words of Gmail.',
    },
  },
  {
    status: () => true,
    means: {
      class: 'permanent',
      code: 'failed',
      sentence: 'Gmail refused the request',
      hint: 'Run `gmail-events doctor`: it shows what the grant of each mailbox allows.',
    },
  },
];

/** Classifies an answer whose status is not 200: on reason and message, on the status only where they say nothing. */
export function classifyAnswer(answer: { status: number; text: string }): Verdict {
  const { status } = answer;
  const body = readErrorBody(answer.text);
  if (body === null) return notGmails(status);
  const row = ROWS.find((candidate) => fits(candidate, status, body.reasons, body.message));
  const { sentence, ...meaning } = row?.means ?? RETRY;
  const hint =
    meaning.class === 'operator' && body.activationUrl !== null
      ? `Enable the Gmail API at ${body.activationUrl}, then wait a few minutes.`
      : meaning.hint;
  const message = body.message === '' ? sentence : `${sentence} (${body.message})`;
  return { ...meaning, hint, message, reason: body.reasons[0] ?? null, status, said: body.message };
}

function fits(row: Row, status: number, reasons: string[], message: string): boolean {
  if (row.reason !== undefined && reasons.some((reason) => row.reason?.test(reason))) return true;
  if (row.message?.test(message)) return true;
  return row.status?.(status) ?? false;
}

/** A page of a proxy or of Google's front end. Its 404 must not read as an expired history, nor its 403 as a refusal. */
function notGmails(status: number): Verdict {
  if (status === 429) {
    const { sentence, ...meaning } = throttle('Gmail limits the rate of requests');
    return { ...meaning, message: sentence, reason: null, status, said: '' };
  }
  const sentence =
    status >= 500
      ? `Gmail failed to answer (HTTP ${status})`
      : `what answered in Gmail's place is not Gmail (HTTP ${status}): a proxy or a sign-in page of the network, perhaps`;
  const { sentence: _, ...meaning } = RETRY;
  return { ...meaning, message: sentence, reason: null, status: status >= 500 ? status : null, said: '' };
}
