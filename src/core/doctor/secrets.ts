import type { Inspection } from '../../store/inspect.js';
import { type Check, fault, well } from './check.js';
import { listed } from './permissions.js';

const NAME = 'secrets';

/** Where the secrets are and in what form: the names of files, never a value. `copies` lie there for receivers. */
export function secretsCheck(
  { forms, keyChanging }: Pick<Inspection, 'forms' | 'keyChanging'>,
  copies: string[],
  keyed: boolean,
): Check {
  if (keyChanging) {
    return fault(
      NAME,
      'store',
      'a change of the encryption key has not ended; nothing is lost',
      'Run `gmail-events config rekey` again, with the same keys in the environment.',
    );
  }
  const named = (form: string) => forms.filter((each) => each.form === form).map(({ file }) => file);
  const [sealed, plain, locked] = [named('encrypted'), named('plain'), named('locked')];
  if (locked.length > 0) {
    return fault(
      NAME,
      'store',
      `encrypted under ${keyed ? 'another key' : 'a key, and GMAIL_EVENTS_ENCRYPTION_KEY is not set'}: ${listed(locked)}`,
      'Set GMAIL_EVENTS_ENCRYPTION_KEY to the key that the home folder was encrypted with.',
    );
  }
  if (forms.length === 0) return well(NAME, 'there are no files with secrets yet');
  if (plain.length === 0) {
    const others = copies.length === 0 ? '' : `, and neither is ${listed(copies)}`;
    const hint = copies.length === 0 ? null : `Once the receiver has its secret, delete ${listed(copies)}.`;
    return well(NAME, `encrypted in ${listed(sealed)}; events.db, which holds mail, is not${others}`, hint);
  }
  if (!keyed) {
    const hint =
      'To encrypt them: GMAIL_EVENTS_NEW_ENCRYPTION_KEY=... in the environment, then gmail-events config rekey.';
    return well(NAME, `in plain text in ${listed([...plain, ...copies])}`, hint);
  }
  return fault(
    NAME,
    'failed',
    `GMAIL_EVENTS_ENCRYPTION_KEY is set, but in plain text there are still ${listed(plain)}`,
    'Put the same key into GMAIL_EVENTS_NEW_ENCRYPTION_KEY too and run `gmail-events config rekey`.',
  );
}
