import { CoreError } from '../core/errors.js';
import type { Ui } from '../ui/output.js';
import { createPrompts, type Prompts } from '../ui/prompts.js';

/** How a person is asked. */
export type Asking = () => Promise<Pick<Prompts, 'confirm'>>;

/** What is to be confirmed. */
export interface Confirmation {
  /** The beginning of a sentence, for whoever cannot be asked: `deleting instance 1`. */
  what: string;
  question: string;
  /** What did not happen when the answer is no: `deleted`. */
  undone: string;
}

/** Returns when `--yes` was given or a person agrees. CoreError `usage` when nobody can be asked, `failed` when the answer is no. */
export async function confirm(
  yes: boolean | undefined,
  ui: Ui,
  { what, question, undone }: Confirmation,
  asking: Asking = createPrompts,
): Promise<void> {
  if (yes === true) return;
  if (!ui.interactive) throw new CoreError('usage', `${what} needs a confirmation`, { hint: 'Add --yes.' });
  const person = await asking();
  if (!(await person.confirm(question, false))) throw new CoreError('failed', `cancelled: nothing was ${undone}`);
}
