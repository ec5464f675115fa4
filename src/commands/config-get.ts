import type { Context } from '../core/context.js';
import { readSettingList, settingKey } from '../core/settings/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { settingText } from './setting-text.js';

/** The value alone, for a script; an empty line when there is none. */
export async function run({ key }: { key: string }, ctx: Context, ui: Ui): Promise<Outcome> {
  for (const setting of await readSettingList(ctx, [settingKey(key)])) {
    ui.data(setting);
    ui.text(settingText(setting.value));
  }
  return 'ok';
}
