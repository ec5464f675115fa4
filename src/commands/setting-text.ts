import type { SettingValue } from '../core/settings/index.js';

/** As `config set` takes it back; nothing for a setting without a value. */
export function settingText(value: SettingValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
