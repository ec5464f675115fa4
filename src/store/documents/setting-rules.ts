import type { SettingsDocument } from '../ports/documents.js';

interface Rule {
  initial: unknown;
  accepted: string;
  check(value: unknown): boolean;
}

/** A wait of more than a week is no retry any more. */
const LONGEST_WAIT_S = 604_800;

const text: Rule = {
  initial: null,
  accepted: 'a text',
  check: (value) => value === null || (typeof value === 'string' && value !== ''),
};
const url: Rule = {
  initial: null,
  accepted: 'an http or https URL',
  check: (value) =>
    value === null || (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
};

function whole(initial: number, least: number, most: number): Rule {
  return {
    initial,
    accepted: `a whole number from ${least} to ${most}`,
    check: (value) => isNumber(value) && Number.isInteger(value) && value >= least && value <= most,
  };
}

function days(initial: number): Rule {
  return {
    initial,
    accepted: 'a number of days from 0 to 36500',
    check: (value) => isNumber(value) && value >= 0 && value <= 36_500,
  };
}

const RULES: Record<keyof SettingsDocument, Rule> = {
  'oauth.clientId': text,
  'oauth.clientSecret': text,
  'oauth.callbackUrl': url,
  // A messages.get or a history.list has to fit into a minute's budget.
  'quota.perAccountPerMinute': whole(6000, 100, 1_000_000_000),
  'quota.perProjectPerMinute': whole(1_200_000, 100, 1_000_000_000),
  'delivery.retryWaits': {
    initial: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
    accepted: `a list of at most 100 numbers of seconds, each from 0 to ${LONGEST_WAIT_S}`,
    check: (value) =>
      Array.isArray(value) &&
      value.length <= 100 &&
      value.every((wait: unknown) => isNumber(wait) && wait >= 0 && wait <= LONGEST_WAIT_S),
  },
  'delivery.timeoutSeconds': {
    initial: 15,
    accepted: 'a number of seconds above 0, at most 600',
    check: (value) => isNumber(value) && value > 0 && value <= 600,
  },
  'retention.deliveredDays': days(7),
  'retention.deadDays': days(30),
};

export const SETTING_KEYS = Object.keys(RULES) as (keyof SettingsDocument)[];

export function isSettingKey(key: string): key is keyof SettingsDocument {
  return Object.hasOwn(RULES, key);
}

/** What is accepted for the key, as the end of a sentence, when the value is not; null when it is. */
export function settingFault(key: keyof SettingsDocument, value: unknown): string | null {
  const rule = RULES[key];
  return rule.check(value) ? null : `${rule.accepted} is accepted`;
}

export function defaultSettings(): SettingsDocument {
  const settings = Object.fromEntries(SETTING_KEYS.map((key) => [key, RULES[key].initial]));
  return structuredClone(settings) as unknown as SettingsDocument;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
