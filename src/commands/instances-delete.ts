import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { deleteInstance, findInstance } from '../core/instances/index.js';
import type { Outcome, Ui } from '../ui/output.js';
import { createPrompts, isPromptExit, type Prompts } from '../ui/prompts.js';

export interface InstancesDeleteOptions {
  /** ID or NAME. */
  instance: string;
  yes?: boolean;
}

/** `prompts` is how a person is asked. */
export async function run(
  options: InstancesDeleteOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Pick<Prompts, 'confirm'>> = createPrompts,
): Promise<Outcome> {
  const { id, name } = await findInstance(ctx, options.instance);
  if (options.yes !== true) {
    if (!ui.interactive) {
      throw new CoreError('usage', `deleting instance ${id} "${name}" needs a confirmation`, { hint: 'Add --yes.' });
    }
    const question = `Delete instance ${id} "${name}" and what it has pending?`;
    if (!(await confirmed(await prompts(), question))) throw new CoreError('failed', 'cancelled: nothing was deleted');
  }
  const deleted = await deleteInstance(ctx, id);
  ui.data(deleted);
  const pending =
    deleted.droppedPending === 1 ? '1 pending notification' : `${deleted.droppedPending} pending notifications`;
  ui.text(`Instance ${id} "${name}" is deleted, ${pending} with it.`);
  return 'ok';
}

async function confirmed(person: Pick<Prompts, 'confirm'>, question: string): Promise<boolean> {
  try {
    return await person.confirm(question, false);
  } catch (error) {
    if (isPromptExit(error)) return false;
    throw error;
  }
}
