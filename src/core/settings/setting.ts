import { closestMatch } from 'leven';
import { defaultSettings, isSettingKey, SETTING_KEYS, settingFault } from '../../store/documents/setting-rules.js';
import type { SettingsDocument } from '../../store/ports/documents.js';
import type { Context } from '../context.js';
import { CoreError } from '../errors.js';

export type SettingKey = keyof SettingsDocument;
export type SettingValue = SettingsDocument[SettingKey];

export interface Setting {
  key: SettingKey;
  /** A secret that is set reads as `********`. */
  value: SettingValue;
  default: SettingValue;
  /** It stands in config.json. */
  given: boolean;
}

const SECRETS: ReadonlySet<SettingKey> = new Set<SettingKey>(['oauth.clientSecret']);
const MASK = '********';
/** Farther from every key than this, a word is no misspelling. */
const FARTHEST = 12;

export { SETTING_KEYS };

export function isSecretSetting(key: SettingKey): boolean {
  return SECRETS.has(key);
}

/** The key as it is, or CoreError `usage` that names the nearest. */
export function settingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text;
  const nearest = closestMatch(text.toLowerCase(), SETTING_KEYS, { maxDistance: FARTHEST });
  const message = `there is no setting "${text}"`;
  throw new CoreError('usage', message, {
    hint: nearest === undefined ? `There are: ${SETTING_KEYS.join(', ')}.` : `Did you mean ${nearest}?`,
    faults: [{ path: 'KEY', message }],
  });
}

/** Every setting, or those named. StoreError for a wrong value in config.json. */
export async function readSettingList(ctx: Context, keys: readonly SettingKey[] = SETTING_KEYS): Promise<Setting[]> {
  const [values, given] = await Promise.all([ctx.store.settings.read(), ctx.store.settings.given()]);
  const defaults = defaultSettings();
  return keys.map((key) => ({
    key,
    value: isSecretSetting(key) && values[key] !== null ? MASK : values[key],
    default: defaults[key],
    given: given.includes(key) && values[key] !== null,
  }));
}

/** A value as it is typed; lists as JSON or separated by commas. CoreError `usage` names what is accepted, and no secret. */
export function settingValue(key: SettingKey, text: string): SettingValue {
  const value = typed(key, text.trim());
  const fault = isSecretSetting(key) && /\s|^{/.test(text.trim()) ? 'one word is accepted' : settingFault(key, value);
  if (fault === null) return value as SettingValue;
  const message = isSecretSetting(key) ? fault : `${JSON.stringify(text)} is not: ${fault}`;
  throw new CoreError('usage', `${key}: ${message}`, { faults: [{ path: key, message }] });
}

function typed(key: SettingKey, text: string): unknown {
  const initial = defaultSettings()[key];
  if (typeof initial === 'number') return text === '' ? Number.NaN : Number(text);
  if (!Array.isArray(initial)) return text;
  const words = text.replace(/^\[|\]$/g, '').split(',');
  return text === '' || text === '[]' ? [] : words.map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
}

/** null: the default counts again. */
export async function changeSetting(ctx: Context, key: SettingKey, value: SettingValue | null): Promise<void> {
  await ctx.store.settings.set({ [key]: value });
}
