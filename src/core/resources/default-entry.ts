import { splitUrl } from './url-text.js';

/** Fields that hold the id of a record where it is not called `id`. */
const ID_FIELDS = new Map([
  ['settings/forwardingAddresses', 'forwardingEmail'],
  ['settings/sendAs', 'sendAsEmail'],
  ['settings/delegates', 'delegateEmail'],
]);

/**
 * An entry of event.poller.configuration from NAME, NAME=URL or a url alone (`messages?q=is:starred`, which is named by
 * its path): what a person writes in a flag or chooses in a list.
 */
export function entryOf(text: string): [name: string, entry: { url: string; idField: string }] {
  const [equals, mark] = [text.indexOf('='), text.indexOf('?')];
  const named = equals >= 0 && (mark < 0 || equals < mark);
  const url = named ? text.slice(equals + 1).trim() : text.trim();
  const { path } = splitUrl(url);
  const name = named ? text.slice(0, equals).trim() : path;
  return [name, { url: path === url ? `/hubs/general/${path}` : url, idField: ID_FIELDS.get(path) ?? 'id' }];
}
