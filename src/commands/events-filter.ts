import type { Context } from '../core/context.js';
import type { OutboxFilter } from '../core/delivery/index.js';
import { CoreError, type Fault } from '../core/errors.js';
import { findInstance } from '../core/instances/index.js';

/** The flags that `events list`, `resend` and `discard` share, as they were typed. */
export interface EventsFilterOptions {
  state?: string;
  /** ID or NAME */
  instance?: string;
  resource?: string;
  since?: string;
  limit?: string;
}

const STATES = ['pending', 'delivered', 'dead', 'stored'] as const;
const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The flags read, all their faults at once. CoreError `usage`, for an unknown instance too. */
export async function eventsFilter(options: EventsFilterOptions, ctx: Context): Promise<OutboxFilter> {
  const filter: OutboxFilter = {};
  const faults: Fault[] = [];
  const state = STATES.find((known) => known === options.state);
  if (state !== undefined) filter.state = state;
  else if (options.state !== undefined) {
    faults.push({ path: '--state', message: `"${options.state}" is not one of ${STATES.join(', ')}` });
  }
  if (options.since !== undefined) {
    const since = pastTime(options.since, ctx.clock.now());
    if (since !== null) filter.since = since;
    else
      faults.push({ path: '--since', message: `"${options.since}" is neither an ISO 8601 time nor like 30m, 2h, 3d` });
  }
  if (options.limit !== undefined) {
    if (/^[1-9]\d{0,8}$/.test(options.limit)) filter.limit = Number(options.limit);
    else faults.push({ path: '--limit', message: `"${options.limit}" is not a whole number from 1` });
  }
  if (faults.length > 0) {
    const message = faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ');
    throw new CoreError('usage', message, { faults });
  }
  if (options.resource !== undefined) filter.resource = options.resource;
  if (options.instance !== undefined) filter.instanceId = (await findInstance(ctx, options.instance)).id;
  return filter;
}

/** As `eventsFilter`, for a command that acts: on the ids, on what a filter names, but never on all there is. */
export async function eventsNamed(
  options: EventsFilterOptions & { ids?: string[] },
  ctx: Context,
  command: string,
): Promise<OutboxFilter> {
  const { ids = [], ...flags } = options;
  const filter = await eventsFilter(flags, ctx);
  const filtered = filter.state ?? filter.instanceId ?? filter.resource ?? filter.since;
  if (ids.length === 0 && filtered === undefined) {
    throw new CoreError('usage', `gmail-events ${command} needs to be told which notifications`, {
      hint: `Name their ids, or a filter: --state, --instance, --resource, --since.`,
    });
  }
  return ids.length === 0 ? filter : { ...filter, ids: [...new Set(ids)] };
}

/** "2h" is two hours before `now`; null for what is no time. Milliseconds. */
export function pastTime(text: string, now: number): number | null {
  const span = /^(\d{1,9})(s|m|h|d|w)$/.exec(text.trim());
  if (span !== null) return now - Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text.trim())) return null;
  const time = Date.parse(text.trim());
  return Number.isNaN(time) ? null : time;
}
