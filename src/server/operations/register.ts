import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export async function registerOperations(_app: FastifyInstance, _world: ServerWorld): Promise<void> {}
