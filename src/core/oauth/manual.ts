import { CoreError } from '../errors.js';
import { type Redirect, readRedirect } from './redirect.js';

type Input = AsyncIterable<Uint8Array | string>;

const LONGEST_LINE = 20_000;

/**
 * Reads lines until one is the redirected URL (or its query) with the right state. `onStray` hears what is wrong with the
 * others. CoreError usage when the input ends before.
 */
export async function readRedirectedUrl(
  input: Input,
  state: string,
  onStray: (sentence: string) => void,
): Promise<Exclude<Redirect, { kind: 'stray' }>> {
  let problem = 'nothing came on stdin';
  for await (const line of lines(input)) {
    if (line.trim() === '') continue;
    const found = readRedirect(queryOf(line.trim()), state);
    if (found.kind !== 'stray') return found;
    problem = `that is not the redirected URL of this sign-in: ${found.sentence}`;
    onStray(`${problem}. Paste the whole URL from the browser's address bar.`);
  }
  throw new CoreError('usage', problem, {
    hint: 'After the consent the browser shows a page that does not load: paste its whole URL.',
  });
}

/** A bare code has no state, so it is nobody's: the query is needed. */
function queryOf(line: string): URLSearchParams {
  const text = line.replace(/^["'<]|["'>]$/g, '');
  return new URLSearchParams(text.includes('?') ? text.slice(text.indexOf('?') + 1).replace(/#.*$/, '') : text);
}

async function* lines(input: Input): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const parts = rest.split(/\r?\n/);
    rest = parts.pop() ?? '';
    yield* parts;
    if (rest.length > LONGEST_LINE) throw new CoreError('usage', 'the line on stdin is too long to be a URL');
  }
  yield rest;
}
