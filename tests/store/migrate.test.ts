import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Libsql from 'libsql';
import { type Migration, migrations } from '../../src/store/migrations/list.js';
import { connect } from '../../src/store/sqlite/connection.js';
import { migrate } from '../../src/store/sqlite/migrate.js';
import { Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const LIST: Migration[] = [
  { number: 1, sql: 'CREATE TABLE one (x); INSERT INTO one VALUES (1)' },
  { number: 2, sql: 'ALTER TABLE one ADD COLUMN y; CREATE TABLE two (x)' },
  { number: 3, sql: 'CREATE TABLE three (x)' },
];

function connection(home = workplace.folder()) {
  return workplace.closing(connect(new Libsql(join(home, 'events.db'))));
}

function tables(of: ReturnType<typeof connection>): string[] {
  return of.all<{ name: string }>('SELECT name FROM sqlite_master ORDER BY name').map((row) => row.name);
}

const version = (of: ReturnType<typeof connection>) => of.get('PRAGMA user_version');

describe('migrations', () => {
  it('are numbered from 1 in steps of 1', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_migration, n) => n + 1));
  });

  it('run once each, in order, from whatever version', async () => {
    const db = connection();
    await migrate(db, workplace.clock, LIST.slice(0, 1));
    expect([version(db), tables(db)]).toEqual([{ user_version: 1 }, ['one']]);
    await migrate(db, workplace.clock, LIST);
    await migrate(db, workplace.clock, LIST);
    expect([version(db), tables(db)]).toEqual([{ user_version: 3 }, ['one', 'three', 'two']]);
    expect(db.all('SELECT x, y FROM one')).toEqual([{ x: 1, y: null }]);
  });

  it('that fail leave the last good version, and go on from there', async () => {
    const db = connection();
    const broken = [LIST[0], { number: 2, sql: 'CREATE TABLE two (x); CREATE TABLE one (x)' }] as Migration[];
    await expect(migrate(db, workplace.clock, broken)).rejects.toMatchObject({ code: 'store' });
    expect([version(db), tables(db)]).toEqual([{ user_version: 1 }, ['one']]);
    await migrate(db, workplace.clock, LIST);
    expect(version(db)).toEqual({ user_version: 3 });
  });

  it('look again inside their transaction: another process was faster', async () => {
    const home = workplace.folder();
    const [db, other] = [connection(home), connection(home)];
    other.exec('BEGIN IMMEDIATE');
    workplace.clock.meanwhile = () => {
      if (!other.inTransaction) return;
      other.exec(`${LIST[0]?.sql}; PRAGMA application_id = ${0x676d6576}; PRAGMA user_version = 1; COMMIT`);
    };
    await migrate(db, workplace.clock, LIST.slice(0, 1));
    expect(workplace.clock.slept).toBeGreaterThan(0);
    expect(db.all('SELECT x FROM one')).toEqual([{ x: 1 }]);
  });
});
