import { createHash } from 'node:crypto';

/** A key of an instance's configuration, as the old service described it. */
export interface ConfigurationKey {
  id: number;
  key: string;
  name: string;
  description: string;
  defaultValue: string | null;
  type: string;
  displayOrder: number;
  required: boolean;
  hideFromConsole: boolean;
  active: true;
  internal: boolean;
  groupControl: false;
  resellerConfig: false;
  companyConfig: false;
}

type Form = 'BOOLEAN' | 'TEXTFIELD_128' | 'TEXTFIELD_1000' | 'TEXTAREA' | 'PASSWORD';

const KNOWN: [key: string, name: string, type: Form, description: string, defaultValue?: string][] = [
  ['oauth.api.key', 'OAuth API Key', 'TEXTFIELD_128', 'The Google OAuth client ID'],
  ['oauth.api.secret', 'OAuth API Secret', 'PASSWORD', 'The Google OAuth client secret'],
  [
    'oauth.callback.url',
    'OAuth Callback URL',
    'TEXTFIELD_1000',
    'The authorized redirect URI that the code was asked for with',
  ],
  ['oauth.user.refresh_token', 'OAuth Refresh Token', 'PASSWORD', 'A new one takes a new grant'],
  ['event.notification.enabled', 'Events Enabled', 'BOOLEAN', 'Whether the mailbox is polled', 'false'],
  ['event.vendor.type', 'Vendor Event Type', 'TEXTFIELD_128', 'Gmail is polled', 'polling'],
  ['event.notification.callback.url', 'Event Notification Callback URL', 'TEXTFIELD_1000', 'Where events are sent'],
  [
    'event.notification.callback.headers',
    'Event Notification Callback Headers',
    'PASSWORD',
    'A JSON object of header names and values, sent with every notification',
  ],
  [
    'event.notification.basic.username',
    'Event Notification Basic Username',
    'TEXTFIELD_128',
    'HTTP Basic for the callback',
  ],
  ['event.notification.basic.password', 'Event Notification Basic Password', 'PASSWORD', 'HTTP Basic for the callback'],
  [
    'event.notification.signature.key',
    'Event Notification Signature Key',
    'PASSWORD',
    'Key of Elements-Webhook-Signature',
  ],
  [
    'event.notification.signing.secret',
    'Event Notification Signing Secret',
    'PASSWORD',
    'Secret of Standard Webhooks; two of them, separated by a space, while it is changed',
  ],
  ['event.notification.order', 'Event Notification Order', 'TEXTFIELD_128', 'ordered or parallel', 'ordered'],
  [
    'event.notification.format',
    'Event Notification Format',
    'TEXTFIELD_128',
    'cloud-elements or cloudevents',
    'cloud-elements',
  ],
  [
    'event.notification.system.enabled',
    'Mailbox Events Enabled',
    'BOOLEAN',
    'Whether gaps, lost grants and dead letters are told of too',
    'true',
  ],
  [
    'event.poller.refresh_interval',
    'Event poller refresh interval (mins)',
    'TEXTFIELD_128',
    'Minutes between polls, 1 or more',
    '15',
  ],
  ['event.poller.configuration', 'Configure Polling', 'TEXTAREA', 'A JSON object of the resources to poll'],
];

const REQUIRED = new Set(['oauth.api.key', 'oauth.api.secret', 'oauth.callback.url']);

export const CONFIGURATION_KEYS: readonly ConfigurationKey[] = KNOWN.map(
  ([key, name, type, description, defaultValue], at) => ({
    ...plain(key),
    name,
    type,
    description,
    defaultValue: defaultValue ?? null,
    displayOrder: at + 1,
    required: REQUIRED.has(key),
  }),
);

const BY_KEY = new Map(CONFIGURATION_KEYS.map((known) => [known.key, known]));

/** Any key; one that nothing is known of describes itself. */
export function configurationKey(key: string): ConfigurationKey {
  return BY_KEY.get(key) ?? plain(key);
}

function plain(key: string): ConfigurationKey {
  return {
    id: configurationId(key),
    key,
    name: key,
    description: '',
    defaultValue: null,
    type: 'TEXTFIELD_1000',
    displayOrder: 0,
    required: false,
    hideFromConsole: false,
    active: true,
    internal: false,
    groupControl: false,
    resellerConfig: false,
    companyConfig: false,
  };
}

/** The same number for the same key at all times and in every instance; 31 bits, which any client's integer holds. */
function configurationId(key: string): number {
  return createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0) >>> 1;
}
