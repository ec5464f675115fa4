import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createInstance, updateInstance } from '../../../src/core/instances/index.js';
import type { Lease } from '../../../src/store/ports/leases.js';
import type { NewNotification } from '../../../src/store/ports/outbox.js';
import { EMAIL, METADATA, openWorld, REDIRECT, refused, told, type World } from './world.js';

const POLLER = 'event.poller.configuration';
const URL_KEY = 'event.notification.callback.url';

describe('updateInstance', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const update = (id: number, patch: unknown) => world.update(id, patch);
  const entries = (urls: Record<string, string>) => ({
    configuration: {
      [POLLER]: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url, idField: 'id' }])),
    },
  });
  const cursors = async (id = 1) =>
    Object.fromEntries((await world.ctx.store.resources.list(id)).map(({ name, cursor }) => [name, cursor]));

  async function lease<T>(name: Lease['name'], work: (lease: Lease) => Promise<T>): Promise<T> {
    const held = await world.ctx.store.leases.acquire(name);
    if (held === null) throw new Error(`no lease ${name}`);
    try {
      return await work(held);
    } finally {
      await world.ctx.store.leases.release(held);
    }
  }

  /** As a poll would leave it: at that cursor, with a notification in the outbox. */
  const polled = (cursor: string, state: NewNotification['state'] = 'pending') =>
    lease('poll:1', (held) =>
      world.ctx.store.resources.commitPart(held, {
        instanceId: 1,
        resource: 'changed-messages',
        patch: { cursor },
        notifications: [
          {
            id: `n${cursor}`,
            instanceId: 1,
            resource: 'changed-messages',
            queue: 'events',
            body: new TextEncoder().encode('{}'),
            contentType: 'application/json',
            eventCount: 1,
            state,
          },
        ],
        emitted: [],
        now: Date.now(),
      }),
    );

  it('changes only what is named', async () => {
    const before = await world.create();
    world.asked();
    const after = await update(1, { name: '<b>new</b> name', unknown: 1, element: { id: 8153 } });
    expect(after).toEqual({ ...before, name: 'new name' });
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(after);
    expect(await update(1, { tags: 'one' })).toEqual({ ...after, tags: ['one'] });
    expect(await update(1, { tags: [] })).toEqual({ ...after, tags: ['new name'] });
    expect(await update(1, { name: null, tags: null, configuration: null })).toEqual({ ...after, tags: ['new name'] });
    expect(world.asked()).toEqual([]);
  });

  it('merges the configuration key by key; null removes, a mask leaves alone', async () => {
    const before = await world.create({
      configuration: {
        'event.notification.signature.key': 'one',
        'bulk.x': 'y',
        'event.notification.order': 'parallel',
      },
    });
    const after = await update(1, {
      configuration: {
        'event.notification.signature.key': '********',
        'oauth.api.secret': '********',
        'bulk.x': null,
        'event.notification.order': 'ordered',
        'bulk.z': 3,
      },
    });
    const { 'bulk.x': _, ...rest } = before.configuration;
    expect(after.configuration).toEqual({ ...rest, 'event.notification.order': 'ordered', 'bulk.z': '3' });
  });

  it('takes back the object that show prints', async () => {
    const before = await world.create();
    const { configuration } = before;
    expect(await update(1, { ...before, token: '********', id: 99, uuid: 'x', configuration })).toEqual(before);
  });

  it.each<[object, string]>([
    [{ name: '' }, 'name is an empty text'],
    [{ element: { key: 'outlook' } }, 'element.key is the text "outlook"'],
    [{ configuration: { 'event.poller.refresh_interval': 0 } }, 'is the number 0'],
    [{ configuration: { [POLLER]: { a: { url: 'contacts', idField: 'id' } } } }, 'asks for the path "contacts"'],
    [{ configuration: { 'oauth.api.key': 'another' } }, 'is another OAuth client; it takes a new grant'],
    [{ configuration: [] }, 'configuration is an array'],
  ])('refuses %j and changes nothing', async (patch, fault) => {
    const before = await world.create();
    const rows = await world.ctx.store.resources.list(1);
    world.asked();
    const error = await refused(update(1, { tags: ['other'], ...patch }));
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('nothing was changed') });
    expect(told(error.faults)).toEqual([expect.stringContaining(fault)]);
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(before);
    expect(await world.ctx.store.resources.list(1)).toEqual(rows);
    expect(world.asked()).toEqual([]);
  });

  it.each([[], null, 'x', 7])('refuses %j as a patch', async (patch) => {
    await world.create();
    expect((await refused(update(1, patch))).faults).toMatchObject([{ path: 'body' }]);
  });

  it('an unknown instance is a plain refusal', async () => {
    expect(await refused(update(9, {}))).toMatchObject({ code: 'usage', message: 'there is no instance 9' });
  });

  it('history keeps its cursor under its name, whatever its url', async () => {
    await world.create();
    await polled('5000');
    world.sandbox.mailbox().receive();
    world.asked();
    await update(1, entries({ 'changed-messages': 'changed-messages?labelIds=INBOX' }));
    await update(1, entries({ '/changed-messages': 'changed-message?format=ids' }));
    expect(await cursors()).toEqual({ 'changed-messages': '5000' });
    expect(world.asked()).toEqual([]);
  });

  it('a new and a renamed entry take a new baseline', async () => {
    await world.create();
    await polled('5000');
    world.sandbox.mailbox().receive();
    const now = world.sandbox.mailbox().historyId;
    world.asked();
    await update(1, entries({ 'changed-messages': 'changed-messages', inbox: 'changed-messages', labels: 'labels' }));
    expect(await cursors()).toEqual({ 'changed-messages': '5000', inbox: now, labels: null });
    expect(world.asked()).toEqual(['getProfile']);
    world.sandbox.mailbox().receive();
    await update(1, entries({ all: 'changed-messages' }));
    expect(await cursors()).toEqual({ all: world.sandbox.mailbox().historyId });
  });

  it('a collection begins anew when its query changes, and only then', async () => {
    const threads = (url: string) => entries({ 'changed-messages': 'changed-messages', t: url });
    await world.create(threads('threads?q=a'));
    const snapshot = () => world.ctx.store.resources.snapshot(1, 't');
    const poll = () =>
      lease('poll:1', (held) =>
        world.ctx.store.resources.commitPart(held, {
          instanceId: 1,
          resource: 't',
          patch: { hasSnapshot: true },
          notifications: [],
          emitted: [],
          snapshot: { upsert: [{ key: 'k', hash: 'h' }], remove: [] },
          now: Date.now(),
        }),
      );
    await poll();
    await update(1, threads('/hubs/any/threads?q=a&maxResults=20'));
    expect((await snapshot()).size).toBe(1);
    await update(1, threads('threads?q=b'));
    expect((await snapshot()).size).toBe(0);
    expect(await world.ctx.store.resources.get(1, 't')).toMatchObject({ hasSnapshot: false });
  });

  it('events turned on for the first time take a new baseline, turned on again they do not', async () => {
    await world.create({ configuration: { 'event.notification.enabled': false } });
    expect(await cursors()).toEqual({});
    world.sandbox.mailbox().receive();
    const baseline = world.sandbox.mailbox().historyId;
    await update(1, { configuration: { 'event.notification.enabled': 'true' } });
    expect(await cursors()).toEqual({ 'changed-messages': baseline });
    const row = await world.ctx.store.instances.get(1);
    expect(row?.nextPollAt).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
    await update(1, { configuration: { 'event.notification.enabled': false } });
    expect((await world.ctx.store.instances.get(1))?.nextPollAt).toBeNull();
    world.sandbox.mailbox().receive();
    await update(1, { configuration: { 'event.notification.enabled': true } });
    expect(await cursors()).toEqual({ 'changed-messages': baseline });
    expect((await world.ctx.store.instances.get(1))?.nextPollAt).not.toBeNull();
  });

  it('events turned on without any entry poll changed-messages', async () => {
    await world.create({ configuration: { 'event.notification.enabled': null, [POLLER]: null } });
    const after = await update(1, { configuration: { 'event.notification.enabled': true } });
    expect(after.configuration[POLLER]).toContain('changed-messages');
    expect(await cursors()).toEqual({ 'changed-messages': world.sandbox.mailbox().historyId });
  });

  it('a lost events.db is left to the poll: an update takes no baseline that would hide the gap', async () => {
    await world.create();
    await lease('deliver:1', (held) => world.ctx.store.instances.remove(held, 1));
    world.asked();
    const after = await update(1, entries({ 'changed-messages': 'changed-messages', inbox: 'changed-messages' }));
    expect(after.configuration[POLLER]).toContain('inbox');
    expect(await cursors()).toEqual({});
    expect(world.asked()).toEqual([]);
  });

  it('removing the callback URL stores what is pending; a new URL leaves it stored', async () => {
    await world.create();
    await polled('5000');
    const states = async () => (await world.ctx.store.outbox.list({ instanceId: 1 })).map(({ state }) => state);
    await update(1, { configuration: { [URL_KEY]: null } });
    expect(await states()).toEqual(['stored']);
    await update(1, { configuration: { [URL_KEY]: 'https://example.com/new' } });
    expect(await states()).toEqual(['stored']);
  });

  it.each(['resume', 'write'] as const)('a crash at its %s leaves a stop that the same update lifts', async (at) => {
    await world.create();
    await polled('5000');
    await lease('deliver:1', (held) =>
      world.ctx.store.outbox.commitAttempt(held, {
        notificationId: 'n5000',
        patch: {},
        attempt: null,
        instance: { id: 1, stop: { at: 1, notificationId: 'n5000', reason: 'gone' } },
        notifications: [],
        now: Date.now(),
      }),
    );
    const { store } = world.ctx;
    const killed = () => Promise.reject(new Error('killed'));
    const dying = {
      ...store,
      ...(at === 'resume' && { outbox: { ...store.outbox, resume: killed } }),
      ...(at === 'write' && { instanceFiles: { ...store.instanceFiles, write: killed } }),
    };
    const patch = { configuration: { [URL_KEY]: 'https://example.com/new' } };
    await expect(updateInstance({ ...world.ctx, store: dying }, 1, patch, { allowPrivate: true })).rejects.toThrow(
      'killed',
    );
    await update(1, patch);
    expect((await store.instances.get(1))?.stop).toBeNull();
  });

  it('a changed callback URL lifts a stop and makes what is pending due; the same URL does not', async () => {
    await world.create();
    await polled('5000');
    const later = Date.now() + 3_600_000;
    await lease('deliver:1', (held) =>
      world.ctx.store.outbox.commitAttempt(held, {
        notificationId: 'n5000',
        patch: { attempts: 3, nextAttemptAt: later },
        attempt: null,
        instance: { id: 1, stop: { at: 1, notificationId: 'n5000', reason: 'gone' } },
        notifications: [],
        now: Date.now(),
      }),
    );
    await update(1, { name: 'x', configuration: { [URL_KEY]: 'https://example.com/events' } });
    expect((await world.ctx.store.instances.get(1))?.stop).not.toBeNull();
    await update(1, { configuration: { [URL_KEY]: 'https://example.com/other?key=1' } });
    expect((await world.ctx.store.instances.get(1))?.stop).toBeNull();
    const [row] = await world.ctx.store.outbox.list({ instanceId: 1 });
    expect(row).toMatchObject({ state: 'pending', attempts: 0 });
    expect(row?.nextAttemptAt).toBeLessThanOrEqual(Date.now());
  });

  it('another interval counts from the last poll', async () => {
    await world.create();
    const lastPollAt = Date.now() - 60_000;
    await lease('poll:1', (held) => world.ctx.store.instances.update(held, 1, { lastPollAt }));
    await update(1, { configuration: { 'event.poller.refresh_interval': 5 } });
    expect((await world.ctx.store.instances.get(1))?.nextPollAt).toBe(lastPollAt + 5 * 60_000);
  });

  it('a new code re-authenticates the same instance', async () => {
    const before = await world.create();
    const old = await world.ctx.store.accountFiles.read(before.account);
    world.sandbox.revoke();
    const code = world.sandbox.grantCode({ redirectUri: REDIRECT });
    const after = await update(1, { providerData: { code } });
    expect(after).toEqual(before);
    const account = await world.ctx.store.accountFiles.read(after.account);
    expect(account?.refreshToken).not.toBe(old?.refreshToken);
    expect(account?.clientSecret).toBe(world.sandbox.client.clientSecret);
  });

  it('a code of another mailbox is refused, and nothing of it is kept', async () => {
    const before = await world.create();
    world.sandbox.addMailbox('bob@example.com');
    const code = world.sandbox.grantCode({ email: 'bob@example.com', redirectUri: REDIRECT });
    const error = await refused(update(1, { name: 'x', providerData: { code } }));
    expect(error).toMatchObject({ code: 'usage', faults: [{ path: 'providerData.code' }] });
    expect(error.message).toContain('another mailbox, bob@example.com');
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(before);
    expect(await world.ctx.store.accountFiles.keys()).toEqual([before.account]);
  });

  it('the mailbox is known even when its account is gone', async () => {
    const before = await world.create();
    await lease(`account:${before.account}`, (held) => world.ctx.store.accountFiles.remove(held, before.account));
    world.sandbox.addMailbox('bob@example.com');
    const { clientSecret } = world.sandbox.client;
    const patch = (email: string) => ({
      providerData: { code: world.sandbox.grantCode({ email, redirectUri: REDIRECT }) },
      configuration: { 'oauth.api.secret': clientSecret },
    });
    expect(await update(1, { name: 'still' })).toEqual({ ...before, name: 'still' });
    expect((await refused(update(1, entries({ n: 'changed-messages' })))).faults).toMatchObject([
      { path: 'providerData.code' },
    ]);
    expect((await refused(update(1, patch('bob@example.com')))).code).toBe('usage');
    expect((await update(1, patch(EMAIL))).account).toBe(before.account);
    expect(await world.ctx.store.accountFiles.read(before.account)).toMatchObject({ email: EMAIL, clientSecret });
  });

  it('the client of a new code may come from the file of that client', async () => {
    const { clientId, clientSecret } = world.sandbox.client;
    const client = { clientId, clientSecret, type: 'web' as const, redirectUris: [REDIRECT] };
    const body = world.body({ configuration: { 'oauth.callback.url': null } });
    await createInstance(world.ctx, body, { allowPrivate: true, client });
    const patch = () => ({ providerData: { code: world.sandbox.grantCode({ redirectUri: REDIRECT }) } });
    expect((await refused(update(1, patch()))).faults).toMatchObject([{ path: 'configuration["oauth.callback.url"]' }]);
    const { document } = await updateInstance(world.ctx, 1, patch(), { allowPrivate: true, client });
    expect(document.id).toBe(1);
    const stranger = { ...client, clientSecret: 'wrong' };
    await expect(updateInstance(world.ctx, 1, patch(), { allowPrivate: true, client: stranger })).rejects.toThrow();
  });

  it('a new secret of the same client is proved by a refresh, and kept', async () => {
    const before = await world.create();
    world.asked();
    await update(1, { configuration: { 'oauth.api.secret': world.sandbox.client.clientSecret } });
    expect(world.asked()).toEqual([]);
    const error = await refused(update(1, { configuration: { 'oauth.api.secret': 'S3CRET-wrong' } }));
    expect(JSON.stringify([error.message, error.hint, error.faults])).not.toContain('S3CRET');
    expect(world.asked()).toEqual(['token']);
    const account = await world.ctx.store.accountFiles.read(before.account);
    if (account === null) throw new Error('no account');
    const outdated = { ...account, clientSecret: 'outdated' };
    await lease(`account:${account.key}`, (held) => world.ctx.store.accountFiles.write(held, account.key, outdated));
    await update(1, { configuration: { 'oauth.api.secret': world.sandbox.client.clientSecret } });
    expect(await world.ctx.store.accountFiles.read(before.account)).toMatchObject({
      clientSecret: world.sandbox.client.clientSecret,
    });
  });

  it('a refresh token takes the place of the grant', async () => {
    const before = await world.create();
    const token = world.sandbox.grantRefreshToken();
    await update(1, { configuration: { 'oauth.user.refresh_token': token } });
    expect(await world.ctx.store.accountFiles.read(before.account)).toMatchObject({ refreshToken: token });
    expect((await world.ctx.store.instanceFiles.read(1))?.configuration['oauth.user.refresh_token']).toBe('********');
  });

  it('another account has to be of the same mailbox', async () => {
    await world.create();
    world.sandbox.addMailbox('bob@example.com');
    await world.account({ email: 'bob@example.com' });
    const to = (account: string) => updateInstance(world.ctx, 1, {}, { account, allowPrivate: true });
    expect((await refused(to('bob@example.com'))).faults).toMatchObject([{ path: '--account' }]);
    expect((await refused(to('eve@example.com'))).faults).toMatchObject([{ path: '--account' }]);
    expect((await to(EMAIL)).document.id).toBe(1);
  });

  it('a grant of the metadata scope cannot be asked for more by an update', async () => {
    await world.create({ providerData: { code: world.sandbox.grantCode({ redirectUri: REDIRECT, scope: METADATA }) } });
    const error = await refused(update(1, entries({ 'changed-messages': 'changed-messages?format=full' })));
    expect(told(error.faults)).toEqual([expect.stringContaining('metadata scope')]);
  });

  it('repairs what was spoilt by hand', async () => {
    const before = await world.create();
    await polled('5000');
    const spoilt = { ...before, configuration: { ...before.configuration, [POLLER]: '{' } };
    await lease('poll:1', (held) => world.ctx.store.instanceFiles.write(held, 1, spoilt));
    expect((await refused(update(1, { name: 'x' }))).faults).toMatchObject([{ path: expect.stringContaining(POLLER) }]);
    const after = await update(1, entries({ 'changed-messages': 'changed-messages' }));
    expect(after.configuration[POLLER]).toContain('changed-messages');
    expect(await cursors()).toEqual({ 'changed-messages': '5000' });
  });

  it('a private callback stays as who changed it last may have it', async () => {
    const local = { [URL_KEY]: 'http://127.0.0.1:8080/' };
    await world.create({ configuration: local });
    const api = (patch: unknown) => updateInstance(world.ctx, 1, patch, { allowPrivate: false });
    expect((await refused(api({ name: 'x' }))).faults).toMatchObject([{ path: expect.stringContaining(URL_KEY) }]);
    const changed = await api({ configuration: { [URL_KEY]: 'https://example.com/' } });
    expect(changed.document.allowPrivate).toBe(false);
    // Not by the way: only whoever names the address at the command line may have it private.
    expect((await update(1, { name: 'y' })).allowPrivate).toBe(false);
    expect((await update(1, { configuration: local })).allowPrivate).toBe(true);
  });

  it('nothing changes when Google does not answer the baseline', async () => {
    const before = await world.create();
    world.sandbox.addFault({ method: 'getProfile', kind: 'domainPolicy403' });
    const error = await refused(update(1, { name: 'x', ...entries({ inbox: 'changed-messages' }) }));
    expect(error.message).not.toBe('');
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(before);
    expect(Object.keys(await cursors())).toEqual(['changed-messages']);
  });
});
