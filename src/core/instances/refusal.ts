import { CoreError, type Fault } from '../errors.js';

/** The error of invalid input: its message names every fault, `what` says of what. */
export function refusal(what: string, faults: readonly Fault[]): CoreError {
  const named = faults.map((fault) => `${fault.path} ${fault.message}`).join('; ');
  const message =
    faults.length === 1 ? `${what} is refused: ${named}` : `${what} has ${faults.length} faults: ${named}`;
  return new CoreError('usage', message, { hint: 'Nothing was stored.', faults: [...faults] });
}
