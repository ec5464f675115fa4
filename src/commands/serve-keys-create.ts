import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { createServerKey } from '../core/server-keys/index.js';
import type { Outcome, Ui } from '../ui/output.js';

/** Makes a pair of secrets for the API, shown here and never again. */
export async function run(_options: object, ctx: Context, ui: Ui): Promise<Outcome> {
  if (ui.quiet && !ui.json) {
    throw new CoreError('usage', '--quiet would keep the secrets back, and they are shown only once', {
      hint: 'Use --json, or leave --quiet out.',
    });
  }
  const { user, organization } = await createServerKey(ctx);
  if (ui.json) ui.data({ user, organization });
  else ui.text(`User:         ${user}\nOrganization: ${organization}`);
  ui.note('Keep both: they are shown only now, and only their hashes are kept.');
  ui.note('A call carries them as: Authorization: User <user>, Organization <organization>');
  return 'ok';
}
