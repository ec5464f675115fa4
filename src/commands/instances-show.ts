import type { Context } from '../core/context.js';
import { describeInstance, findInstance } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { instanceText } from './instance-text.js';

export interface InstancesShowOptions {
  /** ID or NAME. */
  instance: string;
  token?: boolean;
}

export async function run(options: InstancesShowOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const document = await findInstance(ctx, options.instance);
  const object = await describeInstance(ctx, document, { showToken: options.token === true });
  ui.data(object);
  ui.text(instanceText(object));
  return 'ok';
}
