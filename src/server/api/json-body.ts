import type { FastifyInstance } from 'fastify';
import { parseBody } from '../../core/instances/index.js';
import { ApiError } from './errors.js';

/** A body is JSON or empty; what makes it none is told in one sentence that holds nothing of it. */
export function acceptJsonAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    body.length === 0 ? undefined : parseBody(body, 'the body'),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
    // `curl -X PUT -d ''` names a type of what it does not send.
    if (body.length > 0) throw new ApiError(415, 'a body is JSON, and says so: Content-Type: application/json');
  });
}
