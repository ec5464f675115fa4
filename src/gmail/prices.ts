/**
 * Quota units a request costs, by method and whatever its format or `fields`: the table of 2026-05-01, in which
 * messages.get is 20 where it was 5. The lists of settings cost 1, as labels.list does.
 */
export const UNITS = {
  getProfile: 1,
  'history.list': 2,
  'messages.list': 5,
  'messages.get': 20,
  'threads.list': 10,
  'drafts.list': 5,
  'labels.list': 1,
  'settings.filters.list': 1,
  'settings.forwardingAddresses.list': 1,
  'settings.sendAs.list': 1,
  'settings.delegates.list': 1,
} as const;

export type GmailMethod = keyof typeof UNITS;
