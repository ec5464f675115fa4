import { invalidRapt, notDelegated, OAuthRefusal, revokedGrant, wrongSecret } from '../oauth/errors.js';
import type { FaultKind } from '../types.js';

const internal = (status: number): OAuthRefusal => new OAuthRefusal(status, 'internal_failure', 'Backend Error');

/** The token endpoint's answers of each kind. */
export const TOKEN_FAULTS: Partial<Record<FaultKind, () => OAuthRefusal>> = {
  invalidGrant: revokedGrant,
  invalidRapt,
  invalidClient: wrongSecret,
  unauthorizedClient: notDelegated,
  badRequest400: () => new OAuthRefusal(400, 'invalid_request', 'Bad Request'),
  tooManyConcurrent429: () => new OAuthRefusal(429, 'rate_limit_exceeded', 'Too Many Requests'),
  resourceExhausted429: () => new OAuthRefusal(429, 'rate_limit_exceeded', 'Too Many Requests'),
  backendError500: () => internal(500),
  backendError502: () => internal(502),
  backendError503: () => internal(503),
  backendError504: () => internal(504),
};

/** Kinds that only the token endpoint knows. */
export const TOKEN_ONLY: readonly FaultKind[] = ['invalidGrant', 'invalidRapt', 'invalidClient', 'unauthorizedClient'];
