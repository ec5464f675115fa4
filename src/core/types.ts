/** The shapes that the rooms of the core share. */
export type { AccountDocument, InstanceDocument } from '../store/ports/documents.js';

/** Decimal text of any length (21 digits occur): compared as BigInt, never a JavaScript number. */
export type HistoryId = string;

export type EventType = 'CREATED' | 'UPDATED' | 'DELETED';
export type MailboxEventType = 'GAP' | 'AUTH_FAILED' | 'AUTH_RESTORED' | 'AUTH_EXPIRING' | 'DEAD_LETTER';

export type MessageFormat = 'ids' | 'metadata' | 'full' | 'raw';
export type HistoryType = 'messageAdded' | 'messageDeleted' | 'labelAdded' | 'labelRemoved';

/** `changed-messages` under its own name, its url parsed. */
export interface HistoryResource {
  kind: 'history';
  name: string;
  idField: 'id' | 'threadId';
  /** Empty: all four. */
  historyTypes: HistoryType[];
  labelIds: string[];
  excludeLabelIds: string[];
  format: MessageFormat;
  metadataHeaders: string[];
  includeSpamTrash: boolean;
  /** Records a page, 1 to 500. */
  pageSize: number;
  /** IANA name or offset; null is UTC. */
  timezone: string | null;
}

export type CollectionPath =
  | 'messages'
  | 'threads'
  | 'drafts'
  | 'labels'
  | 'settings/filters'
  | 'settings/forwardingAddresses'
  | 'settings/sendAs'
  | 'settings/delegates';

/** A list of Gmail's that is compared with its own last snapshot. */
export interface CollectionResource {
  kind: 'collection';
  name: string;
  path: CollectionPath;
  idField: string;
  /** Gmail's own parameters in order, templates not yet expanded. */
  query: [name: string, value: string][];
  /** The list is a window of time: leaving it is no deletion. */
  window: boolean;
  pageSize: number | null;
  pollDelaySeconds: number;
  timezone: string | null;
  /** Path and query as one text: when it changes, the resource takes a new baseline. */
  fingerprint: string;
}

export type Resource = HistoryResource | CollectionResource;

/** An instance's configuration, read: defaults filled in, forms unified. Pure function of the document. */
export interface InstanceSettings {
  eventsEnabled: boolean;
  callbackUrl: string | null;
  intervalMinutes: number;
  resources: readonly Resource[];
  order: 'ordered' | 'parallel';
  format: 'cloud-elements' | 'cloudevents';
  /** Also send `mailbox` events. */
  systemEnabled: boolean;
  signatureKey: string | null;
  /** One or two `whsec_...` secrets, newest first. */
  signingSecrets: string[];
  basic: { username: string; password: string } | null;
  headers: Record<string, string>;
}

/** One change of one object, ready to be put into a notification. */
export interface ChangeEvent {
  /** Derived, never random; holds no dot. */
  id: string;
  objectId: string;
  eventType: EventType | MailboxEventType;
  /** Milliseconds. */
  date: number;
  /** Gmail's own resource plus `changes`: what stands under the resource's name in `raw`. */
  record: Record<string, unknown>;
}
