import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export function registerEvents(_app: FastifyInstance, _world: ServerWorld): void {}
