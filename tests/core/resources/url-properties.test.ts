import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkResources } from '../../../src/core/resources/url.js';
import { splitUrl } from '../../../src/core/resources/url-text.js';
import type { Resource } from '../../../src/core/types.js';

/** Text that can be sent: no half of a character. */
const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => each.trim() !== '');
const hub = fc.constantFrom('', '/', '/hubs/general/', 'hubs/documents/', '/hubs/any hub/');
const label = fc.constantFrom('INBOX', 'UNREAD', 'SENT', 'CATEGORY_PROMOTIONS', 'Label_1', 'Label_22', 'receipts');

function read(url: string): Resource {
  const { resources, faults } = checkResources({ r: { url, idField: 'id' } }, 'c');
  expect(faults).toEqual([]);
  const [resource] = resources;
  if (resource === undefined) throw new Error('a resource was read');
  return resource;
}

const queryOf = (url: string) => {
  const resource = read(url);
  return resource.kind === 'collection' ? resource.query : null;
};

describe('the url grammar', () => {
  it('reads or refuses any text at all, and says what is wrong with it', () => {
    const pieces = fc.constantFrom(
      'changed-messages',
      'messages',
      'labels',
      '?',
      '&',
      '=',
      '%',
      '+',
      '/',
      '${',
      '}',
      "'",
    );
    const words = fc.constantFrom(
      'q',
      'where',
      'labelIds',
      'format',
      'epoch:s',
      'hubs',
      'maxResults',
      'raw',
      '7',
      '%41',
    );
    const url = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, words), { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(url, fc.jsonValue(), (written, idField) => {
        for (const entry of [
          { url: written, idField: 'id' },
          { url: written, idField },
        ]) {
          const { resources, faults } = checkResources({ r: entry }, 'c');
          expect(faults.length > 0 || resources.length === 1).toBe(true);
          for (const { path, message } of faults) {
            expect(path.startsWith('c["r"]')).toBe(true);
            expect(message.length).toBeGreaterThan(10);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back what was percent-encoded, whatever it is', () => {
    fc.assert(
      fc.property(hub, fc.array(fc.tuple(text, fc.string({ unit: 'grapheme' })), { maxLength: 4 }), (before, pairs) => {
        const query = pairs.map((pair) => pair.map(encodeURIComponent).join('='));
        expect(splitUrl(`${before}threads?${query.join('&')}`)).toEqual({
          path: 'threads',
          query: pairs.map(([name, value]) => [name.trim(), value]),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes a search as it is written by hand, and as a browser encodes it', () => {
    const search = text.filter((each) => !each.includes('${'));
    fc.assert(
      fc.property(hub, search, (before, q) => {
        const byHand = q.replace(/[%&]/g, '-');
        expect(queryOf(`${before}messages?q=${byHand}`)).toEqual([['q', byHand]]);
        // Browsers write a space as +, and everything that this test adds is escaped.
        const encoded = new URLSearchParams({ q: `${q}:` });
        expect(queryOf(`${before}messages?${encoded}`)).toEqual([['q', `${q}:`]]);
      }),
      { numRuns: 500 },
    );
  });

  it('reads changed-messages the same in any order, with values repeated or separated by commas', () => {
    const wish = fc.record({
      historyTypes: fc.uniqueArray(fc.constantFrom('messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved')),
      labelIds: fc.uniqueArray(label),
      excludeLabelIds: fc.uniqueArray(label),
      metadataHeaders: fc.uniqueArray(fc.constantFrom('Subject', 'From', 'List-Id')),
      format: fc.constantFrom('ids', 'metadata', 'full', 'raw'),
      includeSpamTrash: fc.boolean(),
      pageSize: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(wish, hub, fc.boolean(), fc.boolean(), (wanted, before, commas, turned) => {
        const excludeLabelIds = wanted.excludeLabelIds.filter((each) => !wanted.labelIds.includes(each));
        const { format, includeSpamTrash, pageSize, ...lists } = { ...wanted, excludeLabelIds };
        const pairs = Object.entries(lists).flatMap(([name, values]) => {
          if (values.length === 0) return [];
          return commas ? [`${name}=${values.join(',')}`] : values.map((value) => `${name}=${value}`);
        });
        pairs.push(`format=${format}`, `includeSpamTrash=${includeSpamTrash}`, `maxResults=${pageSize}`);
        // Values of one list keep their order; the names may come in any.
        const groups = Object.keys({ ...lists, format, includeSpamTrash, maxResults: pageSize }).map((name) =>
          pairs.filter((pair) => pair.startsWith(`${name}=`)),
        );
        const query = (turned ? groups.toReversed() : groups).flat().join('&');
        expect(read(`${before}changed-messages?${query}`)).toMatchObject({
          ...lists,
          format,
          includeSpamTrash,
          pageSize,
        });
      }),
      { numRuns: 300 },
    );
  });
});
