import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.js';

const JSON_RANGES = new Set(['*/*', 'application/*', 'application/json']);

/** Every answer is JSON: a caller that accepts none of it is told so before anything is done. */
export function refuseOtherAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (!acceptsJson(request.headers.accept))
      throw new ApiError(406, 'answers are application/json; Accept allows none');
  });
}

/** RFC 9110 12.5.1, for the one type there is: a range counts unless its weight is 0. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return JSON_RANGES.has(range) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
