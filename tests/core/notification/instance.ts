import type { ChangeEvent, InstanceDocument, InstanceSettings } from '../../../src/core/types.js';

/** An instance and its settings as the tests of this room need them. */
export function instanceDocument(changes: Partial<InstanceDocument> = {}): InstanceDocument {
  return {
    id: 12,
    uuid: '0b5f8f5e-9f43-4c1b-8d1a-1d6a5d0c7a11',
    token: 'token',
    name: 'inbox',
    tags: ['one', 'two'],
    elementKey: 'gmail',
    createdDate: '2026-11-24T00:00:00Z',
    account: 'ann',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration: {},
    ...changes,
  };
}

export function instanceSettings(changes: Partial<InstanceSettings> = {}): InstanceSettings {
  return {
    eventsEnabled: true,
    callbackUrl: 'http://127.0.0.1:9/events',
    intervalMinutes: 15,
    resources: [
      {
        kind: 'history',
        name: 'changed-messages',
        idField: 'id',
        historyTypes: [],
        labelIds: [],
        excludeLabelIds: [],
        format: 'metadata',
        metadataHeaders: [],
        includeSpamTrash: false,
        pageSize: 500,
        timezone: null,
      },
      {
        kind: 'collection',
        name: 'my labels',
        path: 'labels',
        idField: 'id',
        query: [],
        window: false,
        pageSize: null,
        pollDelaySeconds: 0,
        timezone: '+01:00',
        fingerprint: 'labels',
      },
    ],
    order: 'ordered',
    format: 'cloud-elements',
    systemEnabled: true,
    signatureKey: null,
    signingSecrets: [],
    basic: null,
    headers: {},
    ...changes,
  };
}

export function created(id: string, date: number): ChangeEvent {
  return { id: `event-${id}`, objectId: id, eventType: 'CREATED', date, record: { id, changes: [] } };
}
