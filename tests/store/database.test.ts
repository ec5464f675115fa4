import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { StoreError } from '../../src/store/errors.js';
import type { Database } from '../../src/store/sqlite/database.js';
import { openDatabase } from '../../src/store/sqlite/open.js';
import { Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

async function database(home = workplace.folder()): Promise<{ db: Database; home: string }> {
  return { db: workplace.closing(await openDatabase(home, workplace.clock)), home };
}

/** Another connection that has begun to write. */
function locker(home: string): Libsql.Database {
  const other = workplace.closing(new Libsql(join(home, 'events.db')));
  other.exec('BEGIN IMMEDIATE');
  return other;
}

const addAccount = `INSERT INTO account (account, state) VALUES (?, 'ok')`;

describe('a write', () => {
  it.each([
    ['full', 2],
    ['relaxed', 1],
    ['full', 2],
  ] as const)('of %s durability runs under synchronous = %i', async (durability, level) => {
    const { db } = await database();
    await db.write(durability === 'full' ? 'relaxed' : 'full', (sql) => sql.run(addAccount, 'before'));
    const inForce = await db.write(durability, (sql) => sql.get('PRAGMA synchronous'));
    expect(inForce).toEqual({ synchronous: level });
  });

  it('whose callback throws stores nothing and leaves the connection usable', async () => {
    const { db } = await database();
    const failing = db.write('full', (sql) => {
      sql.run(addAccount, 'a');
      throw new RangeError('half way');
    });
    await expect(failing).rejects.toThrow(new RangeError('half way'));
    expect(await db.read((sql) => sql.all('SELECT account FROM account'))).toEqual([]);
    expect(await db.write('full', (sql) => sql.run(addAccount, 'b'))).toBe(1);
  });

  it('waits for another writer without blocking', async () => {
    const { db, home } = await database();
    const other = locker(home);
    let looks = 0;
    workplace.clock.meanwhile = () => {
      looks += 1;
      if (looks === 4) other.exec('COMMIT');
    };
    expect(await db.write('full', (sql) => sql.run(addAccount, 'a'))).toBe(1);
    expect(looks).toBe(4);
  });

  it('gives up with "try later" after 15 s, in small waits', async () => {
    const { db, home } = await database();
    locker(home);
    const waits: number[] = [];
    let before = workplace.clock.slept;
    workplace.clock.meanwhile = () => {
      waits.push(workplace.clock.slept - before);
      before = workplace.clock.slept;
    };
    const locked = db.write('full', (sql) => sql.run(addAccount, 'a'));
    await expect(locked).rejects.toMatchObject({ name: 'StoreError', code: 'retry_later' });
    const total = waits.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThanOrEqual(15_000);
    expect(total).toBeLessThan(15_100);
    expect(Math.max(...waits)).toBeLessThanOrEqual(50);
  });

  it('is not held up by readers, nor are they by it', async () => {
    const { db, home } = await database();
    const other = locker(home);
    other.prepare(addAccount).run(['unseen']);
    expect(await db.read((sql) => sql.all('SELECT account FROM account'))).toEqual([]);
    expect(workplace.clock.slept).toBe(0);
  });

  it.each([
    ['a full disk', 'PRAGMA max_page_count = 1', 'the disk of events.db is full (SQLITE_FULL)'],
    ['a read-only database', 'PRAGMA query_only = ON', 'events.db is read-only (SQLITE_READONLY)'],
  ])('into %s is a fault of the store, and nothing half written', async (_name, pragma, message) => {
    const { db } = await database();
    await db.write('full', (sql) => sql.run(addAccount, 'kept'));
    await db.read((sql) => sql.all(pragma));
    const failing = db.write('full', (sql) => {
      sql.run(addAccount, 'lost');
      sql.run('INSERT INTO body (seq, bytes) VALUES (1, ?)', new Uint8Array(1_000_000));
    });
    await expect(failing).rejects.toMatchObject({ name: 'StoreError', code: 'store', message });
    expect(await db.read((sql) => sql.all('SELECT account FROM account'))).toEqual([{ account: 'kept' }]);
  });
});

describe('a statement', () => {
  it('is refused with a missing or a wrong value, which the driver would misread or die of', async () => {
    const { db } = await database();
    const run = (...values: unknown[]) => db.write('full', (sql) => sql.run(addAccount, ...(values as string[])));
    for (const values of [[], ['a', 'b'], [undefined], [true], [1n], [Number.NaN], [{}]]) {
      await expect(run(...values)).rejects.toThrow(TypeError);
    }
    expect(await db.read((sql) => sql.all('SELECT account FROM account'))).toEqual([]);
  });

  it('gives plain rows: bytes as bytes, large numbers exact, nothing added', async () => {
    const { db } = await database();
    await db.write('full', (sql) => {
      sql.run('INSERT INTO body (seq, bytes) VALUES (?, ?)', 2 ** 52 + 1, new Uint8Array([0, 1, 255]));
    });
    const read = 'SELECT seq, bytes, NULL AS empty FROM body';
    const one = await db.read((sql) => sql.get<{ seq: number; bytes: Uint8Array }>(read));
    const all = await db.read((sql) => sql.all<{ seq: number; bytes: Uint8Array }>(read));
    for (const row of [one, all[0]]) {
      expect(Object.keys(row ?? {})).toEqual(['seq', 'bytes', 'empty']);
      expect(row?.seq).toBe(2 ** 52 + 1);
      expect([...(row?.bytes ?? [])]).toEqual([0, 1, 255]);
    }
  });

  it('that is wrong is a fault of the store', async () => {
    const { db } = await database();
    await expect(db.read((sql) => sql.get('SELECT * FROM missing'))).rejects.toThrow(StoreError);
  });
});

describe('a statement that was used before', () => {
  it('gives what it is asked for now, one row after many', async () => {
    const { db } = await database();
    for (const name of ['a', 'b', 'c']) await db.write('relaxed', (sql) => sql.run(addAccount, name));
    const text = 'SELECT account FROM account WHERE account >= ? ORDER BY account';
    expect(await db.read((sql) => sql.all(text, 'b'))).toEqual([{ account: 'b' }, { account: 'c' }]);
    expect(await db.read((sql) => sql.get(text, 'c'))).toEqual({ account: 'c' });
    expect(await db.read((sql) => sql.get(text, 'd'))).toBeUndefined();
    expect(await db.read((sql) => sql.all(text, 'c'))).toEqual([{ account: 'c' }]);
  });

  it('takes the new values after it failed', async () => {
    const { db } = await database();
    const text = `INSERT INTO account (account, state) VALUES (?, 'ok') RETURNING account`;
    const add = (name: string) => db.write('relaxed', (sql) => sql.get(text, name));
    await add('a');
    await expect(add('a')).rejects.toMatchObject({ code: 'store' });
    expect(await add('b')).toEqual({ account: 'b' });
    expect(await db.read((sql) => sql.all('SELECT account FROM account ORDER BY account'))).toEqual([
      { account: 'a' },
      { account: 'b' },
    ]);
  });
});
