import type { Paint } from './colour.js';
import { EXIT_CODES, SIGNAL_EXIT_CODES } from './exit-codes.js';
import type { Outcome } from './output.js';
import { isPromptExit } from './prompts.js';

/** What is known of any error once it reaches the place that prints it; read from the error's own fields. */
export interface ErrorObject {
  code: Exclude<Outcome, 'ok'>;
  exitCode: number;
  message: string;
  hint: string | null;
  faults: { path: string; message: string }[];
}

export function errorObject(error: unknown): ErrorObject {
  // At a question the terminal hands Ctrl-C over as a key: to whoever called, it is the signal all the same.
  if (isPromptExit(error)) {
    return { code: 'failed', exitCode: SIGNAL_EXIT_CODES.SIGINT, message: 'cancelled', hint: null, faults: [] };
  }
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Partial<ErrorObject>;
  const code = isCode(fields.code) && 'hint' in fields ? fields.code : 'failed';
  return {
    code,
    exitCode: EXIT_CODES[code].code,
    message: error instanceof Error ? error.message : String(error),
    hint: typeof fields.hint === 'string' ? fields.hint : null,
    faults: Array.isArray(fields.faults) ? fields.faults : [],
  };
}

/** For a person: the sentence, each fault on its own line, the fix. */
export function errorLines(error: ErrorObject, paint: Paint): string {
  // The message of an invalid input names its faults already; one line each reads better.
  const sentence = error.faults.length > 1 ? error.message.split('\n', 1)[0] : error.message;
  const lines = [`${paint.red('error:')} ${sentence}`];
  if (error.faults.length > 1) lines.push(...error.faults.map((fault) => `  ${fault.path}: ${fault.message}`));
  if (error.hint !== null) lines.push(`${paint.cyan('fix:')} ${error.hint}`);
  return lines.join('\n');
}

function isCode(code: unknown): code is Exclude<Outcome, 'ok'> {
  return typeof code === 'string' && code !== 'ok' && Object.hasOwn(EXIT_CODES, code);
}
