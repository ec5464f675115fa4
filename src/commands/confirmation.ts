import { CoreError } from '../core/errors.js';
import type { Ui } from '../ui/output.js';
import { createPrompts, type Prompts } from '../ui/prompts.js';

/** How a person is asked. */
export type Asking = () => Promise<Pick<Prompts, 'confirm'>>;

/** What is to be confirmed. */
export interface Confirmation {
  question: string;
  /** What did not happen when the answer is no: `deleted`. */
  undone: string;
}

/** Returns when `--yes` was given, nobody can be asked, or a person agrees. CoreError `failed` when the answer is no. */
export async function confirm(
  yes: boolean | undefined,
  ui: Ui,
  { question, undone }: Confirmation,
  asking: Asking = createPrompts,
): Promise<void> {
  // A script has said what it wants by naming it.
  if (yes === true || !ui.interactive) return;
  const person = await asking();
  if (!(await person.confirm(question, false))) throw new CoreError('failed', `cancelled: nothing was ${undone}`);
}
