import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/port.js';
import type { Lease, LeaseName } from '../../src/store/ports/leases.js';
import { accountDocument, instanceDocument, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function lease(store: Store, name: LeaseName): Promise<Lease> {
  const taken = await store.leases.acquire(name);
  if (taken === null) throw new Error('held by another');
  return taken;
}

async function written(): Promise<{ store: Store; home: string; poll: Lease }> {
  const home = workplace.folder();
  const store = await workplace.store(home);
  const poll = await lease(store, 'poll:12');
  await store.instanceFiles.write(poll, 12, instanceDocument(12));
  return { store, home, poll };
}

describe('the file of an instance or account', () => {
  it('is read as it was written, and keeps the dots of its keys', async () => {
    const { store, home } = await written();
    const account = await lease(store, 'account:a@x.com~c');
    await store.accountFiles.write(account, 'a@x.com~c', accountDocument('a@x.com~c'));
    expect(await store.instanceFiles.read(12)).toEqual(instanceDocument(12));
    expect(await store.accountFiles.read('a@x.com~c')).toEqual(accountDocument('a@x.com~c'));
    const text = readFileSync(join(home, 'instances', '12.json'), 'utf8');
    expect(JSON.parse(text).configuration['event.notification.enabled']).toBe('true');
    expect(readdirSync(join(home, 'instances'))).toEqual(['12.json']);
  });

  it('is replaced whole: a key that is gone is gone', async () => {
    const { store, poll } = await written();
    const next = { ...instanceDocument(12), configuration: { __proto__x: '1' }, disabled: true };
    await store.instanceFiles.write(poll, 12, next);
    expect(await store.instanceFiles.read(12)).toEqual(next);
  });

  it('is read anew each time: another process may have written it', async () => {
    const { store, home } = await written();
    await store.instanceFiles.read(12);
    writeFileSync(join(home, 'instances', '12.json'), JSON.stringify({ ...instanceDocument(12), name: 'Other' }));
    expect(await store.instanceFiles.read(12)).toMatchObject({ name: 'Other' });
  });

  it('is not read again while it is the same, and is when another of its size and time has taken its place', async () => {
    const { store, home } = await written();
    const path = join(home, 'instances', '12.json');
    // One that has just been written may change once more without another time of change.
    const kept = async () => {
      const first = await store.instanceFiles.read(12);
      return first === (await store.instanceFiles.read(12));
    };
    expect(await kept()).toBe(false);
    for (let waited = 0; !(await kept()) && waited < 100; waited += 1) await setTimeout(50);
    expect(await kept()).toBe(true);
    const { atime, mtime } = statSync(path);
    writeFileSync(`${path}.new`, readFileSync(path, 'utf8').replace('"disabled": false', '"disabled":  true'));
    utimesSync(`${path}.new`, atime, mtime);
    renameSync(`${path}.new`, path);
    expect(await store.instanceFiles.read(12)).toEqual({ ...instanceDocument(12), disabled: true });
  });

  it('that cannot even be looked at is a fault of the store', async () => {
    const { store, home } = await written();
    const path = join(home, 'instances', '12.json');
    rmSync(path);
    symlinkSync('12.json', path);
    await expect(store.instanceFiles.read(12)).rejects.toMatchObject({
      code: 'store',
      message: 'instances/12.json could not be read (ELOOP)',
    });
  });

  it('is nobody’s to change who has read it', async () => {
    const { store } = await written();
    const document = (await store.instanceFiles.read(12)) ?? instanceDocument(12);
    expect(() => document.tags.push('mine')).toThrow('not extensible');
    expect(() => Object.assign(document, { name: 'Mine' })).toThrow('read only');
  });

  it('is null when it is missing, before and after it was there', async () => {
    const { store, poll } = await written();
    expect(await store.instanceFiles.read(13)).toBeNull();
    expect(await store.accountFiles.read('a@x.com~c')).toBeNull();
    await store.instanceFiles.remove(poll, 12);
    await store.instanceFiles.remove(poll, 12);
    expect(await store.instanceFiles.read(12)).toBeNull();
    expect(await store.instanceFiles.keys()).toEqual([]);
  });

  it('is listed by its key, in order; what is not ours is passed over', async () => {
    const { store, home, poll } = await written();
    for (const id of [2, 100]) await store.instanceFiles.write(poll, id, instanceDocument(id));
    for (const name of [
      'notes.txt',
      '7.json.tmp-1234567890abcdef',
      '012.json',
      'x.json',
      '.json',
      '-1.json',
      '1e3.json',
    ]) {
      writeFileSync(join(home, 'instances', name), '{}');
    }
    expect(await store.instanceFiles.keys()).toEqual([2, 12, 100]);
    expect(await store.accountFiles.keys()).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('cannot have the id %d', async (id) => {
    const { store, poll } = await written();
    expect(await store.instanceFiles.read(id)).toBeNull();
    await expect(store.instanceFiles.write(poll, id, instanceDocument(id))).rejects.toMatchObject({ code: 'store' });
  });

  it.each(['../12', '', '.hidden', 'a/b', 'A', 'a\u0000'])(
    'never lies outside its folder, as "%s" would',
    async (key) => {
      const { store, home } = await written();
      const account = await lease(store, 'account:x');
      expect(await store.accountFiles.read(key)).toBeNull();
      const writing = store.accountFiles.write(account, key, accountDocument(key));
      await expect(writing).rejects.toMatchObject({ code: 'store' });
      expect(readdirSync(home)).not.toContain('accounts');
    },
  );
});

describe('a file that cannot be understood', () => {
  const secret = 'instance-token-of-the-test';

  it.each([
    ['cut off', (text: string) => text.slice(0, -20), 'it is not valid JSON'],
    ['empty', () => '', 'it is empty'],
    ['zeroes after a power cut', (text: string) => '\0'.repeat(text.length), 'it is not valid JSON'],
    ['a list', () => '[]', 'it holds no JSON object'],
    ['a text', () => `"${secret}"`, 'it holds no JSON object'],
    ['null', () => 'null', 'it holds no JSON object'],
    ['of another program', () => '{"colour":"red"}', '"id" is missing'],
    ['of another instance', (text: string) => text.replace('12', '13'), 'its "id" is that of another file'],
    ['of a wrong kind', (text: string) => text.replace('"id": 12', '"id": "12"'), '"id" is of a wrong kind'],
    ['of another element', (text: string) => text.replace('"gmail"', '"other"'), '"elementKey" is of a wrong kind'],
    ['with a number in it', (text: string) => text.replace('"true"', '3'), '"configuration" is of a wrong kind'],
  ])('(%s) is named, its content is not shown, and it is left alone', async (_name, damage, why) => {
    const { store, home } = await written();
    const path = join(home, 'instances', '12.json');
    const damaged = damage(readFileSync(path, 'utf8'));
    writeFileSync(path, damaged);
    const error = await store.instanceFiles.read(12).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'StoreError',
      code: 'store',
      message: `instances/12.json cannot be understood: ${why}`,
      hint: expect.stringContaining('instances/12.json'),
    });
    expect(String((error as Error).stack)).not.toContain(secret);
    expect((error as Error).cause).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(damaged);
    expect(await store.instanceFiles.keys()).toEqual([12]);
  });

  it('is not written over while it is no JSON, and can be removed', async () => {
    const { store, home, poll } = await written();
    const path = join(home, 'instances', '12.json');
    writeFileSync(path, '{"half":');
    await expect(store.instanceFiles.write(poll, 12, instanceDocument(12))).rejects.toMatchObject({
      message: 'instances/12.json cannot be understood: it is not valid JSON',
    });
    expect(readFileSync(path, 'utf8')).toBe('{"half":');
    await store.instanceFiles.remove(poll, 12);
    expect(await store.instanceFiles.keys()).toEqual([]);
  });

  it('is a fault of the store when it is a folder, or its folder a file', async () => {
    const { store, home, poll } = await written();
    mkdirSync(join(home, 'instances', '14.json'));
    writeFileSync(join(home, 'accounts'), '');
    await expect(store.instanceFiles.read(14)).rejects.toMatchObject({
      code: 'store',
      message: 'instances/14.json could not be read (EISDIR)',
    });
    await expect(store.instanceFiles.write(poll, 14, instanceDocument(14))).rejects.toMatchObject({ code: 'store' });
    await expect(store.accountFiles.keys()).rejects.toMatchObject({
      code: 'store',
      message: 'the folder accounts could not be read',
    });
  });
});

describe('writing a file', () => {
  it('clears what a writer that was killed has left of the same file', async () => {
    const { store, home, poll } = await written();
    for (const name of ['12.json.tmp-1234567890abcdef', '12.json.tmp-whole', '120.json.tmp-1234567890abcdef']) {
      writeFileSync(join(home, 'instances', name), '{"token":"secret"}');
    }
    await store.instanceFiles.write(poll, 12, instanceDocument(12));
    expect(readdirSync(join(home, 'instances'))).toEqual(['12.json', '120.json.tmp-1234567890abcdef']);
  });

  it('is atomic also in the terminal of an editor that came as a snap', async () => {
    const { store, home, poll } = await written();
    const before = process.env['SNAP'];
    process.env['SNAP'] = '/snap/code/1';
    try {
      const { ino } = statSync(join(home, 'instances', '12.json'));
      await store.instanceFiles.write(poll, 12, { ...instanceDocument(12), name: 'Next' });
      const after = statSync(join(home, 'instances', '12.json'));
      expect(after.ino).not.toBe(ino);
      expect(process.env['SNAP']).toBe('/snap/code/1');
    } finally {
      if (before === undefined) delete process.env['SNAP'];
      else process.env['SNAP'] = before;
    }
    expect(await store.instanceFiles.read(12)).toMatchObject({ name: 'Next' });
  });
});
