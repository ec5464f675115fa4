import { CoreError, type Fault } from '../errors.js';

const CORRECT = 'Correct what is named and run the command again; nothing was stored.';
/** For an update. */
export const CORRECT_UPDATE = 'Correct what is named and run the command again; nothing was changed.';

/** The error of invalid input: its message names every fault, one a line, `what` says of what. */
export function refusal(what: string, faults: readonly Fault[], hint = CORRECT): CoreError {
  const named = faults.map((fault) => `${fault.path} ${fault.message}`);
  const message =
    named.length === 1 ? `${what} is refused: ${named[0]}` : `${what} has ${named.length} faults:\n${named.join('\n')}`;
  return new CoreError('usage', message, { hint, faults: [...faults] });
}
