/** Quota units a method, as Gmail counts since 2026-05-01, whatever the format or `fields`. */
export const UNITS: Record<string, number> = {
  getProfile: 1,
  'history.list': 2,
  'messages.list': 5,
  'messages.get': 20,
  'threads.list': 10,
  'threads.get': 40,
  'labels.list': 1,
  'labels.get': 1,
  'drafts.list': 5,
  'drafts.get': 20,
  'settings.filters.list': 1,
  'settings.forwardingAddresses.list': 1,
  'settings.sendAs.list': 1,
  'settings.delegates.list': 1,
};
