import type { GmailApi } from '../../../gmail/api.js';
import { CoreError } from '../../errors.js';
import type { CollectionPath, CollectionResource } from '../../types.js';

/** Gmail gives at times a page without records and with a token: it is followed, but not for ever. */
const MAX_EMPTY_PAGES = 50;

/** Gmail's own maximum, and what is asked for by default: the price is by page. */
const MAX_PAGE_SIZE = 500;

/** The other lists come in one page and take no maxResults. */
const PAGED: ReadonlySet<CollectionPath> = new Set(['messages', 'threads', 'drafts']);

/** Every record of a collection, page by page. Throws CoreError when the pages do not come to an end. */
export async function* listRecords(
  gmail: GmailApi,
  resource: CollectionResource,
  query: [name: string, value: string][],
): AsyncGenerator<Record<string, unknown>> {
  const first = [...query, ...pageSize(resource)];
  const tokens = new Set<string>();
  let emptyPages = 0;
  let token: string | undefined;
  do {
    const page = await gmail.list(resource.path, token === undefined ? first : [...first, ['pageToken', token]]);
    yield* page.records;
    emptyPages = page.records.length === 0 ? emptyPages + 1 : 0;
    token = page.nextPageToken;
    if (token !== undefined && (tokens.has(token) || emptyPages >= MAX_EMPTY_PAGES)) {
      throw new CoreError('failed', `Gmail's list of ${resource.path} does not come to an end`, {
        hint: 'The next poll tries again.',
      });
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
}

function pageSize(resource: CollectionResource): [string, string][] {
  return PAGED.has(resource.path) ? [['maxResults', String(resource.pageSize ?? MAX_PAGE_SIZE)]] : [];
}
