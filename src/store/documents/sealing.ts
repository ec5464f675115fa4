import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { StoreError } from '../errors.js';

/** The key of the home folder is missing or another one. */
export class KeyError extends StoreError {
  constructor(message: string) {
    super('store', message, {
      hint: 'Set GMAIL_EVENTS_ENCRYPTION_KEY to the key that the home folder was encrypted with. Nothing was changed.',
    });
    this.name = 'KeyError';
  }
}

/** A document encrypted at rest: JSON again, so that a reader can tell it from a damaged file. All values are base64. */
interface Sealed {
  encrypted: 'aes-256-gcm';
  salt: string;
  iv: string;
  tag: string;
  data: string;
}

export interface Sealing {
  /** The text of a file to be written; encrypted when there is a key. */
  seal(document: unknown): string;
  /** The document in a file's text. Throws SyntaxError for text that is no JSON, KeyError for a key that does not fit. */
  open(text: string, file: string): unknown;
}

/**
 * With a key every document is written encrypted, and a plain one is still read: it is encrypted at its next write.
 * Without one, an encrypted document is refused. conf's own encryption is not used: it takes a wrong key for damaged JSON.
 */
export function createSealing(encryptionKey: string | undefined): Sealing {
  if (encryptionKey === undefined || encryptionKey === '') {
    return {
      seal: (document) => JSON.stringify(document, undefined, '\t'),
      open(text, file) {
        const found: unknown = JSON.parse(text);
        if (!isSealed(found)) return found;
        throw new KeyError(`${file} is encrypted and GMAIL_EVENTS_ENCRYPTION_KEY is not set`);
      },
    };
  }
  // A derivation is slow on purpose: the salt of a file that was read serves the files that are written after it, so
  // that a home soon has one salt and a process derives once.
  const derived = new Map<string, Buffer>();
  function keyFor(salt: string): Buffer {
    let key = derived.get(salt);
    if (key === undefined) {
      key = scryptSync(String(encryptionKey), Buffer.from(salt, 'base64'), 32);
      derived.set(salt, key);
    }
    return key;
  }

  return {
    seal(document) {
      const salt = derived.keys().next().value ?? randomBytes(16).toString('base64');
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(salt), iv);
      const data = Buffer.concat([cipher.update(JSON.stringify(document), 'utf8'), cipher.final()]);
      const sealed: Sealed = {
        encrypted: 'aes-256-gcm',
        salt,
        iv: iv.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
        data: data.toString('base64'),
      };
      return JSON.stringify(sealed, undefined, '\t');
    },

    open(text, file) {
      const found: unknown = JSON.parse(text);
      if (!isSealed(found)) return found;
      const plain = decrypted(found, keyFor(found.salt));
      if (plain === null) {
        derived.delete(found.salt);
        throw new KeyError(
          `${file} cannot be decrypted: GMAIL_EVENTS_ENCRYPTION_KEY is not its key, or the file was altered`,
        );
      }
      return JSON.parse(plain);
    },
  };
}

/** From one key (or none) to another (or none): reads what is under either, and writes under the second. */
export function createKeyChange(from: string | undefined, to: string | undefined): Sealing {
  const [old, next] = [createSealing(from), createSealing(to)];
  // A wrong key shows only after the slow derivation, once for each salt.
  const ofSalt = new Map<string, Sealing>();
  return {
    seal: next.seal,
    open(text, file) {
      const found: unknown = JSON.parse(text);
      if (!isSealed(found)) return found;
      const known = ofSalt.get(found.salt);
      for (const sealing of known === undefined ? [old, next] : [known, known === old ? next : old]) {
        try {
          const document = sealing.open(text, file);
          ofSalt.set(found.salt, sealing);
          return document;
        } catch (error) {
          if (!(error instanceof KeyError)) throw error;
        }
      }
      throw new KeyError(`${file} can be decrypted with neither the present key nor the new one`);
    },
  };
}

function decrypted(sealed: Sealed, key: Buffer): string | null {
  try {
    const iv = Buffer.from(sealed.iv, 'base64');
    // Without a length of its own, Node takes a tag cut down to 4 bytes for a good one.
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null || !('encrypted' in value)) return false;
  return ['salt', 'iv', 'tag', 'data'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
}
