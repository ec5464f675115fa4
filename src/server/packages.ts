/** The packages that only `serve` needs, behind one import: a cron line never reads them. */
export { default as cookie } from '@fastify/cookie';
export { default as formbody } from '@fastify/formbody';
export { default as swagger } from '@fastify/swagger';
export { fastify, LogController } from 'fastify';
export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { RateLimiterMemory } from 'rate-limiter-flexible';
