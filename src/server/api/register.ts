import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export async function registerApi(_app: FastifyInstance, _world: ServerWorld): Promise<void> {}
