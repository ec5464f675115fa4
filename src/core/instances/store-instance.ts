import type { NewResource } from '../../store/ports/resources.js';
import type { Context } from '../context.js';
import { withInstance } from '../lease.js';
import type { AccountDocument, InstanceDocument, Resource } from '../types.js';
import type { CheckedBody } from './body.js';
import { firstPollAt } from './first-poll.js';
import { type Baseline, withGrantMarks } from './grant.js';
import { idTaken } from './kept-ids.js';
import { readSettings } from './settings.js';

const TOKEN_BYTES = 32;

export interface NewInstance {
  body: CheckedBody;
  account: AccountDocument;
  /** null: no history resource is polled. */
  baseline: Baseline | null;
  allowPrivate: boolean;
  /** An id that the new one has to exceed: that of any file, or of one to be kept. */
  largestId: number;
}

/**
 * Rows first, then the file: a crash between the two leaves rows that nothing reads, never an instance that looks as if
 * its cursor were lost. An id to be kept that another process took meanwhile is not kept, with a warning.
 */
export async function storeInstance(
  ctx: Context,
  made: NewInstance,
): Promise<{ document: InstanceDocument; warnings: string[] }> {
  const { body, account } = made;
  const now = ctx.clock.now();
  const draft: Omit<InstanceDocument, 'id'> = {
    uuid: ctx.random.uuid(),
    token: body.kept.token ?? Buffer.from(ctx.random.bytes(TOKEN_BYTES)).toString('base64'),
    name: body.name,
    tags: body.tags,
    elementKey: 'gmail',
    createdDate: `${new Date(now).toISOString().slice(0, 19)}Z`,
    account: account.key,
    disabled: body.disabled,
    externalAuthentication: body.externalAuthentication,
    allowPrivate: made.allowPrivate,
    configuration: withGrantMarks(body.configuration.values, account),
  };
  const { eventsEnabled, intervalMinutes, resources } = readSettings({ ...draft, id: 0 });
  const { id: wanted } = body.kept;
  const rows = {
    uuid: draft.uuid,
    createdAt: now,
    nextPollAt: eventsEnabled ? firstPollAt(now, intervalMinutes, ctx.random.unit()) : null,
    resources: eventsEnabled ? resources.map((resource) => marker(resource, made.baseline, now)) : [],
    largestFile: made.largestId,
  };
  const kept = wanted === null ? null : await ctx.store.instances.create({ ...rows, id: wanted });
  const id = kept ?? (await ctx.store.instances.create(rows));
  if (id === null) throw new Error('a row that names no id was refused');
  const document: InstanceDocument = { id, ...draft };
  await withInstance(ctx, id, async (lease) => {
    try {
      await ctx.store.instanceFiles.write(lease, id, document);
    } catch (error) {
      // Only tidiness: rows without a file are read by nobody, and the first error is the one to tell.
      await ctx.store.instances.remove(lease, id).catch(() => 0);
      throw error;
    }
  });
  return { document, warnings: wanted === null || kept !== null ? [] : [idTaken(wanted)] };
}

/** Where the reading of a resource begins: history at the baseline, a collection with the snapshot of its first poll. */
export function marker(resource: Resource, baseline: Baseline | null, now: number): NewResource {
  const begun = resource.kind === 'history' ? baseline : null;
  return { name: resource.name, kind: resource.kind, cursor: begun?.historyId ?? null, at: begun?.at ?? now };
}
