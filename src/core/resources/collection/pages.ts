import type { GmailApi } from '../../../gmail/api.js';
import type { CollectionPath, CollectionResource } from '../../types.js';
import { PageChain } from '../page-chain.js';

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
  const chain = new PageChain(`list of ${resource.path}`);
  let token: string | undefined;
  do {
    const page = await gmail.list(resource.path, token === undefined ? first : [...first, ['pageToken', token]]);
    yield* page.records;
    token = chain.next({ empty: page.records.length === 0, nextPageToken: page.nextPageToken });
  } while (token !== undefined);
}

function pageSize(resource: CollectionResource): [string, string][] {
  return PAGED.has(resource.path) ? [['maxResults', String(resource.pageSize ?? MAX_PAGE_SIZE)]] : [];
}
