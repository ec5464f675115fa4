import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createSealing } from '../../src/store/documents/sealing.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { Lease, LeaseName } from '../../src/store/ports/leases.js';
import { accountDocument, instanceDocument, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const KEY = 'the key of the test';
const SECRETS = [
  'refresh-token-of-the-test',
  'instance-token-of-the-test',
  'signature-key-of-the-test',
  'client-secret',
];

async function lease(store: Store, name: LeaseName): Promise<Lease> {
  const taken = await store.leases.acquire(name);
  if (taken === null) throw new Error('held by another');
  return taken;
}

async function fill(home: string, encryptionKey?: string): Promise<void> {
  const store = await openStore({ home, clock: workplace.clock, encryptionKey });
  await store.settings.set({ 'oauth.clientSecret': 'client-secret' });
  const poll = await lease(store, 'poll:1');
  const account = await lease(store, 'account:a');
  await store.instanceFiles.write(poll, 1, instanceDocument(1));
  await store.accountFiles.write(account, 'a', accountDocument('a'));
  await store.leases.release(poll);
  await store.leases.release(account);
  await store.close();
}

function texts(home: string): Record<string, string> {
  const names = readdirSync(home, { recursive: true }).map(String).sort();
  const json = names.filter((name) => name.endsWith('.json'));
  return Object.fromEntries(json.map((name) => [name, readFileSync(join(home, name), 'utf8')]));
}

describe('a home with a key', () => {
  it('holds no secret of account, instance and config files in plain text, and reads them back', async () => {
    const home = workplace.folder();
    await fill(home, KEY);
    const written = texts(home);
    expect(Object.keys(written)).toEqual(['accounts/a.json', 'config.json', 'instances/1.json']);
    for (const text of Object.values(written)) {
      for (const secret of SECRETS) expect(text).not.toContain(secret);
      expect(JSON.parse(text)).toMatchObject({ encrypted: 'aes-256-gcm' });
    }
    const store = await workplace.store(home, KEY);
    expect(await store.accountFiles.read('a')).toEqual(accountDocument('a'));
    expect(await store.instanceFiles.read(1)).toEqual(instanceDocument(1));
    expect(await store.settings.read()).toMatchObject({ 'oauth.clientSecret': 'client-secret' });
  });

  it.each([
    ['another key', 'another key', 'cannot be decrypted'],
    ['no key', undefined, 'is encrypted and GMAIL_EVENTS_ENCRYPTION_KEY is not set'],
    ['an empty key', '', 'is encrypted and GMAIL_EVENTS_ENCRYPTION_KEY is not set'],
  ])('is refused with %s, and nothing is changed', async (_name, key, text) => {
    const home = workplace.folder();
    await fill(home, KEY);
    const before = texts(home);
    const error = await workplace.store(home, key).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'store',
      message: expect.stringContaining(text),
      hint: expect.stringContaining('GMAIL_EVENTS_ENCRYPTION_KEY'),
    });
    expect(String((error as Error).message)).not.toContain(KEY);
    expect(texts(home)).toEqual(before);
  });

  it.each(['config.json', 'accounts/a.json', 'instances/1.json'])('is refused for %s alone', async (only) => {
    const home = workplace.folder();
    await fill(home, KEY);
    const sealed = readFileSync(join(home, only), 'utf8');
    const plain = workplace.folder();
    await fill(plain);
    writeFileSync(join(plain, only), sealed);
    await expect(workplace.store(plain)).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining(only),
    });
  });

  it('that was plain is read, and encrypted file by file as it is written', async () => {
    const home = workplace.folder();
    await fill(home);
    const store = await workplace.store(home, KEY);
    expect(await store.accountFiles.read('a')).toEqual(accountDocument('a'));
    await store.settings.set({ 'oauth.clientId': 'c' });
    expect(JSON.parse(texts(home)['config.json'] ?? '')).toMatchObject({ encrypted: 'aes-256-gcm' });
    expect(texts(home)['accounts/a.json']).toContain('refresh-token-of-the-test');
    expect(await store.settings.read()).toMatchObject({ 'oauth.clientId': 'c', 'oauth.clientSecret': 'client-secret' });
  });

  it('does not write over a file of another key that came later', async () => {
    const home = workplace.folder();
    const other = workplace.folder();
    await fill(home, KEY);
    await fill(other, 'another key');
    const store = await workplace.store(home, KEY);
    const theirs = readFileSync(join(other, 'instances/1.json'), 'utf8');
    writeFileSync(join(home, 'instances/1.json'), theirs);
    const poll = await lease(store, 'poll:1');
    await expect(store.instanceFiles.read(1)).rejects.toMatchObject({ code: 'store' });
    await expect(store.instanceFiles.write(poll, 1, instanceDocument(1))).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('instances/1.json cannot be decrypted'),
    });
    expect(readFileSync(join(home, 'instances/1.json'), 'utf8')).toBe(theirs);
  });

  it('comes to have one salt, so that a process derives its key once', async () => {
    const home = workplace.folder();
    await fill(home, KEY);
    await fill(home, KEY);
    const salts = Object.values(texts(home)).map((text) => JSON.parse(text).salt);
    expect(new Set(salts).size).toBe(1);
    const ivs = Object.values(texts(home)).map((text) => JSON.parse(text).iv);
    expect(new Set(ivs).size).toBe(3);
  });
});

describe('a sealed document', () => {
  const sealed = () => JSON.parse(createSealing(KEY).seal({ token: 'secret', text: 'ü😀' }));
  const open = (document: object) => createSealing(KEY).open(JSON.stringify(document), 'x.json');

  it('opens with its key', () => {
    expect(open(sealed())).toEqual({ token: 'secret', text: 'ü😀' });
  });

  it.each(['data', 'iv', 'tag', 'salt'])('with another %s is refused', (part) => {
    const document = sealed();
    const bytes = Buffer.from(document[part], 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(() => open({ ...document, [part]: bytes.toString('base64') })).toThrow(/^x.json cannot be decrypted/);
  });

  it.each([0, 4, 12])('with a tag cut down to %i bytes is refused', (length) => {
    const document = sealed();
    const tag = Buffer.from(document.tag, 'base64').subarray(0, length).toString('base64');
    expect(() => open({ ...document, tag })).toThrow(/^x.json cannot be decrypted/);
  });

  it('is never the same text twice', () => {
    const { seal } = createSealing(KEY);
    expect(seal({ a: 1 })).not.toBe(seal({ a: 1 }));
  });
});
