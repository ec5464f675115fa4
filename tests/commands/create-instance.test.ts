import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CreateInstanceOptions, run } from '../../src/commands/create-instance.js';
import type { InstanceObject } from '../../src/core/instances/index.js';
import { EMAIL, openWorld, refused, told, type World } from '../core/instances/world.js';
import { stdin, terminal } from './terminal.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describe('create-instance', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const file = (name: string, text: string | Uint8Array): string => {
    const path = join(world.ctx.home, name);
    writeFileSync(path, text);
    return path;
  };

  async function create(options: CreateInstanceOptions): Promise<InstanceObject> {
    const { ui, json } = terminal({ json: true });
    expect(await run(options, world.ctx, ui)).toBe('ok');
    return json()[0] as InstanceObject;
  }

  const withBody = (body: unknown, options: CreateInstanceOptions = {}) =>
    create({ body: '-', stdin: stdin(JSON.stringify(body)), ...options });

  it("takes the seed's first sample, and refuses it as long as a placeholder is left", async () => {
    const body = {
      element: { key: 'gmail' },
      providerData: { code: '<AUTHORIZATION_GRANT_CODE>' },
      configuration: {
        'oauth.api.key': '<Google app Client ID>',
        'oauth.api.secret': '<Google app Client secret>',
        'oauth.callback.url': '<Google app Authorized redirect URI>',
        'event.notification.enabled': true,
        'event.notification.callback.url': 'http://mycoolapp.com',
        'event.poller.refresh_interval': '<minutes>',
        'event.poller.configuration': { '/changed-messages': { url: '/hubs/general/changed-message', idField: 'id' } },
      },
      tags: ['<Add_Your_Tag>'],
      name: '<INSTANCE_NAME>',
    };
    const error = await refused(withBody(body));
    expect(error.faults).toHaveLength(6);
    const filled = world.body();
    const { configuration } = filled as { configuration: Record<string, unknown> };
    const { 'event.poller.configuration': _, 'event.notification.callback.url': __, ...oauth } = configuration;
    const good = { ...body, ...filled, configuration: { ...body.configuration, ...oauth } };
    expect(await withBody(good)).toMatchObject({
      id: 1,
      token: expect.stringMatching(/^.{40,}$/),
      eventsNotificationCallbackUrl: 'http://mycoolapp.com',
      configuration: {
        'event.poller.configuration': '{"/changed-messages":{"url":"/hubs/general/changed-message","idField":"id"}}',
      },
    });
  });

  it('prints id and token for a person, and what to do next on stderr', async () => {
    const out = terminal();
    await run({ body: file('b.json', JSON.stringify(world.body())) }, world.ctx, out.ui);
    const stored = await world.ctx.store.instanceFiles.read(1);
    expect(out.stdout).toBe(`id: 1\ntoken: ${stored?.token}\n`);
    expect(out.stderr).toContain('gmail-events poll 1');
  });

  it('with --json prints the object alone', async () => {
    const out = terminal({ json: true });
    await run({ body: '-', stdin: stdin(JSON.stringify(world.body())) }, world.ctx, out.ui);
    expect(out.json()).toHaveLength(1);
    expect(out.stderr).toBe('');
  });

  it('warns of a long interval, and says so when events are off or have nowhere to go', async () => {
    const out = terminal();
    await world.account();
    await run({ account: EMAIL, name: 'a', interval: '3000' }, world.ctx, out.ui);
    expect(out.stderr).toContain('3000 minutes is over a day');
    expect(out.stderr).toContain('no callback URL');
    const off = terminal();
    await run({ account: EMAIL, name: 'a', events: false }, world.ctx, off.ui);
    expect(off.stderr).toContain('instances update 2 --events');
  });

  it('puts flags over the body, key by key', async () => {
    const object = await withBody(world.body(), {
      name: 'flag',
      tag: ['a', 'b'],
      interval: '7',
      callbackUrl: 'https://example.com/flag',
      resource: ['labels', 'inbox=changed-messages?labelIds=INBOX'],
      config: ['event.notification.order=parallel', 'bulk.x=1=2'],
      events: false,
    });
    expect(object).toMatchObject({ name: 'flag', tags: ['a', 'b'], eventsEnabled: false });
    expect(object.configuration).toMatchObject({
      'oauth.callback.url': expect.any(String),
      'event.poller.refresh_interval': '7',
      'event.notification.callback.url': 'https://example.com/flag',
      'event.notification.order': 'parallel',
      'bulk.x': '1=2',
      'event.poller.configuration': JSON.stringify({
        labels: { url: '/hubs/general/labels', idField: 'id' },
        inbox: { url: 'changed-messages?labelIds=INBOX', idField: 'id' },
      }),
    });
  });

  it('a body that is no object is refused as such, whatever the flags say', async () => {
    const error = await refused(create({ body: '-', stdin: stdin('[]'), name: 'x' }));
    expect(told(error.faults)).toContainEqual(expect.stringContaining('body is an array'));
  });

  it('makes one of flags alone; events are on', async () => {
    await world.account();
    const object = await create({ account: EMAIL, name: 'inbox' });
    expect(object).toMatchObject({
      name: 'inbox',
      tags: ['inbox'],
      eventsEnabled: true,
      eventsNotificationCallbackUrl: null,
    });
    expect(await create({ account: EMAIL, name: 'off', events: false })).toMatchObject({ eventsEnabled: false });
  });

  it('reads secrets from files', async () => {
    await world.account();
    const object = await create({
      account: EMAIL,
      name: 'inbox',
      signingSecretFile: file('signing', `${SECRET}\n`),
      config: [
        `event.notification.signature.key=@${file('key', '\uFEFFMyKey\r\n')}`,
        `event.notification.callback.headers=@${file('headers', '{"X-A": "1"}')}`,
      ],
    });
    expect(object.configuration).toMatchObject({
      'event.notification.signing.secret': '********',
      'event.notification.signature.key': '********',
    });
    const stored = await world.ctx.store.instanceFiles.read(1);
    expect(stored?.configuration).toMatchObject({
      'event.notification.signing.secret': SECRET,
      'event.notification.signature.key': 'MyKey',
      'event.notification.callback.headers': '{"X-A": "1"}',
    });
  });

  it.each([
    'oauth.api.secret',
    'oauth.user.token',
    'oauth.user.refresh_token',
    'event.notification.signature.key',
    'event.notification.signing.secret',
    'event.notification.basic.password',
    'event.notification.callback.headers',
  ])('refuses %s on the command line', async (key) => {
    const error = await refused(create({ account: EMAIL, name: 'x', config: [`${key}=S3CRET`, 'nokey'] }));
    expect(error).toMatchObject({ code: 'usage', faults: [{ path: `--config ${key}` }, { path: '--config' }] });
    expect(JSON.stringify([error.message, error.faults])).not.toContain('S3CRET');
  });

  it('names the flags for what is missing or wrong without a body', async () => {
    const error = await refused(
      create({
        interval: 'soon',
        callbackUrl: 'nowhere',
        resource: ['contacts'],
        signingSecretFile: file('s', 'S3CRET'),
      }),
    );
    expect(error.faults.map(({ path }) => path).sort()).toEqual([
      '--account',
      '--callback-url',
      '--interval',
      '--name',
      '--resource["contacts"].url',
      '--signing-secret-file',
    ]);
    for (const fault of told(error.faults)) expect(error.message).toContain(fault);
    expect(error.message).not.toContain('S3CRET');
    expect(await world.empty()).toBe(true);
  });

  it.each<[string, CreateInstanceOptions, string]>([
    [
      'a missing file',
      { body: '/nonexistent/body.json' },
      '--body: /nonexistent/body.json cannot be read: there is no such file',
    ],
    ['a folder', { body: '/' }, '--body: / cannot be read: it is a folder'],
    [
      'a missing secret',
      { signingSecretFile: '/nonexistent/x' },
      '--signing-secret-file: /nonexistent/x cannot be read',
    ],
    ['a missing value', { config: ['a=@/nonexistent/x'] }, '--config a: /nonexistent/x cannot be read'],
    ['a resource twice', { resource: ['labels', 'labels?'] }, '--resource names labels twice'],
    ['--body and --bulk', { body: '-', bulk: '-' }, '--body cannot go with --bulk'],
    ['--bulk and --no-events', { bulk: '-', events: false }, '--events and --no-events cannot go with --bulk'],
    ['an empty bulk file', { bulk: '-' }, 'there is no body to read'],
    ['no stdin', { body: '-' }, 'the body is not JSON: it is empty'],
  ])('%s is exit 2', async (_name, options, message) => {
    expect(await refused(create(options))).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
  });

  it('refuses a body of 10 MB: takes it off the pipe, so that its writer does not break, but not without end', async () => {
    let read = 0;
    async function* megabytes(count: number) {
      for (read = 0; read < count; read += 1) yield new Uint8Array(1024 * 1024);
    }
    const error = await refused(create({ body: '-', stdin: megabytes(10) }));
    expect(error).toMatchObject({ code: 'usage', message: '--body is larger than 1 MB, the most that is read' });
    expect(read).toBe(10);
    await refused(create({ body: '-', stdin: megabytes(Number.POSITIVE_INFINITY) }));
    expect(read).toBeLessThan(70);
    const path = file('large.json', Buffer.alloc(10_000_000, ' '));
    expect((await refused(create({ body: path }))).message).toContain('larger than 1 MB');
  });

  describe('--bulk', () => {
    const ndjson = (bodies: object[]) => bodies.map((body) => JSON.stringify(body)).join('\n');

    it.each([true, false])('prints one answer a line (--json: %j)', async (json) => {
      const used = world.body({ name: 'two' });
      const text = `${ndjson([world.body({ name: 'one' }), used])}\r\n\n  \n${ndjson([used, world.body({ name: 'three' })])}\n`;
      const out = terminal({ json });
      const error = await refused(run({ bulk: '-', stdin: stdin(text) }, world.ctx, out.ui));
      expect(error).toMatchObject({ code: 'partial', message: '1 of 4 bodies failed; the others are instances now' });
      const answers = out.json() as (InstanceObject & { line: number; error: { code: string; exitCode: number } })[];
      expect(answers.map((answer) => answer.name ?? answer.line)).toEqual(['one', 'two', 5, 'three']);
      expect(answers[2]).toEqual({
        line: 5,
        error: { code: 'auth', exitCode: 4, message: expect.any(String), hint: expect.any(String), faults: [] },
      });
      expect(answers[0]?.token).toMatch(/^.{40,}$/);
      if (json) expect(out.stderr).toBe('');
    });

    it.each(['body', 'bulk'] as const)('--%s takes the OAuth client from --client-secret-file', async (way) => {
      const clientSecretFile = file('client.json', Buffer.from(world.sandbox.clientSecretFile()));
      const body = world.body({ configuration: { 'oauth.api.key': null, 'oauth.api.secret': null } });
      const out = terminal({ json: true });
      const options = { [way]: '-', clientSecretFile, stdin: stdin(JSON.stringify(body)) };
      expect(await run(options, world.ctx, out.ui)).toBe('ok');
      const { clientId } = world.sandbox.client;
      expect(out.json()).toMatchObject([{ id: 1, configuration: { 'oauth.api.key': clientId } }]);
    });

    it('takes an export in chunks of any size, keeping ids', async () => {
      const text = new TextEncoder().encode(
        ndjson([world.body({ id: 5, name: 'Ä' }), world.body({ id: 9, name: 'B' })]),
      );
      async function* bytes() {
        for (let at = 0; at < text.length; at += 7) yield text.subarray(at, at + 7);
      }
      const out = terminal({ json: true });
      expect(await run({ bulk: '-', keepIds: true, stdin: bytes() }, world.ctx, out.ui)).toBe('ok');
      expect(out.json()).toMatchObject([
        { id: 5, name: 'Ä' },
        { id: 9, name: 'B' },
      ]);
    });

    it('says for a person how many were made', async () => {
      const out = terminal();
      expect(await run({ bulk: '-', stdin: stdin(ndjson([world.body()])) }, world.ctx, out.ui)).toBe('ok');
      expect(out.stderr).toBe('1 instance was made.\n');
    });

    it('keeps no more of a line than it needs to refuse it', async () => {
      async function* lines() {
        yield '{"a": "';
        for (let at = 0; at < 30; at += 1) yield 'x'.repeat(1024 * 1024);
        yield `"}\n${JSON.stringify(world.body())}`;
      }
      const error = await refused(run({ bulk: '-', stdin: lines() }, world.ctx, terminal().ui));
      expect(told(error.faults)).toEqual(['line 1 is larger than 1 MB, the most that is read']);
      expect(await world.empty()).toBe(true);
    });
  });
});
