import type { Fault } from '../errors.js';
import { checkResources, DEFAULT_CONFIGURATION } from '../resources/url.js';
import type { Resource } from '../types.js';
import { readCallbackHeaders } from './callback-headers.js';
import { intervalMinutes, valueFaults } from './configuration-rules.js';
import { MASK } from './masks.js';

const POLLER = 'event.poller.configuration';
const DAY_MINUTES = 24 * 60;

/** `configuration`, checked. With faults, the rest is not to be used. */
export interface CheckedConfiguration {
  /** As it is stored: every value as text. */
  values: Record<string, string>;
  eventsEnabled: boolean;
  intervalMinutes: number;
  resources: Resource[];
  faults: Fault[];
  warnings: string[];
}

/** The path of a key, as faults name it. */
export function keyPath(key: string): string {
  return `configuration[${JSON.stringify(key)}]`;
}

/** Without what counts as absent: null, and the mask of an export. `__proto__` is dropped: no object can carry it as a key. */
export function withoutAbsent(given: Record<string, unknown>): Record<string, unknown> {
  const present = Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== MASK);
  return Object.fromEntries(present.filter(([key]) => key !== '__proto__'));
}

/** Every key of a whole configuration, absent ones left out, against what it accepts, and what they mean together. */
export function checkConfiguration(given: Record<string, unknown>, allowPrivate: boolean): CheckedConfiguration {
  const faults = Object.entries(given).flatMap(([key, value]) =>
    valueFaults(key, value, allowPrivate).map((message) => ({ path: keyPath(key), message })),
  );
  faults.push(...conflicts(given));
  const eventsEnabled = String(given['event.notification.enabled']) === 'true';
  const complete = eventsEnabled && given[POLLER] === undefined ? { ...given, [POLLER]: DEFAULT_CONFIGURATION } : given;
  const poller = complete[POLLER];
  const checked = poller === undefined ? { resources: [], faults: [] } : checkResources(poller, keyPath(POLLER));
  faults.push(...checked.faults);
  const values = asTexts(complete, faults);
  const interval = intervalMinutes(given['event.poller.refresh_interval'] ?? 15);
  return {
    values,
    eventsEnabled,
    intervalMinutes: interval,
    resources: checked.resources,
    faults,
    warnings: eventsEnabled ? warnings(interval) : [],
  };
}

function conflicts(given: Record<string, unknown>): Fault[] {
  const faults: Fault[] = [];
  const username = given['event.notification.basic.username'];
  if (given['event.notification.basic.password'] !== undefined && username === undefined) {
    const message = 'is missing, but there is a password; accepted: a text';
    faults.push({ path: keyPath('event.notification.basic.username'), message });
  }
  const headers = given['event.notification.callback.headers'];
  const names = headers === undefined ? [] : Object.keys(readCallbackHeaders(headers).headers);
  if (username !== undefined && names.some((name) => name.toLowerCase() === 'authorization')) {
    const message = 'has Authorization, and event.notification.basic.username sets it too; accepted: one of the two';
    faults.push({ path: keyPath('event.notification.callback.headers'), message });
  }
  return faults;
}

function asTexts(given: Record<string, unknown>, faults: Fault[]): Record<string, string> {
  const texts = Object.entries(given).map(([key, value]): [string, string] => {
    if (typeof value === 'string') return [key, value];
    try {
      return [key, JSON.stringify(value)];
    } catch {
      faults.push({ path: keyPath(key), message: 'is nested too deeply' });
      return [key, ''];
    }
  });
  return Object.fromEntries(texts);
}

function warnings(interval: number): string[] {
  if (!(interval > DAY_MINUTES)) return [];
  const text = `The interval of ${interval} minutes is over a day: Gmail may forget the cursor (it keeps a week, at times hours).`;
  return [text];
}
