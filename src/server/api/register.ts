import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';
import { registerDeliveries } from './deliveries.js';
import { registerEvents } from './events.js';
import { registerHub } from './hub.js';

/** Everything under the old service's base path. */
export async function registerApi(app: FastifyInstance, world: ServerWorld): Promise<void> {
  registerEvents(app, world);
  registerDeliveries(app, world);
  registerHub(app, world);
}
