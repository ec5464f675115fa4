import type { StoredMessage } from '../mail/message-store.js';
import { bodyOf, headersOf, rawOf, sizeOf, snippetOf } from '../mail/mime.js';
import type { Access } from './call.js';
import { forbidden } from './errors.js';
import type { Params } from './params.js';
import { isMetadataToken } from './scopes.js';

export const FORMATS = ['minimal', 'full', 'raw', 'metadata'] as const;
export type Format = (typeof FORMATS)[number];

export interface View {
  format: Format;
  /** Empty: all of them. */
  metadataHeaders: string[];
  /** A metadata token sees no snippet. */
  snippet: boolean;
}

/** @throws GmailRefusal 403 when the token may not see that format; no format at all is FULL. */
export function viewOf(params: Params, access: Access): View {
  const format = (params.choices('format', FORMATS).at(-1) ?? 'full') as Format;
  const restricted = isMetadataToken(access.scopes);
  if (restricted && (format === 'full' || format === 'raw')) {
    throw forbidden(`Metadata scope doesn't allow format ${format.toUpperCase()}`);
  }
  return { format, metadataHeaders: params.list('metadataHeaders'), snippet: !restricted };
}

/** users.messages, in the given format. */
export function messageResource(message: StoredMessage, view: View): Record<string, unknown> {
  return {
    id: message.id,
    threadId: message.threadId,
    ...(message.labelIds.length > 0 && { labelIds: message.labelIds }),
    ...(view.snippet && { snippet: snippetOf(message) }),
    ...(view.format === 'full' && { payload: fullPayload(message) }),
    ...(view.format === 'metadata' && { payload: metadataPayload(message, view.metadataHeaders) }),
    sizeEstimate: sizeOf(message),
    historyId: message.historyId.toString(),
    internalDate: String(message.internalDate),
    ...(view.format === 'raw' && { raw: base64Url(rawOf(message)) }),
  };
}

function headerRecords(message: StoredMessage): { name: string; value: string }[] {
  return headersOf(message).map(([name, value]) => ({ name, value }));
}

function metadataPayload(message: StoredMessage, wanted: string[]): Record<string, unknown> {
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  const headers = headerRecords(message).filter(({ name }) => names.size === 0 || names.has(name.toLowerCase()));
  return { mimeType: 'text/plain', ...(headers.length > 0 && { headers }) };
}

function fullPayload(message: StoredMessage): Record<string, unknown> {
  const body = bodyOf(message);
  return {
    partId: '',
    mimeType: 'text/plain',
    filename: '',
    headers: headerRecords(message),
    body: { size: body.length, ...(body.length > 0 && { data: base64Url(body) }) },
  };
}

/** Gmail's base64url keeps its padding. */
function base64Url(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
