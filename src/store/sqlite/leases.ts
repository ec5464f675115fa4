import { LeaseLostError } from '../errors.js';
import { currentHolder, isGone } from '../holder.js';
import type { Lease, Leases } from '../ports/leases.js';
import type { Database, Sql } from './database.js';

const LIFETIME_MS = 30_000;
/** A renewal further ahead than this was written by a clock that has since been set back. */
const AHEAD_MS = 60_000;

interface LeaseRow {
  fence: number;
  held: number;
  renewedAt: number;
  bootId: string | null;
  pidNamespace: string | null;
  pid: number | null;
  pidStart: string | null;
  wantedAt: number | null;
}

export function createLeases(db: Database, clock: { now(): number }): Leases {
  const holder = currentHolder();

  function isFree(row: LeaseRow | undefined, now: number): boolean {
    if (row === undefined || row.held === 0) return true;
    if (now - row.renewedAt >= LIFETIME_MS || row.renewedAt - now > AHEAD_MS) return true;
    return row.pid !== null && isGone({ ...row, pid: row.pid }, holder);
  }

  function take(sql: Sql, { name, fence }: Lease, seen: LeaseRow | undefined): boolean {
    const taken = sql.run(
      `INSERT INTO lease (name, fence, held, renewed_at, boot_id, pid_namespace, pid, pid_start, wanted_at)
       VALUES (?, ?, 1, ?, ?, ?, ?, ?, NULL)
       ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, held = 1, renewed_at = excluded.renewed_at,
         boot_id = excluded.boot_id, pid_namespace = excluded.pid_namespace, pid = excluded.pid,
         pid_start = excluded.pid_start, wanted_at = NULL
       WHERE fence = ? AND held = ? AND renewed_at = ?`,
      name,
      fence,
      clock.now(),
      holder.bootId,
      holder.pidNamespace,
      holder.pid,
      holder.pidStart,
      seen?.fence ?? null,
      seen?.held ?? null,
      seen?.renewedAt ?? null,
    );
    return taken === 1;
  }

  return {
    async acquire(name) {
      for (;;) {
        // Looked at without the write lock: a lease that others hold is the common case of a cron line.
        const row = await db.read((sql) => leaseRow(sql, name));
        if (!isFree(row, clock.now())) return null;
        const lease = { name, fence: (row?.fence ?? 0) + 1 };
        // Not taken when it is not as it was looked at any more: then it is looked at again.
        if (await db.write('relaxed', (sql) => take(sql, lease, row))) return lease;
      }
    },

    async renew(lease) {
      await db.write('relaxed', (sql) => {
        assertFence(sql, lease);
        sql.run('UPDATE lease SET renewed_at = ? WHERE name = ?', clock.now(), lease.name);
      });
    },

    async check(lease) {
      return db.read((sql) => assertFence(sql, lease).wantedAt !== null);
    },

    async release(lease) {
      if (!givenBack.has(lease)) await db.write('relaxed', (sql) => giveBack(sql, lease));
    },

    async want(name) {
      await db.write('relaxed', (sql) =>
        sql.run('UPDATE lease SET wanted_at = ? WHERE name = ? AND held = 1', clock.now(), name),
      );
    },

    async wanted(lease) {
      const row = await db.read((sql) => leaseRow(sql, lease.name));
      return row !== undefined && row.fence === lease.fence && row.wantedAt !== null;
    },
  };
}

/** Given back by the transaction that ended the work under them. */
const givenBack = new WeakSet<Lease>();

/** For use inside a transaction. Once it is committed, `noteGivenBack` saves the release another one. */
export function giveBack(sql: Sql, { name, fence }: Lease): void {
  sql.run('UPDATE lease SET held = 0, wanted_at = NULL WHERE name = ? AND fence = ?', name, fence);
}

export function noteGivenBack(lease: Lease): void {
  givenBack.add(lease);
}

/** For use inside a transaction: nothing of it is stored once another process has taken the lease. */
export function assertFence(sql: Sql, lease: Lease): { wantedAt: number | null } {
  const row = sql.get<{ wantedAt: number | null }>(
    'SELECT wanted_at AS wantedAt FROM lease WHERE name = ? AND fence = ? AND held = 1',
    lease.name,
    lease.fence,
  );
  if (row === undefined) throw new LeaseLostError(lease.name);
  if (lease.beside !== undefined) assertFence(sql, lease.beside);
  return row;
}

function leaseRow(sql: Sql, name: string): LeaseRow | undefined {
  return sql.get<LeaseRow>(
    `SELECT fence, held, renewed_at AS renewedAt, boot_id AS bootId, pid_namespace AS pidNamespace, pid,
            pid_start AS pidStart, wanted_at AS wantedAt
     FROM lease WHERE name = ?`,
    name,
  );
}
