/**
 * Errors of Google are classes, not statuses:
 * retry (5xx, network, time-outs), throttle, reauthorize (invalid_grant, revoked, scope missing), operator (API disabled,
 * domain policy, wrong client), permanent, bug.
 */
export type GmailErrorClass = 'retry' | 'throttle' | 'reauthorize' | 'operator' | 'permanent' | 'bug';

export interface GmailErrorOptions {
  class: GmailErrorClass;
  code: 'failed' | 'auth' | 'retry_later' | 'usage';
  hint: string | null;
  /** HTTP status, when an answer came. */
  status?: number;
  /** errors[0].reason of the legacy envelope, ErrorInfo.reason, or the token endpoint's `error`. */
  reason?: string;
  /** Throttle: not before this time (milliseconds). */
  retryAt?: number;
}

/** Holds no request, no header and no token: it may be logged and stored. */
export class GmailError extends Error {
  readonly class: GmailErrorClass;
  readonly code: GmailErrorOptions['code'];
  readonly hint: string | null;
  readonly faults: never[] = [];
  readonly status: number | null;
  readonly reason: string | null;
  readonly retryAt: number | null;

  constructor(message: string, options: GmailErrorOptions) {
    super(message);
    this.name = 'GmailError';
    this.class = options.class;
    this.code = options.code;
    this.hint = options.hint;
    this.status = options.status ?? null;
    this.reason = options.reason ?? null;
    this.retryAt = options.retryAt ?? null;
  }

  /** 404: the message is gone, or the historyId has expired. */
  get notFound(): boolean {
    return this.status === 404;
  }
}
