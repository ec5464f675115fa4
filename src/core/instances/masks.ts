/** What stands in place of a secret: read back, and in every export of the old service. */
export const MASK = '********';

/** Secrets that the account's file keeps: the instance's own file only tells that they exist. */
export const GRANT_KEYS = ['oauth.api.secret', 'oauth.user.token', 'oauth.user.refresh_token'] as const;

/** Keys of `configuration` whose values are read back as a mask, and never taken from the command line. */
export const SECRET_KEYS: ReadonlySet<string> = new Set([
  ...GRANT_KEYS,
  'event.notification.signature.key',
  'event.notification.signing.secret',
  'event.notification.basic.password',
  'event.notification.callback.headers',
]);

/** `configuration` as anyone may see it. */
export function masked(configuration: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [key, SECRET_KEYS.has(key) ? MASK : value]),
  );
}
