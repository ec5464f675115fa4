const TOKEN = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** An escape that the end of the text cuts off. */
const CUT_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;
const SPACE = /[\t\n\r ]*/y;

type Wanted = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

const WANTED: Record<Wanted, string> = {
  value: 'a value is expected',
  valueOrEnd: 'a value or ] is expected',
  name: 'a name in double quotes is expected (no comma before the closing brace)',
  nameOrEnd: 'a name in double quotes or } is expected',
  colon: 'a colon is expected',
  commaOrEnd: 'a comma or the closing bracket is expected',
  nothing: 'nothing more is expected',
};

/**
 * JSON as people save it: a byte order mark in front is dropped. A fault is one phrase with line and column; the engine's
 * own message is not used, because it quotes the text around the fault, and secrets with it.
 */
export function readJson(text: string): { value: unknown } | { fault: string } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return { fault: jsonFault(body) };
  }
}

function jsonFault(text: string): string {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    at = skip(SPACE, text, at);
    if (at === text.length) return truncated(text);
    const next = text[at] === '"' ? afterString(text, at) : skip(TOKEN, text, at);
    if (next > text.length) return truncated(text);
    const after: Wanted | null = next === at ? null : step(text[at] ?? '', wanted, open);
    if (after === null) return placed(text, at, WANTED[wanted]);
    if (next < 0) return placed(text, -next, 'a character or escape that a text may not hold');
    wanted = after;
    at = next;
  }
}

/** Where the string that begins at `at` ends; beyond the text when it is not closed; negative: where its fault is. */
function afterString(text: string, at: number): number {
  let here = at + 1;
  while (here < text.length && text[here] !== '"') {
    if (text.charCodeAt(here) < 0x20) return -here;
    const next = text[here] === '\\' ? skip(ESCAPE, text, here) : here + 1;
    if (next === here) return CUT_ESCAPE.test(text.slice(here, here + 6)) ? text.length + 1 : -here;
    here = next;
  }
  return here + 1;
}

/** What may follow the token that starts with `first`; null when it may not stand here. Opens and closes brackets. */
function step(first: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | null {
  const inValue = (): Wanted => (open.length === 0 ? 'nothing' : 'commaOrEnd');
  const takesValue = wanted === 'value' || wanted === 'valueOrEnd';
  switch (first) {
    case '{':
    case '[':
      if (!takesValue) return null;
      open.push(first);
      return first === '{' ? 'nameOrEnd' : 'valueOrEnd';
    case '}':
    case ']': {
      const pair = first === '}' ? '{' : '[';
      const empty = first === '}' ? 'nameOrEnd' : 'valueOrEnd';
      if (open.at(-1) !== pair || (wanted !== 'commaOrEnd' && wanted !== empty)) return null;
      open.pop();
      return inValue();
    }
    case ',':
      if (wanted !== 'commaOrEnd') return null;
      return open.at(-1) === '{' ? 'name' : 'value';
    case ':':
      return wanted === 'colon' ? 'value' : null;
    case '"':
      if (wanted === 'name' || wanted === 'nameOrEnd') return 'colon';
      return takesValue ? inValue() : null;
    default:
      return takesValue ? inValue() : null;
  }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function truncated(text: string): string {
  if (text.trim() === '') return 'it is empty';
  return `it ends too early, at line ${text.split('\n').length}: it was cut off, or a closing bracket or quote is missing`;
}

function placed(text: string, at: number, what: string): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}: ${what}`;
}
