import type { Context } from '../core/context.js';
import { describeInstance, findInstance, setEnabled } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface InstancesDisableOptions {
  /** ID or NAME. */
  instance: string;
}

/** Neither polls nor delivers any more; cursor and rows wait. */
export async function run(options: InstancesDisableOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const { id } = await findInstance(ctx, options.instance);
  const object = await describeInstance(ctx, await setEnabled(ctx, id, false));
  ui.data(object);
  ui.text(`Instance ${id} "${object.name}" is disabled.`);
  return 'ok';
}
