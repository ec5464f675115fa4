import type { MailboxSettings } from '../types.js';
import { settingsFields } from './answer-fields.js';
import type { GmailMethod } from './call.js';
import { forbidden } from './errors.js';
import { READS_SETTINGS } from './scopes.js';

/** `key`: what the answer calls its list. Filters are the one list with a singular name. */
function settingsList(name: keyof MailboxSettings, key: string): GmailMethod {
  return {
    name: `settings.${name}.list`,
    path: new RegExp(`^settings/${name}$`),
    params: [],
    scopes: READS_SETTINGS,
    fields: settingsFields(key),
    run({ mailbox, access }) {
      if (name === 'delegates' && !access.delegated) {
        throw forbidden('Access restricted to service accounts that have been delegated domain-wide authority');
      }
      const records = mailbox.settings[name];
      return records.length === 0 ? {} : { [key]: records };
    },
  };
}

export const settingsLists: GmailMethod[] = [
  settingsList('filters', 'filter'),
  settingsList('forwardingAddresses', 'forwardingAddresses'),
  settingsList('sendAs', 'sendAs'),
  settingsList('delegates', 'delegates'),
];
