import { CoreError } from '../errors.js';

/** Gmail sends an empty page with a token at times (open since 2017); this many in a row lead nowhere. */
const EMPTY_PAGES = 50;

/**
 * Follows the page tokens of one list, without a cap on pages. Throws CoreError `failed` for a token seen before, or 50
 * empty pages in a row: an endless chain.
 */
export class PageChain {
  private readonly seen = new Set<string>();
  private emptyInARow = 0;

  /** `list` names the method or list in the error's sentence. */
  constructor(private readonly list: string) {}

  /** The token of the next page, or undefined at the end. */
  next(page: { empty: boolean; nextPageToken?: string | undefined }): string | undefined {
    const token = page.nextPageToken;
    if (token === undefined) return undefined;
    this.emptyInARow = page.empty ? this.emptyInARow + 1 : 0;
    if (this.seen.has(token)) throw this.endless('a page token that it had given before');
    if (this.emptyInARow >= EMPTY_PAGES) throw this.endless(`${EMPTY_PAGES} empty pages in a row`);
    this.seen.add(token);
    return token;
  }

  private endless(what: string): CoreError {
    return new CoreError('failed', `Gmail's ${this.list} answered with ${what}, so its pages have no end`, {
      hint: 'Nothing is lost: the next poll goes on from what is stored.',
    });
  }
}
