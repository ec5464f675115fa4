import type { OAuthClient } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { createBulk, instanceObject, MAX_BODY_BYTES } from '../core/instances/index.js';
import { errorObject } from '../ui/error.js';
import type { Outcome, Ui } from '../ui/output.js';
import { withProgress } from '../ui/progress.js';
import { type Input, readLines } from './input.js';
import { counted } from './notification-lines.js';

/** NDJSON in, NDJSON out, whether --json is given or not: one answer a line, in input order. */
export async function createInBulk(
  options: { bulk: string; keepIds?: boolean; account?: string; client: OAuthClient | undefined; stdin?: Input },
  ctx: Context,
  ui: Ui,
): Promise<Outcome> {
  const { bulk, keepIds, account, client, stdin } = options;
  const print = (value: unknown) => (ui.json ? ui.data(value) : ui.text(JSON.stringify(value)));
  const lines = readLines('--bulk', bulk, stdin, MAX_BODY_BYTES);
  let [made, failed, of] = [0, 0, 0];
  const onPlanned = (count: number) => {
    of = count;
  };
  const progress = () => (of === 0 ? 'Checking the bodies...' : `${made + failed} of ${counted(of, 'instance')}`);
  await withProgress(ui, progress, async () => {
    for await (const result of createBulk(ctx, lines, { account, client, keepIds, allowPrivate: true, onPlanned })) {
      if ('created' in result) {
        made += 1;
        const { document, email, warnings } = result.created;
        print(instanceObject(document, { showToken: true, email }));
        if (!ui.json) for (const warning of warnings) ui.warn(`line ${result.line}: ${warning}`);
      } else {
        failed += 1;
        print({ line: result.line, error: errorObject(Object.assign(new Error(result.error.message), result.error)) });
        if (!ui.json) ui.warn(`line ${result.line}: ${result.error.message}`);
      }
    }
  });
  if (failed > 0) {
    const others = made > 0 ? '; the others are instances now' : '';
    const hint = 'Each error is on its line of stdout: correct those bodies and run them again, without the others.';
    const bodies = made + failed === 1 ? '1 body' : `${made + failed} bodies`;
    throw new CoreError('partial', `${failed} of ${bodies} failed${others}`, { hint });
  }
  if (!ui.json) ui.note(`${counted(made, 'instance')} ${made === 1 ? 'was' : 'were'} made.`);
  return 'ok';
}
