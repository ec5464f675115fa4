import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import type { Context } from '../../core/context.js';
import { readInstances } from '../../core/instances/index.js';
import { ApiError } from './errors.js';
import { answersFor, type InstanceAnswer, type ShortAnswer, shortAnswer } from './instance-answer.js';
import { pageHeaders, readPage } from './paging.js';
import { Query } from './query.js';

export const SEARCH_QUERY = {
  'tags[]': { type: 'array', items: { type: 'string' }, description: 'Tags that an instance has, all of them' },
  searchText: { type: 'string', description: 'Is contained in the name, whatever the case' },
  hydrate: { type: 'boolean', default: true, description: 'false: short objects, without configuration and user' },
  pageSize: { type: 'integer', minimum: 1, description: 'Instances a page; without it, all of them' },
  nextPage: { type: 'string', description: 'Elements-Next-Page-Token of the page before' },
};

export const SEARCH_HEADERS = {
  'Elements-Returned-Count': 'Instances of this page',
  'Elements-Total-Count': 'Instances of all pages',
  'Elements-Next-Page-Token': 'While there is a further page: its nextPage',
};

/** In order of their ids. A search that finds nothing is a 404, as it was. */
export async function searchInstances(
  ctx: Context,
  given: unknown,
  { reply, log }: { reply: FastifyReply; log: FastifyBaseLogger },
): Promise<(InstanceAnswer | ShortAnswer)[]> {
  const query = new Query(given);
  const page = readPage(query);
  const hydrate = query.truth('hydrate', true);
  const tags = query.texts('tags[]', 'tags');
  const text = query.text('searchText')?.toLowerCase() ?? '';
  query.check();

  const { documents, broken } = await readInstances(ctx);
  for (const { id, error } of broken) log.warn({ instanceId: id, error: error.message }, 'an instance cannot be read');
  const matching = documents.filter(
    (document) => tags.every((tag) => document.tags.includes(tag)) && document.name.toLowerCase().includes(text),
  );
  if (matching.length === 0) throw new ApiError(404, 'no instance was found');

  const rest = matching.filter(({ id }) => id > Number(page.after ?? 0));
  const found = rest.slice(0, page.size ?? rest.length);
  const next = found.length < rest.length ? (found.at(-1)?.id ?? null) : null;
  pageHeaders(reply, {
    returned: found.length,
    total: matching.length,
    next: next === null ? null : String(next),
  });
  return hydrate ? answersFor(ctx, found) : found.map(shortAnswer);
}
