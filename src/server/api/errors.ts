import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, isReported } from '../../core/errors.js';
import { MAX_BODY_TEXT, UnknownInstanceError } from '../../core/instances/index.js';
import { inPlainWords } from '../plain-words.js';

/** A refusal of the API's own, with the status it is answered by. */
export class ApiError extends Error {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, options: { retryAfter?: number } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

/** The body of every error of the old service. */
export interface ErrorBody {
  message: string;
  requestId: string;
  /** What Google said. */
  providerMessage?: string;
}

/** The core's categories as the old service's statuses. What Google refuses is 400 there too: 401 is for the caller's own secrets. */
const STATUS: Record<ErrorCode, number> = {
  usage: 400,
  auth: 400,
  failed: 502,
  partial: 500,
  store: 500,
  retry_later: 503,
};

const RETRY_LATER_SECONDS = 5;

/** fastify's errors that say too little of what is accepted. */
const RENAMED: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'the path has a percent sign that encodes nothing',
  FST_ERR_MAX_PARAM_LENGTH: 'a name in the path is too long',
  FST_ERR_CTP_BODY_TOO_LARGE: `the body is larger than ${MAX_BODY_TEXT}, the most that is read`,
};

/** Every error of a route becomes the old service's error body; what nobody expected is logged and says nothing of itself. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const { status, body, retryAfter } = answerTo(error, request.id);
    if (status >= 500) request.log.error({ error: { name: error.name, message: body.message } }, 'request failed');
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    return sendError(reply, status, body);
  });
  app.setNotFoundHandler(async (request, reply) =>
    sendError(reply, 404, { message: `there is no ${request.method} ${pathOf(request.url)}`, requestId: request.id }),
  );
}

/** What fastify refuses before there is a route, past all hooks; its own words repeat the path. */
export function answerUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = answerTo(error, request.id);
  reply.header('elements-request-id', request.id).header('cache-control', 'no-store');
  sendError(reply, status, body);
}

function sendError(reply: FastifyReply, status: number, body: ErrorBody): FastifyReply {
  return reply.code(status).header('elements-error', 'true').send(body);
}

function answerTo(
  error: Error & { statusCode?: number; code?: string },
  requestId: string,
): { status: number; body: ErrorBody; retryAfter?: number | undefined } {
  if (error instanceof ApiError) {
    return { status: error.status, body: { message: error.message, requestId }, retryAfter: error.retryAfter };
  }
  // fastify's own: a body that is too large, of a media type that is none.
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, body: { message: RENAMED[error.code ?? ''] ?? error.message, requestId } };
  }
  if (!isReported(error)) return { status: 500, body: { message: 'something went wrong here', requestId } };
  const status = error instanceof UnknownInstanceError ? 404 : STATUS[error.code];
  // All faults are in it. Hints are left out: they speak of commands, which a caller of the API has not.
  const message = inPlainWords(error.message);
  const body = { message, requestId, ...(isOfGoogle(error) ? { providerMessage: error.message } : {}) };
  return { status, body, ...(status === 503 ? { retryAfter: secondsUntil(error) } : {}) };
}

/** Google may have said when to ask again. */
function secondsUntil(error: Error & { retryAt?: unknown }): number {
  const { retryAt } = error;
  if (typeof retryAt !== 'number') return RETRY_LATER_SECONDS;
  return Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
}

/** Gmail's errors have the status of Google's answer, or the time that it named. Without either no answer came. */
function isOfGoogle(error: Error & { status?: unknown; retryAt?: unknown }): boolean {
  return 'class' in error && [error.status, error.retryAt].some((said) => typeof said === 'number');
}

/** Without the query: it may hold a code or a secret. */
export function pathOf(url: string): string {
  return url.split('?')[0] ?? url;
}
