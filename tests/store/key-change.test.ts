import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { Lease, LeaseName } from '../../src/store/ports/leases.js';
import { accountDocument, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function lease(store: Store, name: LeaseName): Promise<Lease> {
  const taken = await store.leases.acquire(name);
  if (taken === null) throw new Error('held by another');
  return taken;
}

/** A store that was open before another process changed the key. */
async function opened(home: string, key: string | undefined): Promise<{ store: Store; account: Lease }> {
  const first = await workplace.store(home, key);
  const account = await lease(first, 'account:a');
  await first.accountFiles.write(account, 'a', accountDocument('a'));
  await first.leases.release(account);
  const store = await workplace.store(home, key);
  return { store, account: await lease(store, 'account:b') };
}

async function changed(home: string, from: string | undefined, to: string | undefined): Promise<Store> {
  const options = { home, clock: workplace.clock, encryptionKey: from, changeTo: { key: to } };
  const store = workplace.closing(await openStore(options));
  await store.keyChange.begin();
  const held = await lease(store, 'account:a');
  await store.accountFiles.write(held, 'a', accountDocument('a'));
  await store.leases.release(held);
  return store;
}

describe('a process that was there before the key changed', () => {
  it('writes nothing while the key is being changed', async () => {
    const home = workplace.folder();
    const { store, account } = await opened(home, undefined);
    await changed(home, undefined, 'new');
    await expect(store.accountFiles.write(account, 'b', accountDocument('b'))).rejects.toMatchObject({
      code: 'retry_later',
    });
    await expect(store.settings.set({ 'oauth.clientId': 'c' })).rejects.toMatchObject({ code: 'retry_later' });
    expect(await store.accountFiles.keys()).toEqual(['a']);
  });

  it.each<[string, string | undefined, string | undefined]>([
    ['another key', 'old', 'new'],
    ['a first key', undefined, 'new'],
    ['no key', 'old', undefined],
  ])('leaves no file of its own under the old key: %s', async (_name, from, to) => {
    const home = workplace.folder();
    const { store, account } = await opened(home, from);
    await (await changed(home, from, to)).keyChange.end();
    await expect(store.accountFiles.write(account, 'b', accountDocument('b'))).rejects.toMatchObject({ code: 'store' });
    await expect(store.settings.set({ 'oauth.clientId': 'c' })).rejects.toMatchObject({ code: 'store' });
    const next = await workplace.store(home, to);
    expect(await next.accountFiles.keys()).toEqual(['a']);
    expect(await next.accountFiles.read('a')).toEqual(accountDocument('a'));
  });

  it('is told to wait while the change goes on, and what to do when it was interrupted', async () => {
    const home = workplace.folder();
    await opened(home, 'old');
    const changing = await changed(home, 'old', 'new');
    const held = await lease(changing, 'rekey');
    for (const key of ['old', 'new']) {
      await expect(workplace.store(home, key)).rejects.toMatchObject({ code: 'retry_later' });
    }
    await changing.leases.release(held);
    await expect(workplace.store(home, 'old')).rejects.toMatchObject({
      code: 'store',
      hint: expect.stringContaining('gmail-events config rekey'),
    });
    expect(JSON.parse(readFileSync(join(home, 'accounts/a.json'), 'utf8'))).toMatchObject({ encrypted: 'aes-256-gcm' });
  });
});
