import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export async function registerPage(_app: FastifyInstance, _world: ServerWorld): Promise<void> {}
