/** A resource's url, taken apart: hub segment gone, percent-escapes undone, templates still in place. */
export interface UrlText {
  path: string;
  /** In order; names and values decoded. */
  query: [name: string, value: string][];
}

/**
 * `/hubs/general/messages?q=from:boss after:${epoch:s}&labelIds=INBOX`: people write such urls by hand, so spaces, quotes,
 * colons and templates may stand as they are; `&` in a value is written %26.
 */
export function splitUrl(url: string): UrlText {
  const mark = url.indexOf('?');
  const [before, after] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const segments = decode(before.trim())
    .split('/')
    .filter((segment) => segment !== '');
  // The old service ignored the hub that was asked for.
  const path = (segments[0] === 'hubs' ? segments.slice(2) : segments).join('/');
  const query = after
    .split('&')
    .filter((pair) => pair.trim() !== '')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0
        ? [decode(pair).trim(), '']
        : [decode(pair.slice(0, equals)).trim(), decode(pair.slice(equals + 1))];
    });
  return { path, query };
}

/**
 * Undoes percent-escapes and leaves alone what is none (100%). A `+` is a space only in a text that has escapes, as
 * browsers and URLSearchParams write it; in one written by hand it is the plus of me+lists@example.com.
 */
function decode(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
