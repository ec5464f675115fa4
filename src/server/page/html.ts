import { html as escaping } from 'ghtml';

/** Markup that may be sent as it is. Only `html` makes it, so text from mail cannot become it by accident. */
export class Html {
  readonly #markup: string;

  constructor(made: typeof TRUSTED, markup: string) {
    if (made !== TRUSTED) throw new Error('markup is made by html`...` alone');
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

const TRUSTED = Symbol('made by html');

export type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * Markup from a template: what is put into it is escaped, unless it is markup itself. Attributes have to stand in double
 * quotes. ghtml escapes; its `!${...}`, which does not, is out of reach here: a sentence may end with an exclamation mark.
 */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(TRUSTED, texts.map((text, at) => text + (at < parts.length ? markupOf(parts[at]) : '')).join(''));
}

function markupOf(part: Part): string {
  if (part instanceof Html) return part.toString();
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escaping`${String(part)}`;
}
