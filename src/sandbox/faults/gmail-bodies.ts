import type { GmailFault } from '../gmail/errors.js';
import * as refusals from '../gmail/errors.js';
import type { FaultKind } from '../types.js';

const throttled = (code: 403 | 429, reason: string, message: string): GmailFault => ({
  code,
  message,
  status: code === 429 ? 'RESOURCE_EXHAUSTED' : 'PERMISSION_DENIED',
  reason,
  domain: code === 429 ? 'global' : 'usageLimits',
});

const errorInfo = (reason: string, metadata: Record<string, string>): Record<string, unknown> => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata: { service: 'gmail.googleapis.com', ...metadata },
});

const backendError = (code: 500 | 502 | 503 | 504): GmailFault => ({
  code,
  message: 'Backend Error',
  status: { 500: 'INTERNAL', 502: 'UNAVAILABLE', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' }[code],
  reason: 'backendError',
});

const activation = (project: string): string =>
  `https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=${project}`;

/** Two blanks before "Retry", as Gmail writes it; answers with and without milliseconds have been seen. */
const retryAfter = (time: string): string => `User-rate limit exceeded.  Retry after ${time}`;
const withMilliseconds = (at: number): string => new Date(at).toISOString();
const wholeSeconds = (at: number): string => `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/**
 * Gmail's answers of each kind. `retryAt` (milliseconds) is the time a throttle speaks of, `project` the number of the
 * client's Cloud project.
 */
export const GMAIL_FAULTS: Partial<Record<FaultKind, (about: { retryAt: number; project: string }) => GmailFault>> = {
  rateLimit403: () => throttled(403, 'rateLimitExceeded', 'Rate Limit Exceeded'),
  userRateLimit403: () => throttled(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded'),
  quotaExceeded403: ({ project }) => ({
    ...throttled(
      403,
      'rateLimitExceeded',
      `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'gmail.googleapis.com' for consumer 'project_number:${project}'.`,
    ),
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', {
        consumer: `projects/${project}`,
        quota_metric: 'gmail.googleapis.com/default',
        quota_limit: 'defaultPerMinutePerUser',
      }),
    ],
  }),
  retryAfter403: ({ retryAt }) => throttled(403, 'userRateLimitExceeded', retryAfter(withMilliseconds(retryAt))),
  dailyLimit403: () => throttled(403, 'dailyLimitExceeded', 'Daily Limit Exceeded'),
  insufficientScope403: () => refusals.insufficientScopes().fault,
  apiDisabled403: ({ project }) => ({
    code: 403,
    message: `Gmail API has not been used in project ${project} before or it is disabled. Enable it by visiting ${activation(project)} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    status: 'PERMISSION_DENIED',
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    details: [errorInfo('SERVICE_DISABLED', { consumer: `projects/${project}`, activationUrl: activation(project) })],
  }),
  domainPolicy403: () => ({
    code: 403,
    message: 'The domain administrators have disabled Gmail apps.',
    status: 'PERMISSION_DENIED',
    reason: 'domainPolicy',
  }),
  metadataScope403: () => refusals.forbidden("Metadata scope does not support 'q' parameter").fault,
  forbidden403: () => refusals.forbidden('The caller does not have permission').fault,
  tooManyConcurrent429: () => throttled(429, 'rateLimitExceeded', 'Too many concurrent requests for user'),
  resourceExhausted429: () => throttled(429, 'rateLimitExceeded', 'Resource has been exhausted (e.g. check quota).'),
  retryAfter429: ({ retryAt }) => throttled(429, 'rateLimitExceeded', retryAfter(wholeSeconds(retryAt))),
  unauthorized401: () => refusals.invalidCredentials().fault,
  badRequest400: () => refusals.invalidArgument('Bad Request', 'badRequest').fault,
  failedPrecondition400: () => refusals.preconditionFailed().fault,
  mailNotEnabled400: () => refusals.preconditionFailed('Mail service not enabled').fault,
  notFound404: () => refusals.notFound().fault,
  backendError500: () => backendError(500),
  backendError502: () => backendError(502),
  backendError503: () => backendError(503),
  backendError504: () => backendError(504),
};
