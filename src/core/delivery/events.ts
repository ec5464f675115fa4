import type { AttemptLog, OutboxFilter, OutboxRow } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import { select } from './select.js';

/** The JSON of a notification in `events list`; times are ISO 8601 in UTC. Holds nothing of the mail. */
export interface EventObject {
  id: string;
  instanceId: number;
  resource: string;
  state: OutboxRow['state'];
  attempts: number;
  nextAttemptAt: string | null;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: string;
  deliveredAt: string | null;
  eventCount: number;
}

/** Of `events show`: also the mail's content. */
export interface ShownEvent extends EventObject {
  /** The body as JSON. */
  body: unknown;
  attemptLog: {
    at: string;
    status: number | null;
    durationMs: number;
    error: string | null;
    answer: string | null;
  }[];
}

/** Notifications in queue order, without their bodies. CoreError `usage` for an unknown id. */
export function listEvents(ctx: Context, filter: OutboxFilter): Promise<OutboxRow[]> {
  return select(ctx, filter);
}

/** One notification with its body and every attempt. CoreError `usage` for an unknown id. */
export async function showEvent(ctx: Context, id: string): Promise<ShownEvent> {
  const rows = await select(ctx, { ids: [id] });
  const [body, attempts] = await Promise.all([ctx.store.outbox.body(id), ctx.store.outbox.attempts(id)]);
  const [event] = rows.map(eventObject);
  if (event === undefined) throw new Error(`notification ${id} was removed meanwhile`);
  return { ...event, body: parsed(body), attemptLog: attempts.map(attemptObject) };
}

export function eventObject(row: OutboxRow): EventObject {
  return {
    id: row.id,
    instanceId: row.instanceId,
    resource: row.resource,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: iso(row.nextAttemptAt),
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdAt: isoTime(row.createdAt),
    deliveredAt: iso(row.deliveredAt),
    eventCount: row.eventCount,
  };
}

function attemptObject({ at, status, durationMs, error, answer }: AttemptLog): ShownEvent['attemptLog'][number] {
  return { at: isoTime(at), status, durationMs, error, answer };
}

function parsed(body: Uint8Array | null): unknown {
  return body === null ? null : JSON.parse(Buffer.from(body).toString('utf8'));
}

function iso(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
