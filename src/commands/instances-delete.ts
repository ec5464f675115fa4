import type { Context } from '../core/context.js';
import { deleteInstance, findInstance } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { type Asking, confirm } from './confirmation.js';

export interface InstancesDeleteOptions {
  /** ID or NAME. */
  instance: string;
  yes?: boolean;
}

/** `prompts` is how a person is asked. */
export async function run(options: InstancesDeleteOptions, ctx: Context, ui: Ui, prompts?: Asking): Promise<Outcome> {
  const { id, name } = await findInstance(ctx, options.instance);
  const question = `Delete instance ${id} "${name}" and what it has pending?`;
  await confirm(options.yes, ui, { question, undone: 'deleted' }, prompts);
  const deleted = await deleteInstance(ctx, id);
  ui.data(deleted);
  const pending =
    deleted.droppedPending === 1 ? '1 pending notification' : `${deleted.droppedPending} pending notifications`;
  ui.text(`Instance ${id} "${name}" is deleted, ${pending} with it.`);
  return 'ok';
}
