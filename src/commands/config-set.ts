import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import {
  changeSetting,
  isSecretSetting,
  readSettingList,
  type SettingKey,
  settingKey,
  settingValue,
} from '../core/settings/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Input, readInput } from './input.js';
import { settingText } from './setting-text.js';

export interface ConfigSetOptions {
  key: string;
  value?: string;
  /** Where the value is read from; - is stdin. */
  file?: string;
  /** Takes the setting out of config.json. */
  unset?: boolean;
  stdin?: Input;
}

const LARGEST = 64 * 1024;

export async function run(options: ConfigSetOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const key = settingKey(options.key);
  const text = await givenValue(key, options);
  await changeSetting(ctx, key, text === null ? null : settingValue(key, text));
  const [setting] = await readSettingList(ctx, [key]).catch(othersAreWrong);
  if (setting === undefined) return 'ok';
  ui.data(setting);
  ui.text(`${key} is ${setting.value === null ? 'not set' : settingText(setting.value)}`);
  return 'ok';
}

/** What was set is set, though another setting stops every command: the next one says so. */
function othersAreWrong(): [] {
  return [];
}

async function givenValue(key: SettingKey, options: ConfigSetOptions): Promise<string | null> {
  const { value, file, unset = false, stdin } = options;
  const ways = [value !== undefined, file !== undefined, unset].filter(Boolean).length;
  if (ways !== 1) {
    throw usage(
      'VALUE',
      ways === 0 ? `a value for ${key} is missing` : 'VALUE, --file and --unset exclude each other',
      isSecretSetting(key) ? fromFile(key) : `gmail-events config set ${key} VALUE`,
    );
  }
  if (unset) return null;
  if (file !== undefined) {
    const bytes = await readInput('--file', file, stdin, LARGEST);
    return Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
  }
  if (isSecretSetting(key))
    throw usage('VALUE', `${key} is a secret and never taken from the command line`, fromFile(key));
  return value ?? '';
}

function fromFile(key: SettingKey): string {
  return `gmail-events config set ${key} --file FILE (- reads stdin)`;
}

function usage(path: string, message: string, hint: string): CoreError {
  return new CoreError('usage', message, { hint, faults: [{ path, message }] });
}
