import type { StoredMessage } from '../mail/message-store.js';
import { type SearchContext, type Test, termTest } from './search-terms.js';

export interface Search {
  matches: Test;
  /** Spam and trash are looked at too. */
  anywhere: boolean;
}

const TOKEN = /\s*(-?[(){}]|\)|\}|-?(?:[\w-]+:)?(?:"[^"]*"|\([^()]*\)|[^\s"(){}]+))/y;

/**
 * Reads a `q`: words and `operator:value` side by side are all needed, `OR` and `{a b}` need one, `-` negates,
 * parentheses group, quotes hold a phrase together. Like Gmail it refuses nothing: what it cannot read is a word.
 */
export function parseSearch(q: string, context: SearchContext): Search {
  const tokens = tokensOf(q);
  let at = 0;
  let anywhere = false;

  const all = (end: string | null): Test => {
    const alternatives: Test[][] = [];
    let joined = false;
    for (; at < tokens.length && tokens[at] !== end; at++) {
      if (tokens[at] === 'OR') {
        joined = true;
        continue;
      }
      const test = term(tokens[at] ?? '');
      const last = alternatives.at(-1);
      if (joined && last !== undefined) last.push(test);
      else alternatives.push([test]);
      joined = false;
    }
    return (message) => alternatives.every((group) => group.some((test) => test(message)));
  };

  const any = (): Test => {
    const tests: Test[] = [];
    for (; at < tokens.length && tokens[at] !== '}'; at++) if (tokens[at] !== 'OR') tests.push(term(tokens[at] ?? ''));
    return (message) => tests.some((test) => test(message));
  };

  const term = (token: string): Test => {
    if (token.length > 1 && token.startsWith('-')) {
      const test = term(token.slice(1));
      return (message) => !test(message);
    }
    if (token === '(' || token === '{') {
      at += 1;
      return token === '(' ? all(')') : any();
    }
    if (/^(in|label):"?(anywhere|spam|trash)"?$/i.test(token)) anywhere = true;
    return termTest(token, context);
  };

  const matches = all(null);
  return { matches: (message: StoredMessage) => matches(message), anywhere };
}

function tokensOf(text: string): string[] {
  // A quote that nobody closes holds nothing together.
  const isOdd = text.split('"').length % 2 === 0;
  const q = isOdd ? text.replace(/"(?=[^"]*$)/, ' ') : text;
  const tokens: string[] = [];
  for (let at = 0; at < q.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(q)?.[1];
    if (token === undefined) break;
    tokens.push(token);
  }
  return tokens;
}
