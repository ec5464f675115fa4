import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../src/core/context.js';
import { isLoopback, urlOf } from '../../src/server/binding.js';
import { type ServeOptions, serve } from '../../src/server/serve.js';
import { StoreError } from '../../src/store/errors.js';
import { MINUTE, startWorld, type World } from '../core/polling/world.js';
import { until } from '../support/cli.js';
import { silentLogger } from '../support/server.js';

describe('serve', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.clock.speed = 50;
  });
  afterEach(() => world.close());

  function start(options: Partial<ServeOptions> = {}, ctx: Context = world.ctx) {
    const [stop, force] = [new AbortController(), new AbortController()];
    let url = '';
    const done = serve(ctx, {
      host: '127.0.0.1',
      port: 0,
      allowPrivate: true,
      behindProxy: false,
      watch: false,
      logger: silentLogger(),
      signal: stop.signal,
      force: force.signal,
      onListening: (given) => {
        url = given;
      },
      ...options,
    });
    return { stop, done, listening: () => until('it to listen', () => url !== '').then(() => url) };
  }

  it('polls in its own process with --watch, and is ready once the loop looks', async () => {
    await world.create();
    world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const served = start({ watch: true });
    const url = await served.listening();
    await world.receiver.waitFor((requests) => requests.length === 1);
    await until('it to be ready', async () => (await fetch(`${url}/readyz`)).status === 200);
    served.stop.abort();
    await served.done;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('lets the watch end what is in flight', async () => {
    await world.create();
    world.sandbox.mailbox().receive();
    world.receiver.respond({ delayMs: 200 });
    world.clock.offset = MINUTE;
    const served = start({ watch: true });
    await served.listening();
    await world.receiver.waitFor((requests) => requests.length === 1);
    served.stop.abort();
    await served.done;
    expect(await world.ctx.store.outbox.list({ state: 'delivered' })).toHaveLength(1);
  });

  it('ends when the loop finds the store broken', async () => {
    const broken = new StoreError('store', 'the database is damaged', { hint: 'restore it' });
    const instances = {
      ...world.ctx.store.instances,
      list: () => Promise.reject(broken),
      due: () => Promise.reject(broken),
    };
    const ctx: Context = { ...world.ctx, store: { ...world.ctx.store, instances } };
    const served = start({ watch: true }, ctx);
    const failed = expect(served.done).rejects.toBe(broken);
    const url = await served.listening();
    await failed;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('cuts connections that neither ask nor go, once the time for that is over', async () => {
    const served = start();
    const url = await served.listening();
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => {});
    const closed = once(silent, 'close');
    served.stop.abort();
    await served.done;
    await closed;
  });

  it('says why it cannot listen', async () => {
    const first = start();
    const { port } = new URL(await first.listening());
    await expect(start({ port: Number(port) }).done).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`),
      hint: expect.stringContaining('--port'),
    });
    first.stop.abort();
    await first.done;
  });
});

describe('an address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
  ])('%s is reached from this machine alone: %s', (host, alone) => {
    expect(isLoopback(host)).toBe(alone);
  });

  it('is written as a URL', () => {
    expect(urlOf({ tls: false, host: '::1', port: 8787 })).toBe('http://[::1]:8787');
    expect(urlOf({ tls: true, host: '127.0.0.1', port: 1 })).toBe('https://127.0.0.1:1');
  });
});
