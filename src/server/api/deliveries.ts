import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';

export function registerDeliveries(_app: FastifyInstance, _world: ServerWorld): void {}
