import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database, Sql } from '../../src/store/sqlite/database.js';
import { openDatabase } from '../../src/store/sqlite/open.js';
import { Workplace } from './fixtures.js';

const workplace = new Workplace();
const add = (account: string) => (sql: Sql) =>
  sql.run(`INSERT INTO account (account, state) VALUES (?, 'ok')`, account);
const known = (db: Database) =>
  db.read((sql) =>
    sql.all<{ account: string }>('SELECT account FROM account ORDER BY account').map((row) => row.account),
  );

let db: Database;
let home: string;

beforeEach(async () => {
  home = workplace.folder();
  db = workplace.closing(await openDatabase(home, workplace.clock));
});
afterEach(() => workplace.clean());

describe.each(['full', 'relaxed'] as const)('%s writes that come at the same time', (durability) => {
  it('are one transaction: another process sees none of them, then all', async () => {
    const other = workplace.closing(await openDatabase(home, workplace.clock));
    const seen: number[] = [];
    const writes = ['a', 'b', 'c'].map((account) =>
      db.write(durability, add(account)).then(async () => seen.push((await known(other)).length)),
    );
    expect(await known(other)).toEqual([]);
    await Promise.all(writes);
    expect(seen).toEqual([3, 3, 3]);
  });

  it('are whole or not at all, each for itself', async () => {
    const failing = db.write(durability, (sql) => {
      add('half')(sql);
      throw new Error('no');
    });
    const doubled = db.write(durability, add('a'));
    const outcomes = await Promise.allSettled([
      db.write(durability, add('b')),
      failing,
      doubled,
      db.write(durability, add('a')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(await known(db)).toEqual(['a', 'b']);
  });

  it('are all refused when the database stays locked, and those that come after it are not', async () => {
    const other = workplace.closing(await openDatabase(home, workplace.clock));
    let locked: Promise<PromiseSettledResult<number>[]> | null = null;
    await other.write('relaxed', () => {
      locked = Promise.allSettled([db.write(durability, add('a')), db.write(durability, add('b'))]);
    });
    expect(await known(db)).toEqual([]);
    expect((await (locked ?? [])).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    await db.write(durability, add('c'));
    expect(await known(db)).toEqual(['a', 'b', 'c']);
  });
});
