import { reported } from '../core/errors.js';
import { errorLines, errorObject } from '../ui/error.js';
import type { Ui } from '../ui/output.js';
import { isPromptExit, type Prompts } from '../ui/prompts.js';

/**
 * Does `work` again while it fails and the person wants that: what has been answered is not asked for anew. A store that is
 * broken is no better a second time.
 */
export async function tryAgain<T>(ui: Ui, person: Pick<Prompts, 'confirm'>, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (isPromptExit(error) || reported(error).code === 'store') throw error;
      ui.warn(errorLines(errorObject(Object.assign(new Error(), reported(error))), ui.livePaint));
      if (!(await person.confirm('Try again?', true))) throw error;
    }
  }
}
