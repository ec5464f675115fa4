import type { Context } from '../core/context.js';
import { readSettingList } from '../core/settings/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { settingText } from './setting-text.js';

/** Every setting with its value, secrets masked. */
export async function run(_options: object, ctx: Context, ui: Ui): Promise<Outcome> {
  const settings = await readSettingList(ctx);
  ui.data(Object.fromEntries(settings.map(({ key, value }) => [key, value])));
  ui.table(
    ['KEY', 'VALUE', 'FROM'],
    settings.map(({ key, value, given }) => [key, settingText(value), given ? 'config.json' : 'default']),
  );
  return 'ok';
}
