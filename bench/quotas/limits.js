import { UNITS } from '../../dist/gmail/prices.js';

/** Google's limits of projects made since 2026-05-01, in units; docs/quotas.md names their sources. */
export const LIMITS = { projectDay: 80_000_000, projectMinute: 1_200_000, accountMinute: 6000 };
export const INTERVALS = [1, 5, 15];
/** New messages of a mailbox in a day. */
export const MAIL = [20, 50, 100];

const DAY_MINUTES = 1440;

/** Units of one mailbox in a day: a history.list each interval, and a messages.get for each message that is fetched. */
export function unitsADay(minutes, fetched) {
  return (UNITS['history.list'] * DAY_MINUTES) / minutes + UNITS['messages.get'] * fetched;
}

/** Mailboxes whose day costs so many units that fit into a project's day. */
export function mailboxesADay(units) {
  return Math.floor(LIMITS.projectDay / units);
}

/** Idle mailboxes that fit into a project's minute, their polls spread evenly over the interval. */
export function mailboxesAMinute(minutes) {
  return Math.floor((LIMITS.projectMinute / UNITS['history.list']) * minutes);
}
