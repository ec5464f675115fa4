import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { buildApp } from '../../../src/server/app.js';
import { Metrics, Pulse } from '../../../src/server/operations/index.js';
import * as packages from '../../../src/server/packages.js';
import { silentLogger, startServer, type TestServer } from '../../support/server.js';

describe('Pulse', () => {
  it('is alive while the loop looks, and where there is none', () => {
    let now = 0;
    expect(new Pulse(false).alive).toBe(true);
    const pulse = new Pulse(true, () => now);
    expect(pulse.alive).toBe(false);
    pulse.tick();
    now = 30_000;
    expect(pulse.alive).toBe(true);
    now = 30_001;
    expect(pulse.alive).toBe(false);
    pulse.tick();
    expect(pulse.alive).toBe(true);
  });
});

describe('probes', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  async function probe(path: string, pulse?: Pulse) {
    const app = await buildApp(server.ctx, {
      allowPrivate: false,
      behindProxy: false,
      logger: silentLogger(),
      ...(pulse === undefined ? {} : { pulse }),
    });
    const answer = await fetch(`${await app.listen({ host: '127.0.0.1', port: 0 })}${path}`);
    const told = [answer.status, await answer.json()];
    await app.close();
    return told;
  }

  it('say up and ready, without a secret', async () => {
    expect(await probe('/healthz')).toEqual([200, { status: 'up' }]);
    expect(await probe('/readyz')).toEqual([200, { status: 'ready' }]);
  });

  it('are not ready before the loop looks, when it hangs, and while the server stops', async () => {
    let now = 0;
    const pulse = new Pulse(true, () => now);
    const notReady = (reason: RegExp) => [503, { status: 'not ready', reason: expect.stringMatching(reason) }];
    expect(await probe('/readyz', pulse)).toEqual(notReady(/polling loop/));
    pulse.tick();
    expect(await probe('/readyz', pulse)).toEqual([200, { status: 'ready' }]);
    now = 60_000;
    expect(await probe('/readyz', pulse)).toEqual(notReady(/polling loop/));
    expect(await probe('/healthz', pulse)).toEqual([200, { status: 'up' }]);
    pulse.tick();
    pulse.draining = true;
    expect(await probe('/readyz', pulse)).toEqual(notReady(/stopping/));
  });

  it('are not ready when the store cannot be read, and tell nothing of it', async () => {
    writeFileSync(join(server.ctx.home, 'config.json'), '{"half', { mode: 0o600 });
    expect(await probe('/readyz')).toEqual([503, { status: 'not ready', reason: 'the store cannot be read' }]);
    expect(await probe('/healthz')).toEqual([200, { status: 'up' }]);
  });
});

describe('metrics', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('time answers by the pattern of their path, and name nobody', async () => {
    const { id } = await server.create({ name: 'a-name-of-mine' });
    await server.call('GET', `/instances/${id}`);
    await server.call('GET', '/nowhere/at/all');
    server.sandbox.mailbox().receive();
    await pollInstance(server.ctx, id, { deliver: false, scheduled: false });
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const count = (labels: string) => `gmail_events_http_request_seconds_count{${labels}} 1`;
    expect(text).toContain(count('method="GET",route="/elements/api-v2/instances/:id",status="200"'));
    expect(text).toContain(count('method="GET",route="none",status="404"'));
    expect(text).toMatch(new RegExp(`^gmail_events_quota_units_today\\{instance="${id}"\\} [1-9]`, 'm'));
    expect(text).toMatch(/^gmail_events_outbox_notifications\{state="pending"\} 1$/m);
    for (const personal of ['ann@example.com', 'a-name-of-mine', 'nowhere']) expect(text).not.toContain(personal);
  });

  it('forget an instance that is deleted', async () => {
    const { id } = await server.create();
    const text = async () => (await fetch(`${server.url}/metrics`)).text();
    expect(await text()).toContain(`gmail_events_cursor_age_seconds{instance="${id}"}`);
    await server.call('DELETE', `/instances/${id}`);
    expect(await text()).not.toContain('gmail_events_cursor_age_seconds{');
  });

  it('count attempts by what came of them', async () => {
    const metrics = new Metrics(server.ctx, packages);
    const report = { instanceId: 1, notificationId: 'n', resource: 'r', queue: 'events', attempts: 1 } as const;
    const rest = { status: 200, error: null, durationMs: 700, nextAttemptAt: null };
    for (const state of ['delivered', 'pending', 'pending', 'dead'] as const) {
      metrics.attempted({ ...report, ...rest, state });
    }
    const text = await metrics.text();
    const value = (outcome: string) =>
      new RegExp(`^gmail_events_delivery_attempts_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1];
    expect([value('delivered'), value('failed'), value('died')]).toEqual(['1', '2', '1']);
    expect(text).toContain('gmail_events_delivery_attempt_seconds_bucket{le="1"} 4');
    expect(text).toContain('gmail_events_delivery_attempt_seconds_bucket{le="0.5"} 0');
  });
});
