import type { FastifyReply } from 'fastify';
import type { Query } from './query.js';

/** Of a list that may be long. The most is Gmail's own. */
const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 500;

export const PAGE_QUERY = {
  pageSize: { type: 'integer', minimum: 1, default: PAGE_SIZE, maximum: MAX_PAGE_SIZE, description: 'At most so many' },
  nextPage: { type: 'string', description: 'Elements-Next-Page-Token of the page before' },
};

export const PAGE_HEADERS = {
  'Elements-Returned-Count': 'How many this page holds',
  'Elements-Next-Page-Token': 'While there is a further page: its nextPage',
};

/** The part of a list that is asked for. */
export interface Page {
  /** null: all of it. */
  size: number | null;
  /** Where the page before ended; null: from the start. */
  after: string | null;
}

/** `pageSize` and `nextPage`. Without a size the whole list is one page: a client that does not page misses nothing. */
export function readPage(query: Query): Page {
  const token = query.text('nextPage');
  const after = token === null ? null : Buffer.from(token, 'base64url').toString('utf8');
  if (after !== null && pageToken(after) !== token) {
    query.refuse('nextPage', 'is none of the tokens that Elements-Next-Page-Token gives');
  }
  return { size: query.count('pageSize'), after };
}

/** The same of a list that may be long: there is always an end to a page. Read it before `query.check`. */
export function readBoundedPage(query: Query): { size: number; after: string | null } {
  const { size, after } = readPage(query);
  return { size: Math.min(size ?? PAGE_SIZE, MAX_PAGE_SIZE), after };
}

/** The old service's headers of a list; the token only while there is more. */
export function pageHeaders(
  reply: FastifyReply,
  page: { returned: number; total?: number; next: string | null },
): FastifyReply {
  reply.header('elements-returned-count', String(page.returned));
  if (page.total !== undefined) reply.header('elements-total-count', String(page.total));
  if (page.next !== null) reply.header('elements-next-page-token', pageToken(page.next));
  return reply;
}

/** What it holds is this server's business. */
function pageToken(after: string): string {
  return Buffer.from(after, 'utf8').toString('base64url');
}
