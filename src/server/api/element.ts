import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ELEMENT_ID } from '../../core/instances/index.js';
import { DEFAULT_CONFIGURATION } from '../../core/resources/url.js';
import type { ServerWorld } from '../world.js';
import { guards } from './caller.js';
import { CONFIGURATION_KEYS } from './configuration-keys.js';
import { ApiError } from './errors.js';
import { operation } from './operation.js';

export const ELEMENT_PATH = { keyOrId: `gmail, or ${ELEMENT_ID}` };

const METADATA = {
  id: ELEMENT_ID,
  key: 'gmail',
  name: 'Gmail',
  hub: 'general',
  events: { supported: true, methods: ['polling'], polling: JSON.parse(DEFAULT_CONFIGURATION) as unknown },
};

/** There is one element here: a hook for the paths that name it. */
export async function checkElement(request: FastifyRequest): Promise<void> {
  const { keyOrId } = request.params as { keyOrId?: string };
  if (keyOrId !== undefined && keyOrId !== 'gmail' && keyOrId !== String(ELEMENT_ID)) {
    throw new ApiError(404, `there is no element "${keyOrId}"; accepted: gmail, ${ELEMENT_ID}`);
  }
}

/** What the element can do, and what may be configured. */
export function registerElement(app: FastifyInstance, { access }: ServerWorld): void {
  const onRequest = [guards(access).platform, checkElement];
  const described = { tag: 'elements', caller: 'platform', path: ELEMENT_PATH } as const;
  app.get(
    '/elements/:keyOrId/metadata',
    {
      onRequest,
      schema: operation({ ...described, summary: 'What the element can do', answer: { type: 'object' } }),
    },
    async () => METADATA,
  );
  app.get(
    '/elements/:keyOrId/configuration',
    {
      onRequest,
      schema: operation({
        ...described,
        summary: 'The keys of an instance’s configuration',
        answer: { type: 'array', items: { $ref: 'ConfigurationDefinition#' } },
      }),
    },
    async () => CONFIGURATION_KEYS,
  );
}
