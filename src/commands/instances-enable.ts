import type { Context } from '../core/context.js';
import { describeInstance, findInstance, setEnabled } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface InstancesEnableOptions {
  /** ID or NAME. */
  instance: string;
}

/** Polls and delivers again; what happened meanwhile is caught up. */
export async function run(options: InstancesEnableOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { id } = await findInstance(ctx, options.instance);
  const object = await describeInstance(ctx, await setEnabled(ctx, id, true));
  ui.data(object);
  ui.text(`Instance ${id} "${object.name}" is enabled.`);
  return 'ok';
}
