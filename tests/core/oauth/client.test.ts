import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveClient } from '../../../src/core/oauth/client.js';
import { readServiceAccountFile } from '../../../src/core/oauth/service-account.js';
import { startSandbox } from '../../../src/sandbox/index.js';
import { type Home, temporaryHome } from '../accounts/context.js';
import { authorized } from '../accounts/sample.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gmail-events-client-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(content: unknown): string {
  count += 1;
  const path = join(folder, `client-${count}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

let home: Home;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(() => home.close());

const ID = '1-a.apps.googleusercontent.com';

describe('the OAuth client', () => {
  it.each(['installed', 'web'] as const)('of a file of type %s, whose addresses are not used', async (type) => {
    const content = {
      client_id: ID,
      client_secret: 's',
      redirect_uris: ['http://localhost'],
      token_uri: 'https://evil.example',
    };
    const ctx = await home.open({ GMAIL_EVENTS_CLIENT_ID: 'other' });
    expect(await resolveClient(ctx, { clientSecretFile: file({ [type]: content }) })).toEqual({
      clientId: ID,
      clientSecret: 's',
      type,
      redirectUris: ['http://localhost'],
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['a service account', { type: 'service_account', client_email: 'a@b' }, /key of a service account/],
    ['no client', { something: {} }, /neither "installed" nor "web"/],
    ['a list', [], /holds no JSON object/],
    ['half a file', '{"installed": {"client_id": "x"', /not valid JSON/],
    ['nothing', '', /not valid JSON/],
    ['no id', { installed: { client_secret: 'GOCSPX-very-secret' } }, /no "client_id"/],
  ])('is refused when the file holds %s', async (_, content, message) => {
    const ctx = await home.open({});
    const path = file(content);
    const refusal = await resolveClient(ctx, { clientSecretFile: path }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage', message: expect.stringMatching(message), hint: expect.any(String) });
    expect(String(refusal)).toContain(path);
    expect(JSON.stringify(refusal)).not.toContain('very-secret');
  });

  it('is refused when the file is not there, or a folder', async () => {
    const ctx = await home.open({});
    const missing = join(folder, 'missing.json');
    await expect(resolveClient(ctx, { clientSecretFile: missing })).rejects.toMatchObject({
      code: 'usage',
      message: `${missing} cannot be read (ENOENT)`,
    });
    await expect(resolveClient(ctx, { clientSecretFile: folder })).rejects.toMatchObject({ code: 'usage' });
  });

  it('comes from flags, then the environment, then config.json', async () => {
    const env = { GMAIL_EVENTS_CLIENT_ID: 'env-id', GMAIL_EVENTS_CLIENT_SECRET: 'env-secret' };
    const both = await home.open(env);
    await both.store.settings.set({ 'oauth.clientId': 'config-id', 'oauth.clientSecret': 'config-secret' });
    const bare = await home.open({});
    const secretOnly = await home.open({ GMAIL_EVENTS_CLIENT_SECRET: 'env-secret' });
    const client = (clientId: string, clientSecret: string | null) => ({
      clientId,
      clientSecret,
      type: 'unknown',
      redirectUris: [],
    });
    expect(await resolveClient(both, { clientId: 'flag-id' })).toEqual(client('flag-id', 'env-secret'));
    expect(await resolveClient(both, {})).toEqual(client('env-id', 'env-secret'));
    expect(await resolveClient(bare, {})).toEqual(client('config-id', 'config-secret'));
    expect(await resolveClient(secretOnly, {})).toEqual(client('config-id', 'env-secret'));
    // The secret of config.json belongs to its own id.
    expect(await resolveClient(bare, { clientId: 'flag-id' })).toEqual(client('flag-id', null));
    expect(await resolveClient(bare, { clientId: 'config-id' })).toEqual(client('config-id', 'config-secret'));
    await expect(resolveClient(bare, { clientId: 'flag-id' }, { withSecret: true })).rejects.toMatchObject({
      code: 'usage',
      message: 'the secret of the OAuth client flag-id is missing',
      hint: expect.stringContaining('GMAIL_EVENTS_CLIENT_SECRET'),
    });
    const named = { clientId: 'config-id' };
    expect(await resolveClient(bare, named, { withSecret: true })).toEqual(client('config-id', 'config-secret'));
  });

  it('is the one that accounts were authorized with, when that is one', async () => {
    const sandbox = await startSandbox();
    try {
      const ctx = await home.open(sandbox.env);
      await authorized(ctx, sandbox);
      const { clientId, clientSecret } = sandbox.client;
      expect(await resolveClient(ctx, {}, { orUsed: true })).toEqual({
        clientId,
        clientSecret,
        type: 'unknown',
        redirectUris: [],
      });
      await expect(resolveClient(ctx, {})).rejects.toMatchObject({ code: 'usage' });
      expect(await resolveClient(ctx, { clientId }, { withSecret: true })).toMatchObject({ clientId, clientSecret });
      const kept = await ctx.store.accountFiles.read((await ctx.store.accountFiles.keys())[0] ?? '');
      const key = 'ada@example.com~other';
      const lease = await ctx.store.leases.acquire(`account:${key}`);
      if (kept === null || lease === null) throw new Error('not kept');
      await ctx.store.accountFiles.write(lease, key, { ...kept, key, clientId: 'other' });
      await expect(resolveClient(ctx, {}, { orUsed: true })).rejects.toMatchObject({
        code: 'usage',
        hint: expect.stringContaining(`${clientId}, other`),
      });
    } finally {
      await sandbox.close();
    }
  });

  it('is asked for by naming the ways when there is none', async () => {
    const ctx = await home.open({});
    const refusal = await resolveClient(ctx, {}).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage' });
    for (const way of ['--client-secret-file', '--client-id', 'GMAIL_EVENTS_CLIENT_SECRET', 'config set']) {
      expect(refusal).toMatchObject({ hint: expect.stringContaining(way) });
    }
    await expect(resolveClient(ctx, { clientId: 'a', clientSecretFile: 'b' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a service account’s file', () => {
  it.each<[string, unknown, RegExp]>([
    ['an OAuth client', { installed: { client_id: ID } }, /not the key of a service account/],
    ['no key', { type: 'service_account', client_email: 'a@b' }, /lacks/],
    [
      'a key that is none',
      { type: 'service_account', client_email: 'a@b', private_key: 'secret-junk' },
      /is not a key/,
    ],
  ])('is refused with %s', async (_, content, message) => {
    const refusal = await readServiceAccountFile(file(content), 'm@x').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
    expect(JSON.stringify(refusal)).not.toContain('secret-junk');
  });
});
