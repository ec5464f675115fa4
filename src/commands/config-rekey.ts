import { KEY_VARIABLE, NEW_KEY_VARIABLE, rekey } from '../core/settings/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { counted } from './notification-lines.js';

export interface ConfigRekeyOptions {
  home?: string;
  remove?: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/** Takes the files with secrets to another key, or to none. */
export async function run({ home, remove = false, env }: ConfigRekeyOptions, ui: Ui): Promise<Outcome> {
  const done = await rekey({ home, env, remove });
  const { files, encrypted } = done;
  ui.data(done);
  ui.text(
    encrypted
      ? `${counted(files, 'file')} of ${done.home} encrypted under the new key.`
      : `${counted(files, 'file')} of ${done.home} left in plain text.`,
  );
  if (!ui.json) {
    ui.note(
      encrypted
        ? `Next: put the new key into ${KEY_VARIABLE} wherever gmail-events runs, unset ${NEW_KEY_VARIABLE}, and start watch and services again.`
        : `Next: unset ${KEY_VARIABLE} wherever gmail-events runs, and start watch and services again.`,
    );
  }
  return 'ok';
}
