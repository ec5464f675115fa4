import { type Answer, jsonAnswer } from '../http/reply.js';

export interface GmailFault {
  code: number;
  message: string;
  status: string;
  reason: string;
  domain?: 'global' | 'usageLimits';
  /** errors[0].message when it differs. */
  innerMessage?: string;
  location?: string;
  details?: Record<string, unknown>[];
  headers?: Record<string, string>;
}

/** Thrown by an endpoint, answered as Gmail's legacy envelope. */
export class GmailRefusal extends Error {
  readonly fault: GmailFault;

  constructor(fault: GmailFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** `{error: {code, message, errors: [{message, domain, reason, location?}], status, details?}}` */
export function gmailErrorAnswer(fault: GmailFault): Answer {
  return jsonAnswer(
    fault.code,
    {
      error: {
        code: fault.code,
        message: fault.message,
        errors: [
          {
            message: fault.innerMessage ?? fault.message,
            domain: fault.domain ?? 'global',
            reason: fault.reason,
            ...(fault.location !== undefined && { location: fault.location, locationType: 'header' }),
          },
        ],
        status: fault.status,
        ...(fault.details !== undefined && { details: fault.details }),
      },
    },
    { headers: fault.headers ?? {} },
  );
}

/** The history has expired, or the message is gone: one and the same body. */
export function notFound(): GmailRefusal {
  return new GmailRefusal({
    code: 404,
    message: 'Requested entity was not found.',
    status: 'NOT_FOUND',
    reason: 'notFound',
  });
}

export function invalidArgument(message: string, reason: 'invalidArgument' | 'badRequest' = 'invalidArgument') {
  return new GmailRefusal({ code: 400, message, status: 'INVALID_ARGUMENT', reason });
}

export function forbidden(message: string): GmailRefusal {
  return new GmailRefusal({ code: 403, message, status: 'PERMISSION_DENIED', reason: 'forbidden' });
}

export function invalidCredentials(): GmailRefusal {
  return new GmailRefusal({
    code: 401,
    message: 'Invalid Credentials',
    status: 'UNAUTHENTICATED',
    reason: 'authError',
    location: 'Authorization',
    headers: { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}

export function loginRequired(): GmailRefusal {
  return new GmailRefusal({
    code: 401,
    message: 'Login Required',
    status: 'UNAUTHENTICATED',
    reason: 'required',
    location: 'Authorization',
    headers: { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/"' },
  });
}

export function insufficientScopes(): GmailRefusal {
  return new GmailRefusal({
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    innerMessage: 'Insufficient Permission',
    status: 'PERMISSION_DENIED',
    reason: 'insufficientPermissions',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { service: 'gmail.googleapis.com' },
      },
    ],
    headers: { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"' },
  });
}

/** A service account's own token: it has no mailbox. */
export function preconditionFailed(message = 'Precondition check failed.'): GmailRefusal {
  return new GmailRefusal({ code: 400, message, status: 'FAILED_PRECONDITION', reason: 'failedPrecondition' });
}
