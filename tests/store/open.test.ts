import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { migrations } from '../../src/store/migrations/list.js';
import { openStore } from '../../src/store/open.js';
import { openDatabase } from '../../src/store/sqlite/open.js';
import { accountDocument, instanceDocument, newInstance, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

function raw(home: string): Libsql.Database {
  return workplace.closing(new Libsql(join(home, 'events.db')));
}

function modes(folder: string): Record<string, string> {
  const found: Record<string, string> = { '.': (statSync(folder).mode & 0o777).toString(8) };
  for (const name of readdirSync(folder, { recursive: true })) {
    found[String(name)] = (statSync(join(folder, String(name))).mode & 0o777).toString(8);
  }
  return found;
}

describe('the home folder', () => {
  it.each([0o000, 0o022, 0o077])('is closed to others under the umask %i', async (umask) => {
    const home = join(workplace.folder(), 'deep', 'home');
    const before = process.umask(umask);
    try {
      const store = await workplace.store(home);
      await store.settings.set({ 'oauth.clientId': 'client' });
      const id = await newInstance(store);
      const poll = await store.leases.acquire(`poll:${id}`);
      const account = await store.leases.acquire('account:a');
      if (poll === null || account === null) throw new Error('held');
      await store.instanceFiles.write(poll, id, instanceDocument(id));
      await store.accountFiles.write(account, 'a', accountDocument('a'));
      await store.accountFiles.write(account, 'a', accountDocument('a'));
    } finally {
      process.umask(before);
    }
    expect(modes(home)).toEqual({
      '.': '700',
      'config.json': '600',
      'events.db': '600',
      'events.db-shm': '600',
      'events.db-wal': '600',
      accounts: '700',
      'accounts/a.json': '600',
      instances: '700',
      'instances/1.json': '600',
    });
  });

  it.each([
    ['a folder that takes no others', process.platform === 'linux' ? '/proc/gmail-events/home' : '/dev/null/home'],
    ['a file', '/dev/null/home'],
  ])('cannot be made in %s: that is said at once', async (_what, home) => {
    await expect(openStore({ home, clock: workplace.clock })).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining(`the home folder ${home} could not be made`),
    });
  });

  it('is closed to others when it was open to them', async () => {
    const home = workplace.folder();
    await (await openStore({ home, clock: workplace.clock })).close();
    mkdirSync(join(home, 'accounts'));
    chmodSync(home, 0o755);
    for (const name of ['accounts', 'events.db', 'events.db-wal', 'events.db-shm']) chmodSync(join(home, name), 0o777);
    const store = await workplace.store(home);
    const lease = await store.leases.acquire('account:a');
    if (lease === null) throw new Error('held');
    await store.accountFiles.write(lease, 'a', accountDocument('a'));
    expect(modes(home)).toMatchObject({
      '.': '700',
      'events.db': '600',
      'events.db-shm': '600',
      'events.db-wal': '600',
      accounts: '700',
      'accounts/a.json': '600',
    });
  });

  it('that was made read-only stays so', async () => {
    const home = workplace.folder();
    await (await openStore({ home, clock: workplace.clock })).close();
    chmodSync(join(home, 'events.db'), 0o444);
    chmodSync(home, 0o555);
    // Whether the owner can then use it is the system's to say: the superuser can.
    await workplace.store(home).catch(() => {});
    expect(modes(home)).toMatchObject({ '.': '500', 'events.db': '400' });
    chmodSync(home, 0o700);
  });

  it('that many share (sticky) keeps its mode', async () => {
    const home = workplace.folder();
    chmodSync(home, 0o1777);
    await workplace.store(home);
    expect(statSync(home).mode & 0o7777).toBe(0o1777);
  });

  it.each(['with blanks', 'q?mode=ro', 'h#x', 'p%20q', 'ü😀', ':memory:', 'file:x', 'libsql:x'])(
    'may be named "%s"',
    async (name) => {
      const parent = workplace.folder();
      await newInstance(await workplace.store(join(parent, name)));
      expect(readdirSync(parent)).toEqual([name]);
      expect(readdirSync(join(parent, name))).toContain('events.db');
    },
  );

  it('that is a file is a fault of the store', async () => {
    const home = join(workplace.folder(), 'file');
    writeFileSync(home, '');
    await expect(workplace.store(home)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store',
      message: expect.stringContaining('could not be made (EEXIST)'),
    });
  });
});

describe('events.db', () => {
  it('is in WAL mode and gives space back', async () => {
    const home = workplace.folder();
    await workplace.store(home);
    const db = raw(home);
    expect(db.prepare('PRAGMA journal_mode').all([])).toEqual([{ journal_mode: 'wal' }]);
    expect(db.prepare('PRAGMA auto_vacuum').all([])).toEqual([{ auto_vacuum: 2 }]);
  });

  it('keeps what was stored', async () => {
    const home = workplace.folder();
    const first = await openStore({ home, clock: workplace.clock });
    const id = await newInstance(first);
    await first.close();
    const second = await workplace.store(home);
    expect((await second.instances.list()).map((row) => row.id)).toEqual([id]);
  });

  it('of a newer version is refused by name and left alone', async () => {
    const home = workplace.folder();
    await (await openStore({ home, clock: workplace.clock })).close();
    raw(home).exec('PRAGMA user_version = 99');
    await expect(workplace.store(home)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store',
      message: `events.db was written by a newer gmail-events (schema 99; this one knows ${migrations.length})`,
      hint: expect.stringContaining('Update gmail-events'),
    });
    expect(raw(home).prepare('PRAGMA user_version').all([])).toEqual([{ user_version: 99 }]);
  });

  it.each([
    ['tables', 'CREATE TABLE theirs (x)'],
    ['a version', 'PRAGMA user_version = 1'],
    ['a mark', 'PRAGMA application_id = 7'],
  ])('of another program (with %s) is refused and left alone', async (_name, text) => {
    const home = workplace.folder();
    raw(home).exec(text);
    await expect(workplace.store(home)).rejects.toMatchObject({
      code: 'store',
      message: 'events.db belongs to another program',
      hint: expect.stringContaining('GMAIL_EVENTS_HOME'),
    });
    expect(raw(home).prepare(`SELECT name FROM sqlite_master WHERE name = 'instance'`).all([])).toEqual([]);
  });

  it('that is no database is refused and left alone', async () => {
    const home = workplace.folder();
    const text = 'This is a letter and no database at all. '.repeat(200);
    writeFileSync(join(home, 'events.db'), text);
    await expect(workplace.store(home)).rejects.toMatchObject({
      code: 'store',
      message: 'events.db is not a database (SQLITE_NOTADB)',
      hint: expect.stringContaining('backup'),
    });
    expect(readFileSync(join(home, 'events.db'), 'utf8')).toBe(text);
  });

  it('that is cut off is damaged, and says so', async () => {
    const home = workplace.folder();
    const store = await openStore({ home, clock: workplace.clock });
    const id = await newInstance(store);
    await store.close();
    const db = raw(home);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    truncateSync(join(home, 'events.db'), 8192);
    const damaged = async () => {
      const opened = await workplace.store(home);
      return opened.instances.get(id);
    };
    await expect(damaged()).rejects.toMatchObject({
      code: 'store',
      message: 'events.db is damaged (SQLITE_CORRUPT)',
      hint: expect.stringContaining('backup'),
    });
  });

  it('that is empty becomes a new one', async () => {
    const home = workplace.folder();
    writeFileSync(join(home, 'events.db'), '');
    expect(await newInstance(await workplace.store(home))).toBe(1);
  });

  it('that is a folder could not be opened', async () => {
    const home = workplace.folder();
    mkdirSync(join(home, 'events.db'), { mode: 0o750 });
    await expect(workplace.store(home)).rejects.toMatchObject({
      code: 'store',
      message: 'events.db could not be opened (SQLITE_CANTOPEN)',
    });
    expect(statSync(join(home, 'events.db')).mode & 0o777).toBe(0o750);
  });

  it('that stays locked while it is new is "try later", not broken', async () => {
    const home = workplace.folder();
    const other = raw(home);
    other.exec('BEGIN EXCLUSIVE');
    await expect(workplace.store(home)).rejects.toMatchObject({ name: 'StoreError', code: 'retry_later' });
    other.exec('COMMIT');
    expect(await newInstance(await workplace.store(home))).toBe(1);
  });

  it('that is locked for a moment is waited for', async () => {
    const home = workplace.folder();
    const other = raw(home);
    other.exec('BEGIN EXCLUSIVE');
    workplace.clock.meanwhile = () => {
      if (other.inTransaction && workplace.clock.slept > 2000) other.exec('COMMIT');
    };
    expect(await newInstance(await workplace.store(home))).toBe(1);
    expect(workplace.clock.slept).toBeGreaterThan(2000);
  });

  it('gives its pages back when much was pruned', async () => {
    const home = workplace.folder();
    const store = await workplace.store(home);
    const id = await newInstance(store);
    const lease = await store.leases.acquire(`poll:${id}`);
    if (lease === null) throw new Error('held');
    const notifications = Array.from({ length: 20 }, (_, n) =>
      notification(id, `n${n}`, { body: new Uint8Array(300_000), state: 'stored' }),
    );
    await store.resources.commitPart(lease, {
      instanceId: id,
      resource: 'changed-messages',
      patch: {},
      notifications,
      emitted: [],
      now: workplace.clock.now(),
    });
    const db = workplace.closing(await openDatabase(home, workplace.clock));
    const pages = () => db.read((sql) => sql.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0);
    const before = await pages();
    expect(before).toBeGreaterThan(1400);
    const aged = workplace.clock.now() + 1;
    expect(await store.outbox.prune({ deliveredBefore: aged, deadBefore: aged, limit: 100 })).toBe(20);
    expect(await pages()).toBeLessThan(400);
  });
});
