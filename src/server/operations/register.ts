import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';
import { registerProbes } from './probes.js';
import { registerRequestLog } from './requests.js';

export async function registerOperations(app: FastifyInstance, world: ServerWorld): Promise<void> {
  registerRequestLog(app, world);
  registerProbes(app, world);
}
