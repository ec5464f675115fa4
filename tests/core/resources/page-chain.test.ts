import { describe, expect, it } from '@jest/globals';
import { CoreError } from '../../../src/core/errors.js';
import { PageChain } from '../../../src/core/resources/page-chain.js';

const empty = (nextPageToken?: string) => ({ empty: true, nextPageToken });
const full = (nextPageToken?: string) => ({ empty: false, nextPageToken });

describe('PageChain', () => {
  it('ends where there is no token', () => {
    const chain = new PageChain('history.list');
    expect(chain.next(full('a'))).toBe('a');
    expect(chain.next(full())).toBeUndefined();
  });

  it('has no cap on pages', () => {
    const chain = new PageChain('history.list');
    for (let page = 0; page < 5000; page += 1) expect(chain.next(full(`p${page}`))).toBe(`p${page}`);
  });

  it('follows 49 empty pages and takes the 50th for an endless chain', () => {
    const chain = new PageChain('history.list');
    for (let page = 1; page <= 49; page += 1) chain.next(empty(`p${page}`));
    expect(() => chain.next(empty('p50'))).toThrow(/50 empty pages in a row/);
  });

  it('counts empty pages in a row only', () => {
    const chain = new PageChain('history.list');
    for (let page = 1; page <= 200; page += 1) chain.next(page % 40 === 0 ? full(`p${page}`) : empty(`p${page}`));
    expect(chain.next(empty())).toBeUndefined();
  });

  it('takes a 50th empty page that has no token for the end', () => {
    const chain = new PageChain('history.list');
    for (let page = 1; page <= 49; page += 1) chain.next(empty(`p${page}`));
    expect(chain.next(empty())).toBeUndefined();
  });

  it('ends as failed at a token seen before', () => {
    const chain = new PageChain('messages.list');
    chain.next(full('a'));
    chain.next(full('b'));
    let thrown: unknown;
    try {
      chain.next(full('a'));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CoreError);
    expect(thrown).toMatchObject({ code: 'failed', message: expect.stringContaining('messages.list') });
  });
});
