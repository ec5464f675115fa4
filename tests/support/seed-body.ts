import type { Sandbox } from '../../src/sandbox/index.js';

export const REDIRECT = 'http://127.0.0.1:9/oauth';

export type BodyChanges = { configuration?: Record<string, unknown>; [field: string]: unknown };

/** The seed's body with its placeholders filled in by a new grant code, and `changes` over it, key by key. */
export function seedBody(sandbox: Sandbox, callbackUrl: string, changes: BodyChanges = {}): Record<string, unknown> {
  return {
    element: { key: 'gmail' },
    providerData: { code: sandbox.grantCode({ redirectUri: REDIRECT }) },
    tags: ['Docs'],
    name: 'API Instance with Polling',
    ...changes,
    configuration: {
      'oauth.api.key': sandbox.client.clientId,
      'oauth.api.secret': sandbox.client.clientSecret,
      'oauth.callback.url': REDIRECT,
      'event.notification.enabled': true,
      'event.notification.callback.url': callbackUrl,
      'event.poller.refresh_interval': '15',
      'event.poller.configuration': { 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } },
      ...changes.configuration,
    },
  };
}
