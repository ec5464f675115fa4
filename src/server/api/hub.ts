import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export function registerHub(_app: FastifyInstance, _world: ServerWorld): void {}
