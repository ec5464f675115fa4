import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openGmail } from '../../core/accounts/index.js';
import { changesFilter, cursorOf, readChanges, UnknownHistoryError } from '../../core/resources/changes.js';
import type { InstanceDocument } from '../../core/types.js';
import type { ServerWorld } from '../world.js';
import { guards, ownInstance } from './caller.js';
import { ApiError } from './errors.js';
import { isoTime } from './events-bodies.js';
import { readPlace, readSince, writePlace } from './hub-place.js';
import { operation } from './operation.js';
import { PAGE_HEADERS, PAGE_QUERY, pageHeaders, readBoundedPage } from './paging.js';
import { Query } from './query.js';

const HUB = { hub: 'Any: it was never looked at' };
/** What is this server's; the rest of a query are the filters of a changed-messages url. */
const OWN_PARAMETERS = new Set(['since', 'pageSize', 'nextPage']);

const text = { type: 'string' };
const texts = { type: 'array', items: text };

/** Calls of the mailbox, with an instance's token and its account's grant and quota. They store nothing. */
export function registerHub(app: FastifyInstance, { ctx, access, metrics }: ServerWorld): void {
  const onRequest = [guards(access).element, enabledAlone];
  const described = { tag: 'hub', caller: 'element', path: HUB } as const;

  const ping = operation({
    ...described,
    summary: 'Whether Gmail answers',
    description: 'Asks Gmail for the profile: the grant works.',
    answer: { type: 'object', properties: { dateTime: { ...text, format: 'date-time' }, endpoint: text } },
  });
  app.get('/hubs/:hub/ping', { onRequest, schema: ping }, async (request, reply) => {
    await whileThere(reply, async (signal) => {
      const gmail = await openGmail(ctx, instanceOf(request).account, { signal });
      try {
        await gmail.getProfile();
      } finally {
        metrics.called(gmail.usage);
      }
    });
    return { dateTime: isoTime(ctx.clock.now()), endpoint: 'gmail' };
  });

  const changes = operation({
    ...described,
    summary: 'What changed in the mailbox',
    description:
      "Without `since`: since the instance's own cursor, which it does not move. A page may hold fewer records than " +
      'there are changes, or none: the header tells whether there are more.',
    query: {
      since: { ...text, description: 'A historyId, a date (new mail since then, newest first), or epoch:SECONDS' },
      ...PAGE_QUERY,
      historyTypes: { ...texts, description: 'messageAdded, messageDeleted, labelAdded, labelRemoved; default: all' },
      labelIds: { ...texts, description: 'All of them' },
      excludeLabelIds: { ...texts, description: 'None of them' },
      format: { ...text, enum: ['ids', 'metadata', 'full', 'raw'], default: 'metadata' },
      metadataHeaders: texts,
      includeSpamTrash: { type: 'boolean', default: false },
    },
    answer: { type: 'array', items: { type: 'object', description: "Gmail's message, and its `changes`" } },
    headers: {
      ...PAGE_HEADERS,
      'Gmail-History-Id': 'The `since` of the next call, once the last page is read',
    },
  });
  app.get('/hubs/:hub/changed-messages', { onRequest, schema: changes }, async (request, reply) => {
    const instance = instanceOf(request);
    const query = new Query(request.query);
    const { size, after } = readBoundedPage(query);
    const given = after === null ? readSince(query) : readPlace(after, query);
    query.check();
    const filter = changesFilter(filtersOf(request.query), size);
    const place = given ?? (await ownPlace(instance));
    const page = await whileThere(reply, async (signal) => {
      try {
        return await readChanges(ctx, instance, { place, filter, signal }, (usage) => metrics.called(usage));
      } catch (error) {
        if (error instanceof UnknownHistoryError) throw new ApiError(404, error.message);
        throw error;
      }
    });
    const next = page.next === null ? null : writePlace(page.next);
    pageHeaders(reply, { returned: page.records.length, next });
    if (page.reached !== null) reply.header('gmail-history-id', page.reached);
    return page.records;
  });

  async function ownPlace(instance: InstanceDocument): Promise<{ historyId: string }> {
    const historyId = await cursorOf(ctx, instance);
    if (historyId !== null) return { historyId };
    throw new ApiError(400, 'this instance has no cursor of changed-messages: give since, a historyId or a date');
  }
}

/** A hook behind `element`. */
async function enabledAlone(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { id, disabled } = instanceOf(request);
  reply.header('elements-element-instance-id', String(id));
  if (disabled) throw new ApiError(403, `instance ${id} is disabled`);
}

function instanceOf(request: FastifyRequest): InstanceDocument {
  const own = ownInstance(request);
  if (own === null) throw new ApiError(401, 'Authorization needs the right User secret and Element token');
  return own;
}

function filtersOf(query: unknown): [string, string][] {
  return Object.entries(query as Record<string, unknown>)
    .filter(([name]) => !OWN_PARAMETERS.has(name))
    .flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, String(value)]));
}

/** Whoever has left needs no more of Gmail's quota. */
async function whileThere<T>(reply: FastifyReply, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  try {
    return await ask(gone.signal);
  } catch (error) {
    // Nobody reads this, and it is no failure of ours.
    if (gone.signal.aborted) throw new ApiError(499, 'the caller has left');
    throw error;
  }
}
