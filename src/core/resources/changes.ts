import type { GmailApi } from '../../gmail/api.js';
import { isMetadataOnly, openGmail } from '../accounts/index.js';
import type { Context } from '../context.js';
import { CoreError, type Fault } from '../errors.js';
import { readSettings } from '../instances/settings.js';
import type { HistoryId, HistoryResource, InstanceDocument } from '../types.js';
import { grantFaults } from './grant-limits.js';
import type { Reading } from './history/feed.js';
import { FetchedMessages } from './history/fetch.js';
import { lookAtHistory, lookForMail, type MailPlace } from './history/look.js';
import { readHistoryEntry } from './history-entry.js';

/** Where a look begins: at a historyId, or at mail since a date (milliseconds), from its newest or further on. */
export type ChangesPlace = { historyId: HistoryId } | { date: number; mail: MailPlace };

export interface ChangesPage {
  /** As in a notification: Gmail's messages with their `changes`. */
  records: Record<string, unknown>[];
  next: ChangesPlace | null;
  /** The historyId to go on from once this page is read; null: mail by date knows none. */
  reached: HistoryId | null;
}

/** Gmail does not know the historyId any more, or never did. */
export class UnknownHistoryError extends CoreError {}

/** The filters of a changed-messages url, by themselves. CoreError `usage` with every fault. */
export function changesFilter(query: readonly [string, string][], pageSize: number): HistoryResource {
  const faults: Fault[] = [];
  const entry = { idField: 'id', pageSize };
  // No resource has no name, so none of its marks count here.
  const resource = readHistoryEntry('', entry, query, (path, message) => faults.push({ path, message }));
  refuse(faults);
  return resource;
}

/** The historyId up to which the instance's own polls have read; null: it has none. */
export async function cursorOf(ctx: Context, instance: InstanceDocument): Promise<HistoryId | null> {
  for (const { kind, name } of readSettings(instance).resources) {
    const cursor = kind === 'history' ? ((await ctx.store.resources.get(instance.id, name))?.cursor ?? null) : null;
    if (cursor !== null) return cursor;
  }
  return null;
}

/**
 * One page of what changed in an instance's mailbox, read with its account's grant and quota. Nothing is stored, and no
 * cursor moves. Throws UnknownHistoryError, CoreError `usage` for what the grant does not allow, GmailError.
 */
export async function readChanges(
  ctx: Context,
  instance: InstanceDocument,
  { place, filter, signal }: { place: ChangesPlace; filter: HistoryResource; signal: AbortSignal },
  onUsage: (usage: GmailApi['usage']) => void,
): Promise<ChangesPage> {
  await checkGrant(ctx, instance, place, filter);
  const gmail = await openGmail(ctx, instance.account, { signal });
  const reading: Reading = {
    run: { ctx, instance, gmail, pollStart: ctx.clock.now(), signal },
    resource: filter,
    row: { stuck: null },
    fetched: new FetchedMessages(),
    emittedAmong: async () => new Set(),
  };
  try {
    if ('historyId' in place) return await historyPage(reading, place.historyId);
    const { records, next } = await lookForMail(reading, place.date, place.mail);
    return { records, next: next === null ? null : { date: place.date, mail: next }, reached: null };
  } finally {
    onUsage(gmail.usage);
  }
}

async function historyPage(reading: Reading, historyId: HistoryId): Promise<ChangesPage> {
  const look = await lookAtHistory(reading, historyId);
  if (look === 'refused') {
    throw new UnknownHistoryError(
      'usage',
      `Gmail keeps no history from ${historyId}: it is too old, or of no mailbox`,
      {
        hint: 'Begin at a date, or at a newer historyId.',
      },
    );
  }
  const { records, next, reached } = look;
  return { records, next: next === null ? null : { historyId: next }, reached };
}

async function checkGrant(
  ctx: Context,
  { account }: InstanceDocument,
  place: ChangesPlace,
  filter: HistoryResource,
): Promise<void> {
  const grant = await ctx.store.accountFiles.read(account);
  const metadataOnly = isMetadataOnly(grant?.scopes ?? []);
  const faults = grantFaults([filter], { metadataOnly, delegated: false }, 'query').map(({ message }) => ({
    path: 'format',
    message,
  }));
  if (!('historyId' in place)) {
    if (metadataOnly)
      faults.push({ path: 'since', message: 'is a date, and the metadata scope allows no search by date' });
    if (filter.historyTypes.length > 0 && !filter.historyTypes.includes('messageAdded')) {
      faults.push({ path: 'since', message: 'is a date, by which only new mail is found (historyTypes=messageAdded)' });
    }
  }
  refuse(faults);
}

function refuse(faults: Fault[]): void {
  if (faults.length === 0) return;
  const named = faults.map(({ path, message }) => (path === 'url' ? message : `${path} ${message}`)).join('; ');
  throw new CoreError('usage', `the query is refused: ${named}`, { faults });
}
