import { parseResources } from '../resources/url.js';
import type { InstanceDocument, InstanceSettings } from '../types.js';
import { readCallbackHeaders } from './callback-headers.js';
import { intervalMinutes } from './configuration-rules.js';
import { signingSecrets } from './signing-secrets.js';

const DEFAULT_INTERVAL_MINUTES = 15;
/** There is no longest interval ("999999999" switched polling off in the old service), but a time has to stay a date. */
const LONGEST_INTERVAL_MINUTES = 1e9;

/**
 * An instance's configuration as the rest of the core uses it: defaults filled in, forms unified. Its values were checked
 * when they were stored; a file changed by hand so that its resources cannot be read throws CoreError `usage`.
 */
export function readSettings(document: InstanceDocument): InstanceSettings {
  const { configuration } = document;
  const username = configuration['event.notification.basic.username'];
  return {
    eventsEnabled: configuration['event.notification.enabled'] === 'true',
    callbackUrl: configuration['event.notification.callback.url'] ?? null,
    intervalMinutes: storedInterval(configuration),
    resources: parseResources(configuration['event.poller.configuration']),
    order: configuration['event.notification.order'] === 'parallel' ? 'parallel' : 'ordered',
    format: configuration['event.notification.format'] === 'cloudevents' ? 'cloudevents' : 'cloud-elements',
    systemEnabled: configuration['event.notification.system.enabled'] !== 'false',
    signatureKey: configuration['event.notification.signature.key'] ?? null,
    signingSecrets: signingSecrets(configuration['event.notification.signing.secret']),
    basic:
      username === undefined ? null : { username, password: configuration['event.notification.basic.password'] ?? '' },
    headers: readCallbackHeaders(configuration['event.notification.callback.headers'] ?? {}).headers,
  };
}

/** Whether an instance is polled and delivered at all: enabled, with its events on. */
export function isPolled({ disabled, configuration }: InstanceDocument): boolean {
  return !disabled && configuration['event.notification.enabled'] === 'true';
}

/** Minutes between polls, of a configuration as it is stored. */
export function storedInterval(configuration: InstanceDocument['configuration']): number {
  const minutes = intervalMinutes(configuration['event.poller.refresh_interval']);
  return minutes >= 1 ? Math.min(minutes, LONGEST_INTERVAL_MINUTES) : DEFAULT_INTERVAL_MINUTES;
}
