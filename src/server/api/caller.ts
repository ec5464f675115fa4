import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { InstanceDocument } from '../../core/types.js';
import type { Access } from './access.js';
import { ApiError } from './errors.js';

/** Where a request keeps the instance whose token it carries; null: the caller may reach every instance. */
const OWN = 'ownInstance';

const ID = /^\d{1,15}$/;

/** Call once, before the routes. */
export function decorateCaller(app: FastifyInstance): void {
  app.decorateRequest(OWN, null);
}

/** Hooks for `onRequest`, so that nobody's body is read before it is known who sends it. */
export function guards(access: Access) {
  return {
    async platform(request: FastifyRequest): Promise<void> {
      await access.platform(request);
    },
    async element(request: FastifyRequest): Promise<void> {
      request.setDecorator(OWN, await access.element(request));
    },
    async either(request: FastifyRequest): Promise<void> {
      request.setDecorator(OWN, await access.either(request));
    },
  };
}

/** The instance whose token the caller gave; null for User and Organization. */
export function ownInstance(request: FastifyRequest): InstanceDocument | null {
  return request.getDecorator<InstanceDocument | null>(OWN);
}

/** The instance that is meant: the path's id, else the token's own. A token reaches its own instance alone. */
export function targetId(request: FastifyRequest): number {
  const own = ownInstance(request);
  const { id } = request.params as { id?: string };
  if (id === undefined) {
    if (own === null) throw new ApiError(401, 'Authorization needs the Element token of the instance that is meant');
    return own.id;
  }
  if (!ID.test(id)) throw new ApiError(404, `there is no instance "${id}"`);
  if (own !== null && own.id !== Number(id)) throw new ApiError(403, 'this Element token is of another instance');
  return Number(id);
}
