const TAG = /<\/?[a-zA-Z!][^<>]*>/g;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]+/gu;

/** A name or a tag as it is stored: HTML tags stripped (as the old service did), control characters made spaces, trimmed. */
export function cleanText(text: string): string {
  let clean = text;
  let before: string;
  do {
    before = clean;
    // Once more for what a removed tag leaves behind: <<b>script>.
    clean = before.replace(TAG, '');
  } while (clean !== before);
  return clean.replace(UNPRINTABLE, ' ').trim();
}
