import { recordOfKey } from '../resources/collection/record.js';
import type { ChangeEvent, CollectionPath, CollectionResource, EventType, HistoryResource } from '../types.js';
import { isRecord } from '../value-form.js';

/** In the form of Gmail's ids, and none of a real message: a receiver that fetches it is told 404. */
const SAMPLE_ID = '0000000000000001';
const HISTORY_ID = '1001';
const TEXT = 'A test of gmail-events: no such message exists.';
const BODY = `${TEXT}\r\n`;

type Sampled = Pick<ChangeEvent, 'objectId' | 'record'>;

/** A sample of changed-messages. `at` is in milliseconds, `email` the mailbox that the message came to. */
export function sampleMessage(resource: HistoryResource, eventType: EventType, at: number, email: string): Sampled {
  const known = { id: SAMPLE_ID, threadId: SAMPLE_ID };
  const record = {
    CREATED: {
      ...known,
      labelIds: ['INBOX', 'UNREAD'],
      historyId: HISTORY_ID,
      ...content(resource, at, email),
      changes: [{ type: 'messageAdded' }],
    },
    UPDATED: {
      ...known,
      labelIds: ['INBOX', 'STARRED'],
      historyId: HISTORY_ID,
      changes: [
        { type: 'labelsAdded', labelIds: ['STARRED'] },
        { type: 'labelsRemoved', labelIds: ['UNREAD'] },
      ],
    },
    DELETED: { ...known, historyId: HISTORY_ID, changes: [{ type: 'messageDeleted' }] },
  }[eventType];
  return { objectId: known[resource.idField], record };
}

/** What a fetch adds; nothing with format=ids. */
function content({ format, metadataHeaders }: HistoryResource, at: number, email: string): Record<string, unknown> {
  if (format === 'ids') return {};
  const headers = [
    ['From', 'Ada <ada@example.org>'],
    ['To', email],
    ['Subject', 'A test of gmail-events'],
    ['Date', new Date(at).toUTCString().replace('GMT', '+0000')],
    ['Message-ID', `<${SAMPLE_ID}@example.org>`],
  ] as const;
  const message = { snippet: TEXT, sizeEstimate: 512, internalDate: String(at) };
  if (format === 'raw') {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return { ...message, raw: Buffer.from(`${lines}\r\n${BODY}`).toString('base64url') };
  }
  const wanted = metadataHeaders.map((name) => name.toLowerCase());
  const kept = headers
    .filter(([name]) => format === 'full' || wanted.length === 0 || wanted.includes(name.toLowerCase()))
    .map(([name, value]) => ({ name, value }));
  const payload = { mimeType: 'text/plain', headers: kept };
  if (format === 'metadata') return { ...message, payload };
  const body = { size: BODY.length, data: Buffer.from(BODY).toString('base64url') };
  return { ...message, payload: { partId: '', ...payload, filename: '', body } };
}

const COLLECTION_RECORDS: Record<CollectionPath, Record<string, unknown>> = {
  messages: { id: SAMPLE_ID, threadId: SAMPLE_ID },
  threads: { id: SAMPLE_ID, snippet: TEXT, historyId: HISTORY_ID },
  drafts: { id: 'r1', message: { id: SAMPLE_ID, threadId: SAMPLE_ID } },
  labels: {
    id: 'Label_1',
    name: 'A test of gmail-events',
    messageListVisibility: 'show',
    labelListVisibility: 'labelShow',
    type: 'user',
  },
  'settings/filters': {
    id: SAMPLE_ID,
    criteria: { from: 'ada@example.org' },
    action: { addLabelIds: ['STARRED'] },
  },
  'settings/forwardingAddresses': { forwardingEmail: 'ada@example.org', verificationStatus: 'accepted' },
  'settings/sendAs': { sendAsEmail: 'ada@example.org', displayName: 'Ada', replyToAddress: '', signature: '' },
  'settings/delegates': { delegateEmail: 'ada@example.org', verificationStatus: 'accepted' },
};

/** A sample of a collection: of what is deleted only its key is known. */
export function sampleOfCollection({ path, idField }: CollectionResource, eventType: EventType): Sampled {
  const record = COLLECTION_RECORDS[path];
  const found = idField
    .split('.')
    .reduce<unknown>((value, field) => (isRecord(value) ? value[field] : undefined), record);
  const objectId = typeof found === 'string' ? found : SAMPLE_ID;
  const keyed = recordOfKey(objectId, idField);
  if (eventType === 'DELETED') return { objectId, record: keyed };
  return { objectId, record: typeof found === 'string' ? record : { ...record, ...keyed } };
}
