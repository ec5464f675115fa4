import type { FastifyReply } from 'fastify';
import type { Query } from './query.js';

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
