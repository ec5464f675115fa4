import type { FastifyInstance } from 'fastify';
import { setEnabled } from '../../core/instances/index.js';
import type { ServerWorld } from '../world.js';
import { guards, targetId } from './caller.js';
import { checkElement } from './element.js';
import { answerFor } from './instance-answer.js';
import { operation } from './operation.js';
import { ONE_INSTANCE } from './places.js';
import { INSTANCE } from './shapes.js';

/** A disabled instance is neither polled nor delivered, and its hub calls answer 403; its cursor waits. */
export function registerEnabled(app: FastifyInstance, { ctx, access }: ServerWorld): void {
  for (const { url, path, caller } of ONE_INSTANCE) {
    const onRequest = [guards(access)[caller], checkElement];
    const described = { tag: 'instances', caller, path, answer: INSTANCE } as const;
    app.put(
      `${url}/enabled`,
      { onRequest, schema: operation({ ...described, summary: 'Enable an instance' }) },
      async (request) => answerFor(ctx, await setEnabled(ctx, targetId(request), true)),
    );
    app.delete(
      `${url}/enabled`,
      { onRequest, schema: operation({ ...described, summary: 'Disable an instance' }) },
      async (request) => answerFor(ctx, await setEnabled(ctx, targetId(request), false)),
    );
  }
}
