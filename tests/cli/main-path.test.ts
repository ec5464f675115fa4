import { createHmac } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { until } from '../support/cli.js';
import { events, notifications, told } from '../support/notifications.js';
import { startWorld, type World } from '../support/setup.js';

/** The whole path by the built binary, as a person would walk it. */
describe('the main path', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** Opens the URL that `auth` prints, as a browser does: the consent page sends it back to the loopback listener. */
  async function consent(stderr: () => string): Promise<string> {
    await until('the URL to be printed', () => /https?:\/\/\S+\/auth\?\S+/.test(stderr()));
    const url = stderr().match(/https?:\/\/\S+\/auth\?\S+/)?.[0] ?? '';
    const page = await fetch(url);
    expect(page.status).toBe(200);
    return page.text();
  }

  it('goes from auth by create-instance and poll to a signed, delivered event', async () => {
    const auth = world.start(['auth', '--client-secret-file', world.clientSecretFile, '--no-browser', '--json']);
    const page = await consent(auth.stderr);
    expect(page).toMatch(/granted/i);
    expect(page).toMatch(/close/i);
    const authorized = await auth.result;
    expect(authorized.code).toBe(0);
    expect(JSON.parse(authorized.stdout)).toMatchObject({
      account: 'ann@example.com',
      clientId: world.sandbox.client.clientId,
      scopes: ['https://www.googleapis.com/auth/gmail.readonly'],
      state: 'ok',
    });

    const made = await world.cli([
      ...['create-instance', '--account', 'ann@example.com', '--name', 'inbox', '--tag', 'one', '--tag', 'two'],
      ...['--callback-url', world.receiver.url, '--interval', '5', '--yes', '--json'],
    ]);
    expect(made.stderr).toBe('');
    expect(made.code).toBe(0);
    const instance = JSON.parse(made.stdout);
    expect(instance).toMatchObject({
      id: 1,
      name: 'inbox',
      tags: ['one', 'two'],
      valid: true,
      disabled: false,
      eventsEnabled: true,
      eventsNotificationCallbackUrl: world.receiver.url,
      externalAuthentication: 'none',
      element: { key: 'gmail', hub: 'general' },
      user: { emailAddress: 'ann@example.com' },
    });
    expect(instance.token.length).toBeGreaterThan(20);
    expect(world.receiver.requests).toHaveLength(0);

    // What comes between creation and the first poll is an event.
    const id = world.sandbox.mailbox().receive({ subject: 'Hello' });
    const poll = await world.cli(['poll', 'inbox', '--json']);
    expect(poll.code).toBe(0);
    const lines = poll.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.type)).toEqual(['notification', 'summary']);
    expect(lines[1].instances).toEqual([
      {
        id: 1,
        status: 'ok',
        events: 1,
        notifications: 1,
        delivered: 1,
        pending: 0,
        dead: 0,
        requests: 2,
        units: 22,
        error: null,
      },
    ]);
    expect(told(world.receiver.requests)).toEqual([`CREATED ${id}`]);
    const [notification] = notifications(world.receiver.requests);
    expect(lines[0]).toEqual({ type: 'notification', instanceId: 1, body: notification });
    expect(world.receiver.requests[0]?.headers['elements-webhook-id']).toBe(notification?.id);
    expect(notification?.message.eventId).toBe(notification?.id);
    expect(notification?.message.raw.events).toEqual(notification?.message.events);
    expect(notification?.message.raw['changed-messages']).toMatchObject([
      {
        id,
        labelIds: expect.arrayContaining(['INBOX', 'UNREAD']),
        changes: [{ type: 'messageAdded' }],
        payload: { headers: expect.any(Array) },
      },
    ]);

    world.sandbox.resetRequests();
    const idle = await world.cli(['poll', '--json']);
    expect(idle.code).toBe(0);
    expect(world.sandbox.spent()).toEqual({ requests: 1, units: 2 });
    expect(world.sandbox.requests.map((request) => request.method)).toEqual(['history.list']);
  });

  it("takes the seed's two bodies as they stand", async () => {
    const slash = { '/changed-messages': { url: '/hubs/general/changed-message', idField: 'id' } };
    const first = await world.create({ name: 'step 2', configuration: { 'event.poller.configuration': slash } });
    const second = await world.create();
    expect([first.id, second.id]).toEqual([1, 2]);
    const id = world.sandbox.mailbox().receive();
    const poll = await world.cli(['poll', '--quiet']);
    expect(poll).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const seen = notifications(world.receiver.requests);
    expect(seen.map((each) => each.message.instance_id).sort()).toEqual([1, 2]);
    for (const each of seen)
      expect(each.message.events[0]).toMatchObject({ objectType: 'changed-messages', objectId: id });
    // Two instances, one change: two events that no receiver takes for one.
    expect(new Set(seen.map((each) => each.message.events[0]?.id)).size).toBe(2);
  });

  it('signs as the old service did and as Standard Webhooks says', async () => {
    const secret = `whsec_${Buffer.from('a secret of twenty-four bytes or more').toString('base64')}`;
    await world.create({
      configuration: {
        'event.notification.signature.key': 'MySecretEventSignatureKey',
        'event.notification.signing.secret': secret,
        'event.notification.basic.username': 'ann',
        'event.notification.basic.password': 'open sesame',
        'event.notification.callback.headers': { 'X-Tenant': 'blue' },
      },
    });
    world.sandbox.mailbox().receive({ subject: 'Grüße 🎈' });
    expect((await world.cli(['poll'])).code).toBe(0);
    const [request] = world.receiver.requests;
    const signature = createHmac('sha256', 'MySecretEventSignatureKey')
      .update(request?.body ?? '')
      .digest('base64');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'elements-webhook-signature': `sha256=${signature}`,
      authorization: `Basic ${Buffer.from('ann:open sesame').toString('base64')}`,
      'x-tenant': 'blue',
    });
    expect(request?.headers['user-agent']).toMatch(/^gmail-events\/\d/);
    const verified = new Webhook(secret).verify(String(request?.body), request?.headers as Record<string, string>);
    expect(verified).toEqual(request?.json());
  });

  it('delivers 1,203 changes over several pages once each, in order, at most 10 a notification', async () => {
    const url = '/hubs/general/changed-messages?format=ids';
    await world.create({
      configuration: { 'event.poller.configuration': { 'changed-messages': { url, idField: 'id' } } },
    });
    const mailbox = world.sandbox.mailbox();
    const ids = mailbox.receiveMany(1000);
    const more = mailbox.receiveMany(203);
    const poll = await world.cli(['poll', '--json']);
    expect(poll.code).toBe(0);
    expect(told(world.receiver.requests)).toEqual([...ids, ...more].map((id) => `CREATED ${id}`));
    const sizes = notifications(world.receiver.requests).map((each) => each.message.events.length);
    expect(Math.max(...sizes)).toBe(10);
    expect(sizes.length).toBeLessThanOrEqual(123);
    expect(new Set(events(world.receiver.requests).map((event) => event.id)).size).toBe(1203);
    expect(JSON.parse(poll.stdout.trim().split('\n').at(-1) ?? '').instances[0]).toMatchObject({
      events: 1203,
      requests: 3,
      units: 6,
    });
  });

  it('keeps its files to their owner under any umask', async () => {
    const before = process.umask(0);
    try {
      await world.create();
      world.sandbox.mailbox().receive();
      expect((await world.cli(['poll', '--no-deliver'])).code).toBe(0);
    } finally {
      process.umask(before);
    }
    const names = readdirSync(world.home, { recursive: true, encoding: 'utf8' });
    expect(names).toEqual(expect.arrayContaining(['events.db', 'instances/1.json']));
    for (const name of [...names, '.']) {
      const stat = statSync(join(world.home, name));
      expect([name, (stat.mode & 0o777).toString(8)]).toEqual([name, stat.isDirectory() ? '700' : '600']);
    }
  });

  it('lists, shows, changes and deletes what exists', async () => {
    const { id, token } = await world.create();
    const shown = JSON.parse((await world.cli(['instances', 'show', String(id), '--json'])).stdout);
    expect(shown.configuration['oauth.api.secret']).toBe('********');
    expect(JSON.stringify(shown)).not.toContain(token);
    expect(JSON.parse((await world.cli(['instances', 'show', String(id), '--token', '--json'])).stdout).token).toBe(
      token,
    );
    expect((await world.cli(['instances', 'update', String(id), '--interval', '7', '--json'])).code).toBe(0);
    const list = JSON.parse((await world.cli(['instances', 'list', '--json'])).stdout);
    expect(
      list.map(
        (each: { configuration: Record<string, string> }) => each.configuration['event.poller.refresh_interval'],
      ),
    ).toEqual(['7']);

    expect(JSON.parse((await world.cli(['instances', 'disable', String(id), '--json'])).stdout).disabled).toBe(true);
    world.sandbox.mailbox().receive();
    const disabled = await world.cli(['poll', String(id), '--json']);
    expect(JSON.parse(disabled.stdout).instances).toMatchObject([{ status: 'disabled', events: 0 }]);
    expect(JSON.parse((await world.cli(['instances', 'enable', String(id), '--json'])).stdout).disabled).toBe(false);

    world.receiver.respond({ status: 500 });
    const failing = await world.cli(['poll', '--json']);
    expect(failing.code).toBe(3);
    const listed = (await world.cli(['events', 'list', '--state', 'pending', '--json'])).stdout.trim().split('\n');
    expect(listed.map((line) => JSON.parse(line))).toMatchObject([
      {
        instanceId: id,
        resource: 'changed-messages',
        state: 'pending',
        attempts: 1,
        lastStatus: 500,
        eventCount: 1,
        deliveredAt: null,
      },
    ]);
    const status = JSON.parse((await world.cli(['status', '--json'])).stdout);
    expect(status.instances).toMatchObject([
      { id, account: 'ann@example.com', deliveries: 'running', pending: 1, dead: 0, error: null },
    ]);
    expect(status.accounts).toEqual([{ email: 'ann@example.com', state: 'ok', until: null }]);

    const gone = await world.cli(['instances', 'delete', String(id), '--yes', '--json']);
    expect(JSON.parse(gone.stdout)).toEqual({ id, droppedPending: 1 });
    expect(JSON.parse((await world.cli(['instances', 'list', '--json'])).stdout)).toEqual([]);
    expect((await world.create()).id).toBe(id + 1);
  }, 60_000);
});
