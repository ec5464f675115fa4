import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Context } from '../core/context.js';
import { type WatchOptions, watch } from '../core/watch/index.js';
import { buildApp } from './app.js';
import { notListening, urlOf } from './binding.js';
import { Metrics, Pulse } from './operations/index.js';

/** How long requests in flight may go on once the process is to stop; then their connections are cut. */
const DRAIN_MS = 10_000;

export interface ServeOptions extends Pick<WatchOptions, 'signal' | 'force' | 'onNotification' | 'onAction'> {
  host: string;
  /** 0: a free one. */
  port: number;
  allowPrivate: boolean;
  behindProxy: boolean;
  /** PEM. */
  tls?: { cert: string; key: string } | undefined;
  /** Polls and delivers in this process too. */
  watch: boolean;
  /** Where log lines go; it hides secrets. */
  logger: FastifyBaseLogger;
  onListening(url: string): void;
}

/**
 * The API and the page, and with `watch` the polling loop, until `signal` is aborted: then what is in flight ends. CoreError
 * `failed` when the port cannot be had; StoreError for a store that the loop finds broken.
 */
export async function serve(ctx: Context, options: ServeOptions): Promise<void> {
  const pulse = new Pulse(options.watch);
  const metrics = new Metrics(ctx, await import('./packages.js'));
  const app = await buildApp(ctx, { ...options, pulse, metrics });
  const broken = new AbortController();
  const stop = AbortSignal.any([options.signal, broken.signal]);
  setMaxListeners(0, stop);
  options.onListening(await listen(app, options));
  const ends = await Promise.allSettled([options.watch ? polling() : undefined, closing()]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;

  async function closing(): Promise<void> {
    await aborted(stop);
    pulse.draining = true;
    await close(app, ctx);
  }

  async function polling(): Promise<void> {
    try {
      await watch(ctx, {
        ...options,
        names: [],
        signal: stop,
        onAction: (action) => {
          if (action.kind === 'poll') metrics.polled(action.summary, action.durationMs);
          options.onAction?.(action);
        },
        onAttempt: (report) => metrics.attempted(report),
        onTick: () => pulse.tick(),
      });
    } finally {
      broken.abort();
    }
  }
}

async function listen(app: FastifyInstance, { host, port, tls }: ServeOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw notListening(error, host, port);
  }
  const { port: given } = app.server.address() as AddressInfo;
  return urlOf({ tls: tls !== undefined, host, port: given });
}

/** A client that sends nothing, or reads nothing, must not keep the process alive. */
async function close(app: FastifyInstance, ctx: Context): Promise<void> {
  const closed = new AbortController();
  void ctx.clock.sleep(DRAIN_MS, closed.signal).then(() => app.server.closeAllConnections());
  try {
    await app.close();
  } finally {
    closed.abort();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
