import { createHash } from 'node:crypto';

/** conf's writer cuts longer names without a word, and file systems end at 255 bytes. */
const LONGEST = 100;
const HEAD = 60;

/**
 * The key of an account and the name of its file without `.json`. Injective: another mailbox or client always has another
 * name, also on a file system that does not tell upper from lower case. Mailboxes are told apart as Gmail does it, without
 * regard to case. Of a very long pair the end is a hash.
 */
export function accountKey(email: string, clientId: string): string {
  const name = `${encoded(email.toLowerCase())}~${encoded(clientId)}`;
  if (name.length <= LONGEST) return name;
  return `${name.slice(0, HEAD)}~~${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

/** The mailbox that a key is of, in lower case; of a pair too long to be spelled out, as much of it as the key holds. */
export function mailboxOfKey(key: string): string {
  const bytes = (key.split('~', 1)[0] ?? '').replace(/_([0-9a-f]{2})/g, '%$1');
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}

/** Whether the text can be a key of an account: what it names lies inside the folder. */
export function isAccountKey(key: string): boolean {
  return key.length <= LONGEST && /^[a-z0-9@_-][a-z0-9@._~-]*$/.test(key);
}

/** What is not safe everywhere becomes `_` and two hexadecimal digits a byte; a first dot would hide the file. */
function encoded(text: string): string {
  let name = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    const plain = /[a-z0-9@-]/.test(char) || (char === '.' && name !== '');
    name += plain ? char : `_${byte.toString(16).padStart(2, '0')}`;
  }
  return name;
}
