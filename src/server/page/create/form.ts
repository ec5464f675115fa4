import { newSigningSecret } from '../../../core/instances/index.js';
import { entryOf } from '../../../core/resources/default-entry.js';
import { SUPPORTED_PATHS } from '../../../core/resources/url.js';

/** The fields of the creation form as they were filled in. Holds no secret: it is shown again. */
export interface InstanceForm {
  /** EMAIL or EMAIL/CLIENT_ID; empty: none is chosen. */
  account: string;
  name: string;
  enabled: boolean;
  callbackUrl: string;
  /** Minutes, as they were typed. */
  interval: string;
  /** Paths of Gmail. */
  resources: string[];
  /** Separated by commas. */
  tags: string;
  /** Sign by a new secret. */
  signed: boolean;
  /** The OAuth client to authenticate with; empty: the one that is known. */
  clientId: string;
  scope: 'readonly' | 'metadata';
}

export const EMPTY_FORM: InstanceForm = {
  account: '',
  name: '',
  enabled: true,
  callbackUrl: '',
  interval: '15',
  resources: ['changed-messages'],
  tags: '',
  signed: true,
  clientId: '',
  scope: 'readonly',
};

export function readForm(form: URLSearchParams): InstanceForm {
  const text = (name: string) => form.get(name)?.trim() ?? '';
  return {
    account: text('account'),
    name: text('name'),
    enabled: form.has('enabled'),
    callbackUrl: text('callback-url'),
    interval: text('interval'),
    resources: form.getAll('resource').filter((path) => SUPPORTED_PATHS.includes(path)),
    tags: text('tags'),
    signed: form.has('signed'),
    clientId: text('client-id'),
    scope: form.get('scope') === 'metadata' ? 'metadata' : 'readonly',
  };
}

/** The body of `POST /instances` that says the same. The signing secret is new, and null when nothing is signed. */
export function bodyOf(form: InstanceForm): { body: Record<string, unknown>; signingSecret: string | null } {
  const signingSecret = form.signed && form.callbackUrl !== '' ? newSigningSecret() : null;
  const polled = form.enabled || form.resources.length > 0;
  return {
    signingSecret,
    body: {
      element: { key: 'gmail' },
      name: form.name === '' ? null : form.name,
      tags: form.tags.split(',').map((tag) => tag.trim()),
      configuration: {
        'event.notification.enabled': form.enabled,
        'event.notification.callback.url': form.callbackUrl === '' ? null : form.callbackUrl,
        'event.notification.signing.secret': signingSecret,
        'event.poller.refresh_interval': form.interval === '' ? null : form.interval,
        'event.poller.configuration': polled ? Object.fromEntries(form.resources.map(entryOf)) : null,
      },
    },
  };
}
