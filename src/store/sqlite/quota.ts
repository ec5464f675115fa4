import type { QuotaRows, Units } from '../ports/accounts.js';
import type { Database } from './database.js';

/** Minutes of a scope that are kept behind the one being reserved: clocks of several processes differ a little. */
const KEPT_MINUTES = 5;
/** A cooldown that began further ahead than this was written by a clock that has since been set back. */
const AHEAD_MS = 60_000;

/** Not fsynced: what is lost with the power is a minute's reservation, or an answer of Google's that comes again. */
export function createQuotaRows(db: Database): QuotaRows {
  return {
    reserve: (scope, minute, units, budget) =>
      db.write('relaxed', (sql) => {
        const row = sql.get<{ reserved: number }>(
          'SELECT reserved FROM quota WHERE scope = ? AND minute = ?',
          scope,
          minute,
        );
        const granted = Math.max(0, Math.min(units, budget - (row?.reserved ?? 0)));
        if (granted === 0) return 0;
        sql.run(
          `INSERT INTO quota (scope, minute, reserved) VALUES (?, ?, ?)
           ON CONFLICT (scope, minute) DO UPDATE SET reserved = reserved + excluded.reserved`,
          scope,
          minute,
          granted,
        );
        if (row === undefined)
          sql.run('DELETE FROM quota WHERE scope = ? AND minute < ?', scope, minute - KEPT_MINUTES);
        return granted;
      }),

    cooldown: (scopes, now, begunBy) =>
      db.read(
        (sql) =>
          sql.get<{ until: number; since: number; reason: string }>(
            `SELECT until, since, reason FROM cooldown
             WHERE scope IN (${scopes.map(() => '?').join(', ')}) AND until > ? AND since <= ? ORDER BY until DESC LIMIT 1`,
            ...scopes,
            now,
            begunBy,
          ) ?? null,
      ),

    setCooldown: async (scope, until, since, reason) => {
      await db.write('relaxed', (sql) =>
        sql.run(
          `INSERT INTO cooldown (scope, until, since, reason) VALUES (?, ?, ?, ?)
           ON CONFLICT (scope) DO UPDATE SET until = excluded.until, since = excluded.since, reason = excluded.reason
           WHERE excluded.until >= until OR until <= excluded.since OR since > excluded.since + ?`,
          scope,
          until,
          since,
          reason,
          AHEAD_MS,
        ),
      );
    },

    spent: async (account, day, used) => {
      await db.write('relaxed', (sql) =>
        sql.run(
          `INSERT INTO spent (account, day, requests, units) VALUES (?, ?, ?, ?)
           ON CONFLICT (account, day) DO UPDATE SET requests = requests + excluded.requests, units = units + excluded.units`,
          account,
          day,
          used.requests,
          used.units,
        ),
      );
    },

    spentOn: (day) =>
      db.read((sql) =>
        sql.all<{ account: string } & Units>(
          'SELECT account, requests, units FROM spent WHERE day = ? ORDER BY account',
          day,
        ),
      ),
  };
}
