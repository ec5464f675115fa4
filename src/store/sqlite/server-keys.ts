import type { ServerKeyRow, ServerKeyRows } from '../ports/server-keys.js';
import type { Database } from './database.js';

export function createServerKeyRows(db: Database): ServerKeyRows {
  return {
    // On the disk before it is told: the secrets are shown once.
    add: ({ userHash, organizationHash, createdAt }) =>
      db.write('full', (sql) => {
        sql.run(
          'INSERT INTO server_key (user_hash, organization_hash, created_at) VALUES (?, ?, ?)',
          userHash,
          organizationHash,
          createdAt,
        );
        return sql.get<{ id: number }>('SELECT id FROM server_key WHERE user_hash = ?', userHash)?.id ?? 0;
      }),

    list: () =>
      db.read((sql) =>
        sql.all<ServerKeyRow>(
          `SELECT id, user_hash AS userHash, organization_hash AS organizationHash, created_at AS createdAt
           FROM server_key ORDER BY id`,
        ),
      ),
  };
}
