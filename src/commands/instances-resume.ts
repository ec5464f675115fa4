import type { Context } from '../core/context.js';
import { resumeInstance } from '../core/delivery/index.js';
import { describeInstance, findInstance } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';

export interface InstancesResumeOptions {
  /** ID or NAME. */
  instance: string;
}

/** Lifts a stop: all that is pending is due at once; the next poll, or a running watch, sends it. */
export async function run(options: InstancesResumeOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const instance = await findInstance(ctx, options.instance);
  const pending = await resumeInstance(ctx, instance.id);
  ui.data(await describeInstance(ctx, instance));
  ui.text(`Instance ${instance.id} "${instance.name}" is resumed, with ${pending} pending and due now.`);
  if (pending > 0) ui.note(`A running watch sends them; or: gmail-events poll ${instance.id}`);
  return 'ok';
}
