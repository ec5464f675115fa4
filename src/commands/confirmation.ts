import { CoreError } from '../core/errors.js';
import type { Ui } from '../ui/output.js';
import { createPrompts, isPromptExit, type Prompts } from '../ui/prompts.js';

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

/**
 * Returns when `--yes` was given or a person agrees. CoreError `usage` when nobody can be asked, `failed` when the answer is
 * no; Ctrl-C is one.
 */
export async function confirm(
  yes: boolean | undefined,
  ui: Ui,
  { what, question, undone }: Confirmation,
  asking: Asking = createPrompts,
): Promise<void> {
  if (yes === true) return;
  if (!ui.interactive) throw new CoreError('usage', `${what} needs a confirmation`, { hint: 'Add --yes.' });
  if (!(await agrees(await asking(), question))) throw new CoreError('failed', `cancelled: nothing was ${undone}`);
}

async function agrees(person: Pick<Prompts, 'confirm'>, question: string): Promise<boolean> {
  try {
    return await person.confirm(question, false);
  } catch (error) {
    if (isPromptExit(error)) return false;
    throw error;
  }
}
