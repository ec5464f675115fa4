import { oauthUrl } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface AuthUrlOptions {
  callbackUrl?: string;
  clientSecretFile?: string;
  clientId?: string;
  scope?: string;
  state?: string;
}

/** JSON with and without --json: the old service's own answer. */
export async function run(options: AuthUrlOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const answer = await oauthUrl(ctx, options);
  ui.data(answer);
  ui.text(JSON.stringify(answer));
  return 'ok';
}
