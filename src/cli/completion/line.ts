/** The word at the end of a line that a person is typing, and those before it. */
export interface TypedLine {
  /** As the program would get them. */
  words: string[];
  current: string;
  /** The quote that the last word stands in, if it does. */
  quote: "'" | '"' | null;
}

/** A command line up to the cursor, split as a POSIX shell does; nothing is expanded. The first word, the program, is left out. */
export function typedLine(line: string): TypedLine {
  const words: string[] = [];
  let current = '';
  let quote: TypedLine['quote'] = null;
  let begun = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '\\' && quote !== "'" && at + 1 < line.length) {
      current += line[++at];
      begun = true;
    } else if (quote !== null) {
      if (char === quote) quote = null;
      else current += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      begun = true;
    } else if (/\s/.test(char)) {
      if (begun) words.push(current);
      [current, begun] = ['', false];
    } else {
      current += char;
      begun = true;
    }
  }
  return { words: words.slice(1), current, quote };
}

/**
 * What readline is to put in: it replaces the end of the word only, from the last character on at which it breaks words
 * (COMP_WORDBREAKS: `me@gmail.com` is three), and takes the text as it would be typed.
 */
export function forReadline(value: string, { current, quote }: TypedLine, breaks: string): string {
  if (quote === "'") return value;
  if (quote === '"') return value.replace(/["\\$`]/g, '\\$&');
  const last = Math.max(...[...breaks].filter((char) => !/[\s"']/.test(char)).map((char) => current.lastIndexOf(char)));
  // The two that it keeps: hosts and variables have completions of their own.
  const from = ['@', '$'].includes(current[last] ?? '') ? last : last + 1;
  return value.slice(from).replace(/[^\p{L}\p{N}@%+=:,./_-]/gu, '\\$&');
}
