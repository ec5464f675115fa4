import type { Outbox } from '../ports/outbox.js';
import type { Database, Sql } from './database.js';

/** Free pages that stay for the next rows, and how many are given back to the disk at a time. */
const KEPT_PAGES = 256;
const VACUUMED_PAGES = 2048;

/**
 * The aged rows of each state, pending never among them. Each takes a time and a limit. A stored row may have been pending
 * for months before: it ages from when it was stored, and its creation, which lies before that, only leads to it by the index.
 */
const AGED = {
  delivered: `SELECT seq, id FROM outbox WHERE state = 'delivered' AND delivered_at < ? LIMIT ?`,
  dead: `SELECT seq, id FROM outbox WHERE state = 'dead' AND died_at < ? LIMIT ?`,
  stored: `SELECT seq, id FROM (SELECT ? AS before) CROSS JOIN outbox
           WHERE state = 'stored' AND created_at < before AND coalesce(died_at, created_at) < before LIMIT ?`,
};

/**
 * One small step; not fsynced, for what comes back is deleted again, and without a write when nothing has aged: every cron
 * line comes by. Returns how many rows of the outbox went.
 */
export async function pruneStep(db: Database, options: Parameters<Outbox['prune']>[0]): Promise<number> {
  if (!(await db.read((sql) => hasAged(sql, options)))) return 0;
  const removed = await db.write('relaxed', (sql) => {
    let left = options.limit;
    left -= removeAged(sql, AGED.delivered, options.deliveredBefore, left);
    left -= removeAged(sql, AGED.dead, options.deadBefore, left);
    left -= removeAged(sql, AGED.stored, options.deadBefore, left);
    pruneQuota(sql, options.deadBefore);
    return options.limit - left;
  });
  if (removed > 0) await db.write('relaxed', returnPages);
  return removed;
}

function hasAged(sql: Sql, { deliveredBefore, deadBefore }: Parameters<Outbox['prune']>[0]): boolean {
  const { minute, day } = quotaTimes(deadBefore);
  return (
    sql.get(AGED.delivered, deliveredBefore, 1) !== undefined ||
    sql.get(AGED.dead, deadBefore, 1) !== undefined ||
    sql.get(AGED.stored, deadBefore, 1) !== undefined ||
    sql.get('SELECT 1 FROM spent WHERE day < ? LIMIT 1', day) !== undefined ||
    sql.get('SELECT 1 FROM cooldown WHERE until < ? LIMIT 1', deadBefore) !== undefined ||
    sql.get('SELECT 1 FROM quota WHERE minute < ? LIMIT 1', minute) !== undefined
  );
}

function removeAged(sql: Sql, select: string, before: number, limit: number): number {
  const rows = limit > 0 ? sql.all<{ seq: number; id: string }>(select, before, limit) : [];
  for (const { seq, id } of rows) {
    sql.run('DELETE FROM attempt WHERE notification_id = ?', id);
    sql.run('DELETE FROM body WHERE seq = ?', seq);
    sql.run('DELETE FROM outbox WHERE seq = ?', seq);
  }
  return rows.length;
}

/** What accounts that nobody polls any more have left behind. */
function pruneQuota(sql: Sql, before: number): void {
  const { minute, day } = quotaTimes(before);
  sql.run('DELETE FROM quota WHERE minute < ?', minute);
  sql.run('DELETE FROM cooldown WHERE until < ?', before);
  sql.run('DELETE FROM spent WHERE day < ?', day);
}

function quotaTimes(before: number): { minute: number; day: string } {
  return { minute: Math.floor(before / 60_000), day: new Date(before).toISOString().slice(0, 10) };
}

function returnPages(sql: Sql): void {
  const free = sql.get<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0;
  if (free > KEPT_PAGES) sql.all(`PRAGMA incremental_vacuum(${Math.min(free - KEPT_PAGES, VACUUMED_PAGES)})`);
}
