import { refusedCallback } from '../delivery/address.js';
import { secretForm } from '../value-form.js';

const ACCEPTED = 'an http or https URL';

/** What is wrong with event.notification.callback.url. The URL itself is not shown: its path or query may be a secret. */
export function callbackUrlFault(value: unknown, allowPrivate: boolean): string | null {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  if (url === null) return `is ${secretForm(value)} that is no URL; accepted: ${ACCEPTED}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `begins with ${url.protocol}; accepted: ${ACCEPTED}`;
  if (url.username !== '' || url.password !== '') {
    return 'holds a user name or password; give event.notification.basic.username and .basic.password instead';
  }
  const reason = refusedCallback(String(value), allowPrivate);
  return reason === null ? null : `is refused: ${reason}`;
}
