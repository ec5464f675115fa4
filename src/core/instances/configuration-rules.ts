import { secretForm, valueForm } from '../value-form.js';
import { readCallbackHeaders } from './callback-headers.js';
import { callbackUrlFault } from './callback-url.js';
import { SECRET_KEYS } from './masks.js';
import { signingSecretFault } from './signing-secrets.js';

/** What is wrong with a value, as phrases; none when it can be stored. */
type Rule = (value: unknown, allowPrivate: boolean) => string[];

const NUMBER = /^\s*\d+(?:\.\d+)?\s*$/;
const PLACEHOLDER = /^\s*<[^<>]*>\s*$/;

/** What each known key accepts. */
const RULES: Readonly<Record<string, Rule>> = {
  'oauth.api.key': (value) => textFaults('oauth.api.key', value),
  'oauth.api.secret': (value) => textFaults('oauth.api.secret', value),
  'oauth.callback.url': (value) => (typeof value === 'string' && URL.canParse(value) ? [] : [notUrl(value)]),
  'oauth.user.token': (value) => textFaults('oauth.user.token', value),
  'oauth.user.refresh_token': (value) => textFaults('oauth.user.refresh_token', value),
  'event.notification.enabled': truthFaults,
  'event.notification.callback.url': (value, allowPrivate) => one(callbackUrlFault(value, allowPrivate)),
  'event.vendor.type': vendorFaults,
  'event.poller.refresh_interval': intervalFaults,
  'event.notification.signature.key': (value) => textFaults('event.notification.signature.key', value),
  'event.notification.basic.username': (value) => {
    if (typeof value !== 'string') return [`is ${valueForm(value)}; accepted: a text`];
    return value.includes(':') ? ['has a colon, which Basic authentication cannot carry in a user name'] : [];
  },
  'event.notification.basic.password': (value) =>
    typeof value === 'string' ? [] : [`is ${secretForm(value)}; accepted: a text`],
  'event.notification.callback.headers': (value) => readCallbackHeaders(value).faults,
  'event.notification.signing.secret': (value) => one(signingSecretFault(value)),
  'event.notification.order': (value) => choiceFaults(value, ['ordered', 'parallel']),
  'event.notification.format': (value) => choiceFaults(value, ['cloud-elements', 'cloudevents']),
  'event.notification.system.enabled': truthFaults,
};

/** Faults of one value. A key that nothing is known of is stored and echoed as it is. */
export function valueFaults(key: string, value: unknown, allowPrivate: boolean): string[] {
  return Object.hasOwn(RULES, key) ? (RULES[key]?.(value, allowPrivate) ?? []) : [];
}

/** Minutes of event.poller.refresh_interval; NaN when it is none. */
export function intervalMinutes(value: unknown): number {
  return typeof value === 'string' && NUMBER.test(value)
    ? Number(value)
    : typeof value === 'number'
      ? value
      : Number.NaN;
}

function intervalFaults(value: unknown): string[] {
  const minutes = intervalMinutes(value);
  if (Number.isFinite(minutes) && minutes >= 1) return [];
  return [`is ${valueForm(value)}; accepted: minutes, a number of 1 or more (without it: 15)`];
}

function vendorFaults(value: unknown): string[] {
  if (value === 'polling') return [];
  if (value === 'webhook' || value === 'webhooks') {
    return [
      'is webhooks, but Gmail POSTs no webhooks of its own, so mailboxes are polled; accepted: polling, or nothing',
    ];
  }
  return [`is ${valueForm(value)}; accepted: polling, or nothing`];
}

function truthFaults(value: unknown): string[] {
  return [true, false, 'true', 'false'].includes(value as string)
    ? []
    : [`is ${valueForm(value)}; accepted: true, false`];
}

function choiceFaults(value: unknown, accepted: string[]): string[] {
  return accepted.includes(value as string) ? [] : [`is ${valueForm(value)}; accepted: ${accepted.join(', ')}`];
}

function textFaults(key: string, value: unknown): string[] {
  const form = SECRET_KEYS.has(key) ? secretForm(value) : valueForm(value);
  if (typeof value !== 'string' || value.trim() === '') return [`is ${form}; accepted: a text that is not empty`];
  return PLACEHOLDER.test(value) ? ['still has the placeholder of the documentation; accepted: your own value'] : [];
}

function notUrl(value: unknown): string {
  return `is ${valueForm(value)}; accepted: the URL that is registered as the OAuth client's redirect URI`;
}

function one(fault: string | null): string[] {
  return fault === null ? [] : [fault];
}
