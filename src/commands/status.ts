import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { spentToday } from '../core/spent-today.js';
import { type AccountStatus, type InstanceStatus, readStatus } from '../core/status.js';
import { errorObject } from '../ui/error.js';
import type { Outcome, Ui } from '../ui/output.js';
import { isoTime, relativeTime } from '../ui/time.js';
import { instancesText } from './notification-lines.js';
import { countCell, deliveriesOf, stateCell } from './state-cells.js';

/** What each instance does, and what needs a person: then the exit code is 4 (only authorization) or 3, for a monitor. */
export async function run(_options: object, ctx: Context, ui: Ui): Promise<Outcome> {
  const { instances, accounts } = await readStatus(ctx);
  ui.data({
    instances: instances.map(asJson),
    accounts: accounts.map((each) => ({ ...each, until: isoTime(each.until) })),
  });
  if (!ui.json) {
    show(instances, accounts, ctx.clock.now(), ui);
    const spent = (await spentToday(ctx)).map(({ account, units }) => `${account}: ${units} units today`);
    if (spent.length > 0) ui.text(`\n${spent.join('\n')}`);
  }
  const trouble = outcome(instances, accounts);
  if (trouble === 'ok') return 'ok';
  const ids = instances.filter(({ error }) => error !== null).map(({ id }) => id);
  const what = ids.length === 0 ? 'an account needs' : `${instancesText(ids)} ${ids.length === 1 ? 'needs' : 'need'}`;
  const where = ui.quiet ? 'gmail-events status names the fix of each.' : 'Each fix is in the status itself.';
  throw new CoreError(trouble, `${what} a person`, { hint: where });
}

/** `retry_later` passes by itself; all else needs someone. */
export function outcome(instances: InstanceStatus[], accounts: AccountStatus[]): Outcome {
  const failing = instances.filter(({ error }) => error !== null && error.code !== 'retry_later');
  const codes = new Set<Outcome>(failing.map(({ error }) => error?.code ?? 'failed'));
  for (const { email, state } of accounts) {
    // What an instance has met says more than the state of its account.
    if (failing.some(({ account }) => account === email)) continue;
    if (state === 'reauthorize') codes.add('auth');
    if (state === 'operator') codes.add('failed');
  }
  if (codes.size === 0) return 'ok';
  if (codes.size > 1) return 'partial';
  if (codes.has('auth')) return 'auth';
  return codes.has('store') && failing.length === instances.length ? 'store' : 'partial';
}

function asJson(each: InstanceStatus): object {
  return {
    id: each.id,
    name: each.name,
    account: each.account,
    lastPollAt: isoTime(each.lastPollAt),
    nextPollAt: isoTime(each.nextPollAt),
    cursorAt: isoTime(each.cursorAt),
    cursorExpiresAt: isoTime(each.cursorExpiresAt),
    deliveries: each.deliveries,
    pending: each.pending,
    dead: each.dead,
    oldestPendingAt: isoTime(each.oldestPendingAt),
    error: each.error === null ? null : errorObject(Object.assign(new Error(each.error.message), each.error)),
  };
}

function show(instances: InstanceStatus[], accounts: AccountStatus[], now: number, ui: Ui): void {
  if (instances.length === 0) ui.note('There are no instances yet: gmail-events create-instance makes one.');
  else showTable(instances, now, ui);
  for (const { id, error } of instances) {
    if (error !== null) showTrouble(`instance ${id}: ${error.message}`, error.hint, ui);
  }
  for (const account of accounts) {
    const told = instances.some((each) => each.account === account.email && each.error !== null);
    const trouble = told ? null : troubleOf(account, now);
    if (trouble !== null) showTrouble(`${account.email}: ${trouble.what}`, trouble.fix, ui);
  }
}

function showTable(instances: InstanceStatus[], now: number, ui: Ui): void {
  ui.table(
    ['id', 'name', 'account', 'last poll', 'next poll', 'cursor', 'expires', 'deliveries', 'pending', 'dead', 'oldest'],
    instances.map((each) => [
      String(each.id),
      each.name,
      each.account,
      relativeTime(each.lastPollAt, now),
      relativeTime(each.nextPollAt, now),
      relativeTime(each.cursorAt, now),
      relativeTime(each.cursorExpiresAt, now),
      stateCell(deliveriesOf(each), ui.paint),
      countCell(each.pending, ui.paint.yellow),
      countCell(each.dead, ui.paint.red),
      relativeTime(each.oldestPendingAt, now),
    ]),
    ['cursor', 'oldest', 'expires', 'account', 'last poll'],
  );
}

function showTrouble(what: string, fix: string | null, ui: Ui): void {
  ui.text(`\n${what}${fix === null ? '' : `\n  fix: ${fix}`}`);
}

function troubleOf({ state, until }: AccountStatus, now: number): { what: string; fix: string | null } | null {
  switch (state) {
    case 'ok':
      return null;
    case 'cooling':
      return { what: `Google asked for a pause, which ends ${relativeTime(until, now)}`, fix: null };
    case 'expiring':
      return { what: `Google ends this grant ${relativeTime(until, now)}`, fix: 'gmail-events auth' };
    default:
      return { what: 'its grant has failed', fix: 'gmail-events auth check tells why' };
  }
}
