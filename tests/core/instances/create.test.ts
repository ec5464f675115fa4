import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exchangeCode } from '../../../src/core/accounts/index.js';
import { createInstance, instanceObject } from '../../../src/core/instances/index.js';
import { EMAIL, METADATA, openWorld, REDIRECT, refused, told, type World } from './world.js';

describe('createInstance', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const create = (body: unknown, options: object = {}) =>
    createInstance(world.ctx, body, { allowPrivate: true, ...options });

  it("makes an instance of the seed's body: rows, account and file", async () => {
    const before = world.sandbox.mailbox().historyId;
    const started = Date.now();
    const { document, email, warnings } = await create(world.body());
    expect([email, warnings]).toEqual([EMAIL, []]);
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(document);
    expect(document).toMatchObject({
      id: 1,
      name: 'API Instance with Polling',
      tags: ['Docs'],
      elementKey: 'gmail',
      disabled: false,
      externalAuthentication: 'none',
      allowPrivate: true,
      createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(Buffer.from(document.token, 'base64').length).toBeGreaterThanOrEqual(32);
    expect(document.uuid).toMatch(/^[0-9a-f-]{36}$/);
    const account = await world.ctx.store.accountFiles.read(document.account);
    expect(account).toMatchObject({ email: EMAIL, clientId: world.sandbox.client.clientId });

    const row = await world.ctx.store.instances.get(1);
    expect(row?.uuid).toBe(document.uuid);
    expect(row?.nextPollAt).toBeGreaterThanOrEqual(started);
    expect(row?.nextPollAt).toBeLessThan(Date.now() + 15 * 60_000);
    expect(await world.ctx.store.resources.list(1)).toMatchObject([
      { name: 'changed-messages', kind: 'history', cursor: before, gap: null },
    ]);
    // The code's exchange reads the profile: no second look is needed for the baseline.
    expect(world.asked()).toEqual(['token', 'getProfile']);
  });

  it('begins when the historyId was read, however long a person took over the rest', async () => {
    const { sandbox, ctx } = world;
    const { clientId, clientSecret } = sandbox.client;
    const code = sandbox.grantCode({ redirectUri: REDIRECT });
    const grant = await exchangeCode(ctx, { code, clientId, clientSecret, redirectUri: REDIRECT });
    const granted = Date.now();
    const later = { ...ctx, clock: { ...ctx.clock, now: () => granted + 600_000 } };
    const { providerData, ...body } = world.body();
    await createInstance(later, body, { allowPrivate: true, ask: async () => ({ grant }) });
    const [resource] = await ctx.store.resources.list(1);
    expect(resource?.cursor).toBe(grant.historyId);
    expect(resource?.firstBaselineAt).toBeLessThanOrEqual(granted);
  });

  it.each([
    ['ahead', 5 * 3_600_000],
    ['behind', -5 * 3_600_000],
  ])(
    'begins in Google’s time when this machine’s clock is %s, for it may be set before that counts',
    async (_, aheadMs) => {
      const began = Date.now();
      world.clock.ahead = aheadMs;
      const { document } = await create(world.body());
      const { providerData, ...body } = world.body();
      const known = await create({ ...body, name: 'Another' }, { account: EMAIL });
      for (const id of [document.id, known.document.id]) {
        const [resource] = await world.ctx.store.resources.list(id);
        // A Date is in whole seconds.
        expect(resource?.firstBaselineAt).toBeGreaterThan(began - 1001);
        expect(resource?.firstBaselineAt).toBeLessThan(Date.now() + 1001);
      }
    },
  );

  it('keeps the secrets of the grant in the account only, and shows none', async () => {
    const { document } = await create(
      world.body({
        configuration: {
          'event.notification.signature.key': 'MySecretEventSignatureKey',
          'event.notification.basic.username': 'ann',
          'event.notification.basic.password': 'MySecretPassword',
          'event.notification.callback.headers': { 'X-Key': 'MySecretHeader' },
          'oauth.user.token': 'MySecretToken',
        },
      }),
    );
    const account = await world.ctx.store.accountFiles.read(document.account);
    const file = readFileSync(join(world.ctx.home, 'instances/1.json'), 'utf8');
    for (const secret of [
      world.sandbox.client.clientSecret,
      account?.refreshToken,
      account?.accessToken,
      'MySecretToken',
    ]) {
      expect(file).not.toContain(secret);
    }
    const object = instanceObject(document, { email: EMAIL });
    expect(JSON.stringify(object)).not.toMatch(/MySecret/);
    expect(JSON.stringify(object)).not.toContain(document.token);
    expect(object).toEqual({
      id: 1,
      name: 'API Instance with Polling',
      token: '********',
      createdDate: document.createdDate,
      elementId: 6409,
      element: { key: 'gmail', name: 'Gmail', hub: 'general' },
      tags: ['Docs'],
      valid: true,
      disabled: false,
      configuration: {
        'oauth.api.key': world.sandbox.client.clientId,
        'oauth.api.secret': '********',
        'oauth.user.token': '********',
        'oauth.user.refresh_token': '********',
        'oauth.callback.url': REDIRECT,
        'event.notification.enabled': 'true',
        'event.notification.callback.url': 'https://example.com/events',
        'event.poller.refresh_interval': '15',
        'event.poller.configuration': '{"changed-messages":{"url":"/hubs/general/changed-messages","idField":"id"}}',
        'event.notification.signature.key': '********',
        'event.notification.basic.username': 'ann',
        'event.notification.basic.password': '********',
        'event.notification.callback.headers': '********',
      },
      eventsEnabled: true,
      eventsNotificationCallbackUrl: 'https://example.com/events',
      externalAuthentication: 'none',
      user: { id: 1, emailAddress: EMAIL, firstName: '', lastName: '' },
    });
    expect(instanceObject(document, { showToken: true }).token).toBe(document.token);
  });

  it('refuses all at once, before the code is used: nothing is stored and Google is not asked', async () => {
    const body = world.body({
      name: '',
      element: { key: 'outlook' },
      configuration: {
        'event.poller.refresh_interval': '<minutes>',
        'oauth.api.secret': null,
        'oauth.callback.url': null,
      },
    });
    const error = await refused(create(body));
    expect(error.code).toBe('usage');
    expect(error.faults.map(({ path }) => path)).toEqual([
      'element.key',
      'name',
      'configuration["event.poller.refresh_interval"]',
      'configuration["oauth.api.secret"]',
      'configuration["oauth.callback.url"]',
    ]);
    for (const fault of told(error.faults)) expect(error.message).toContain(fault);
    expect(world.asked()).toEqual([]);
    expect(await world.empty()).toBe(true);
    // The same code is good once the body is.
    const good = { ...body, name: 'n', element: { key: 'gmail' }, configuration: world.body().configuration };
    expect((await create(good)).document.id).toBe(1);
  });

  it('a code used twice makes one instance', async () => {
    const body = world.body();
    await create(body);
    expect(await refused(create(body))).toMatchObject({ code: 'auth', hint: expect.any(String) });
    expect(await world.ctx.store.instanceFiles.keys()).toEqual([1]);
    expect(await world.ctx.store.instances.list()).toHaveLength(1);
  });

  it('a store without a way to a grant is told the ways', async () => {
    const error = await refused(create(world.body({ providerData: undefined })));
    expect(told(error.faults)).toEqual([expect.stringMatching(/^providerData.code is missing;.*--account.*initial/)]);
  });

  it('takes a refresh token, and then no code', async () => {
    const token = world.sandbox.grantRefreshToken();
    const body = world.body({
      externalAuthentication: 'initial',
      providerData: { code: 'used-up-long-ago' },
      configuration: { 'oauth.user.refresh_token': token },
    });
    const { document } = await create(body);
    expect(document).toMatchObject({ id: 1, externalAuthentication: 'initial' });
    expect(document.configuration['oauth.user.refresh_token']).toBe('********');
    expect(await world.ctx.store.accountFiles.read(document.account)).toMatchObject({ refreshToken: token });
  });

  it('"initial" needs a refresh token', async () => {
    const error = await refused(create(world.body({ externalAuthentication: 'initial', providerData: null })));
    expect(error.faults.map(({ path }) => path)).toEqual(['configuration["oauth.user.refresh_token"]']);
  });

  it('a refresh token that Google refuses stores nothing', async () => {
    const body = world.body({ configuration: { 'oauth.user.refresh_token': 'S3CRET-none' } });
    const error = await refused(create(body));
    expect(error.code).toBe('auth');
    expect(JSON.stringify([error.message, error.hint, error.faults])).not.toContain('S3CRET');
    expect(await world.empty()).toBe(true);
  });

  it('takes an account that is authorized, whatever code an export holds', async () => {
    const account = await world.account();
    world.asked();
    const body = world.body({
      providerData: { code: 'used-up-long-ago' },
      configuration: { 'oauth.api.key': 'old-client', 'oauth.api.secret': '********', 'oauth.user.token': '********' },
    });
    const { document, warnings } = await create(body, { account: EMAIL });
    expect(document.account).toBe(account.key);
    expect(document.configuration['oauth.api.key']).toBe(world.sandbox.client.clientId);
    expect(warnings).toEqual([]);
    expect(world.asked()).toEqual(['getProfile']);
    expect((await world.ctx.store.resources.list(1))[0]?.cursor).toBe(world.sandbox.mailbox().historyId);
  });

  it('an unknown account is a fault beside the others', async () => {
    const error = await refused(create(world.body({ name: null }), { account: 'bob@example.com' }));
    expect(told(error.faults)).toEqual([
      expect.stringContaining('--account is refused: there is no authorized account "bob@example.com"'),
      expect.stringContaining('name is missing'),
    ]);
  });

  it('tells which secrets of an export were masks', async () => {
    const { warnings, document } = await create(
      world.body({ configuration: { 'event.notification.signature.key': '********', 'bulk.password': '********' } }),
    );
    expect(warnings).toEqual([expect.stringContaining('event.notification.signature.key')]);
    expect(document.configuration['event.notification.signature.key']).toBeUndefined();
  });

  it('client, secret and redirect URI may come from config.json or the environment', async () => {
    const { clientId, clientSecret } = world.sandbox.client;
    await world.ctx.store.settings.set({ 'oauth.clientId': clientId, 'oauth.clientSecret': clientSecret });
    await world.ctx.store.settings.set({ 'oauth.callbackUrl': REDIRECT });
    const bare = { 'oauth.api.key': null, 'oauth.api.secret': null, 'oauth.callback.url': null };
    expect((await create(world.body({ configuration: bare }))).document.id).toBe(1);
    await world.ctx.store.settings.set({ 'oauth.clientId': null, 'oauth.clientSecret': null });
    const env = { ...world.ctx.env, GMAIL_EVENTS_CLIENT_ID: clientId, GMAIL_EVENTS_CLIENT_SECRET: clientSecret };
    const made = await createInstance({ ...world.ctx, env }, world.body({ configuration: bare }), {
      allowPrivate: true,
    });
    expect(made.document.id).toBe(2);
    const error = await refused(create(world.body({ configuration: bare })));
    expect(told(error.faults)).toEqual([expect.stringContaining('configuration["oauth.api.key"] is missing')]);
  });

  it('what a body does not say of its OAuth client may come from the file of that client', async () => {
    const { clientId, clientSecret } = world.sandbox.client;
    const client = { clientId, clientSecret, type: 'web' as const, redirectUris: [REDIRECT] };
    const bare = { 'oauth.api.key': null, 'oauth.api.secret': '********', 'oauth.callback.url': null };
    expect((await create(world.body({ configuration: bare }), { client })).document.id).toBe(1);
    const ofAnother = world.body({ configuration: { ...bare, 'oauth.api.key': 'another' } });
    expect(told((await refused(create(ofAnother, { client }))).faults)).toEqual([
      expect.stringContaining('configuration["oauth.api.secret"] is missing'),
      expect.stringContaining('configuration["oauth.callback.url"] is missing'),
    ]);
    const several = { ...client, redirectUris: [REDIRECT, 'https://example.com/oauth'] };
    expect(told((await refused(create(world.body({ configuration: bare }), { client: several }))).faults)).toEqual([
      expect.stringContaining('configuration["oauth.callback.url"] is missing'),
    ]);
  });

  it('an instance with events off takes no baseline and is not scheduled', async () => {
    const off = { 'event.notification.enabled': null, 'event.poller.configuration': null };
    const account = await world.account();
    world.asked();
    const { document } = await create(world.body({ configuration: off }), { account: account.email });
    expect(world.asked()).toEqual([]);
    expect(await world.ctx.store.resources.list(document.id)).toEqual([]);
    expect((await world.ctx.store.instances.get(document.id))?.nextPollAt).toBeNull();
    expect(document.configuration['event.poller.configuration']).toBeUndefined();
  });

  it('a collection needs no baseline, several histories share one', async () => {
    const poller = {
      labels: { url: 'labels', idField: 'id' },
      inbox: { url: 'changed-messages?labelIds=INBOX', idField: 'id' },
      all: { url: 'changed-messages?format=ids', idField: 'id' },
    };
    const { historyId } = world.sandbox.mailbox();
    await create(world.body({ configuration: { 'event.poller.configuration': poller } }));
    expect(await world.ctx.store.resources.list(1)).toMatchObject([
      { name: 'all', cursor: historyId },
      { name: 'inbox', cursor: historyId },
      { name: 'labels', kind: 'collection', cursor: null, hasSnapshot: false },
    ]);
    const account = await world.account();
    world.asked();
    const labels = { 'event.poller.configuration': { labels: poller.labels } };
    await create(world.body({ configuration: labels }), { account: account.email });
    expect(world.asked()).toEqual([]);
  });

  it.each(['changed-messages?format=full', 'messages?q=x', 'drafts', 'settings/filters', 'settings/delegates'])(
    'with the metadata scope %s is refused, and the grant is not kept',
    async (url) => {
      const poller = { 'event.poller.configuration': { r: { url, idField: 'id' } } };
      const code = world.sandbox.grantCode({ redirectUri: REDIRECT, scope: METADATA });
      const error = await refused(create(world.body({ providerData: { code }, configuration: poller })));
      expect(error.faults.map(({ path }) => path)).toEqual(['configuration["event.poller.configuration"]["r"].url']);
      expect(await world.empty()).toBe(true);
    },
  );

  it('the same is told of an account before anything is asked', async () => {
    await world.account({ scope: METADATA });
    world.asked();
    const poller = { 'event.poller.configuration': { r: { url: 'drafts', idField: 'id' } } };
    const error = await refused(create(world.body({ name: null, configuration: poller }), { account: EMAIL }));
    expect(error.faults).toHaveLength(2);
    expect(world.asked()).toEqual([]);
  });

  it('a code with less scope than the account has leaves the account its wider grant', async () => {
    const wide = await world.account();
    const full = { 'event.poller.configuration': { r: { url: 'changed-messages?format=full', idField: 'id' } } };
    const code = world.sandbox.grantCode({ redirectUri: REDIRECT, scope: METADATA });
    const { document } = await create(world.body({ providerData: { code }, configuration: full }));
    expect((await world.ctx.store.accountFiles.read(document.account))?.scopes).toEqual(wide.scopes);
  });

  it('an account whose grant was revoked is exit 4, and nothing is stored', async () => {
    await world.account();
    world.sandbox.revoke();
    world.sandbox.expireAccessTokens();
    expect(await refused(create(world.body(), { account: EMAIL }))).toMatchObject({ code: 'auth' });
    expect(await world.ctx.store.instances.list()).toEqual([]);
  });

  it('asks the person last, and only for what is missing', async () => {
    const asked: string[] = [];
    const ask = async () => {
      asked.push('asked');
      return { account: await world.account() };
    };
    const faulty = world.body({ providerData: null, name: null });
    expect((await refused(create(faulty, { ask }))).faults).toHaveLength(1);
    expect(asked).toEqual([]);
    await create(world.body(), { ask });
    expect(asked).toEqual([]);
    await create(world.body({ providerData: null }), { ask });
    expect(asked).toEqual(['asked']);
  });

  it('what the person chose is held to the same limits', async () => {
    const poller = { 'event.poller.configuration': { r: { url: 'drafts', idField: 'id' } } };
    const ask = async () => ({ account: await world.account({ scope: METADATA }) });
    const error = await refused(create(world.body({ providerData: null, configuration: poller }), { ask }));
    expect(error).toMatchObject({ code: 'usage', faults: [{ path: expect.stringContaining('["r"].url') }] });
  });

  it('ids grow beyond any file and any id that ever was', async () => {
    const first = await world.create();
    const lease = await world.ctx.store.leases.acquire('poll:40');
    if (lease === null) throw new Error('no lease');
    await world.ctx.store.instanceFiles.write(lease, 40, { ...first, id: 40 });
    await world.ctx.store.leases.release(lease);
    expect((await world.create()).id).toBe(41);
    expect((await world.create()).id).toBe(42);
  });

  it("keeps an export's id and token when they are free", async () => {
    const { document } = await create(world.body({ id: 4711, token: 'old-token' }), { keepIds: true });
    expect(document).toMatchObject({ id: 4711, token: 'old-token' });
    const second = await create(world.body({ id: 4711, token: 'old-token' }), { keepIds: true });
    expect(second.document.id).toBe(4712);
    expect(second.document.token).not.toBe('old-token');
    expect(second.warnings).toEqual([
      'The id 4711 of the body is taken: a new one was given.',
      'The token of the body is taken: a new one was given.',
    ]);
    expect((await create(world.body({ id: 4711, token: 'old-token' }))).document.id).toBe(4713);
  });

  it('an id that another process takes meanwhile is not kept', async () => {
    const { instances } = world.ctx.store;
    const raced = {
      ...instances,
      create: async (row: Parameters<typeof instances.create>[0]) => {
        if (row.id !== undefined) await instances.create({ ...row, uuid: 'another' });
        return instances.create(row);
      },
    };
    const ctx = { ...world.ctx, store: { ...world.ctx.store, instances: raced } };
    const { document, warnings } = await createInstance(ctx, world.body({ id: 5 }), {
      allowPrivate: true,
      keepIds: true,
    });
    expect(document.id).toBe(6);
    expect(warnings).toEqual(['The id 5 of the body is taken: a new one was given.']);
  });

  it('rows whose file could not be written are gone again, and the fault is told', async () => {
    const { instanceFiles } = world.ctx.store;
    const full = { ...instanceFiles, write: () => Promise.reject(new Error('disk full')) };
    const ctx = { ...world.ctx, store: { ...world.ctx.store, instanceFiles: full } };
    await expect(createInstance(ctx, world.body(), { allowPrivate: true })).rejects.toThrow('disk full');
    expect(await world.ctx.store.instances.list()).toEqual([]);
    expect((await world.create()).id).toBe(2);
  });

  it('two instances of a mailbox share one account', async () => {
    const [one, other] = [await world.create(), await world.create()];
    expect(one.account).toBe(other.account);
    expect(readdirSync(join(world.ctx.home, 'accounts'))).toHaveLength(1);
    expect(one.token).not.toBe(other.token);
  });
});
