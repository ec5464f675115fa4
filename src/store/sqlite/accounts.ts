import type { AccountRow, AccountRows } from '../ports/accounts.js';
import { selected } from './columns.js';
import type { Database } from './database.js';

const SELECT = `SELECT ${selected(['account', 'state', 'reason', 'hint', 'at', 'grantHash'])} FROM account`;

/** Not fsynced: a state that is lost is found out again at the next refresh. */
export function createAccountRows(db: Database): AccountRows {
  return {
    get: (account) => db.read((sql) => sql.get<AccountRow>(`${SELECT} WHERE account = ?`, account) ?? null),

    list: () => db.read((sql) => sql.all<AccountRow>(`${SELECT} ORDER BY account`)),

    set: async ({ account, state, reason, hint, at, grantHash }) => {
      await db.write('relaxed', (sql) =>
        sql.run(
          'INSERT OR REPLACE INTO account (account, state, reason, hint, at, grant_hash) VALUES (?, ?, ?, ?, ?, ?)',
          account,
          state,
          reason,
          hint,
          at,
          grantHash,
        ),
      );
    },

    remove: async (account) => {
      await db.write('relaxed', (sql) => sql.run('DELETE FROM account WHERE account = ?', account));
    },
  };
}
