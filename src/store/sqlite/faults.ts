import { StoreError } from '../errors.js';

/** What SQLite's primary result codes mean to a person. Messages name the kind of fault, never a value of the data. */
const FAULTS: Record<number, { name: string; message: string; hint: string }> = {
  3: {
    name: 'SQLITE_PERM',
    message: 'events.db may not be opened by this user',
    hint: 'Give the home folder and its files back to the user who runs gmail-events.',
  },
  8: {
    name: 'SQLITE_READONLY',
    message: 'events.db is read-only',
    hint: 'Make the home folder and events.db (with its -wal and -shm files) writable for the user who runs gmail-events.',
  },
  10: {
    name: 'SQLITE_IOERR',
    message: 'events.db could not be read or written',
    hint: 'Check the disk and its free space, then run the command again.',
  },
  11: {
    name: 'SQLITE_CORRUPT',
    message: 'events.db is damaged',
    hint: 'Restore events.db from a backup, or move it and its -wal and -shm files away: the instances are kept and report a GAP.',
  },
  13: {
    name: 'SQLITE_FULL',
    message: 'the disk of events.db is full',
    hint: 'Free some space, then run the command again: nothing was lost.',
  },
  14: {
    name: 'SQLITE_CANTOPEN',
    message: 'events.db could not be opened',
    hint: 'Check that the home folder is a folder and readable and writable for the user who runs gmail-events.',
  },
  22: {
    name: 'SQLITE_NOLFS',
    message: 'events.db is too large for this file system',
    hint: 'Move the home folder to another file system.',
  },
  26: {
    name: 'SQLITE_NOTADB',
    message: 'events.db is not a database',
    hint: 'Restore events.db from a backup, or move it away: the instances are kept and report a GAP.',
  },
};

/** SQLITE_BUSY, SQLITE_LOCKED and SQLITE_PROTOCOL (a lost race for the locks of the WAL): worth another try. */
const BUSY = new Set([5, 6, 15]);

/** SQLite's primary result code of an error that the driver threw; null when it came from somewhere else. */
export function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  // The driver's constructor gives no code, only a text that ends in one.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(messageOf(error));
  return opening?.[1] === undefined ? null : Number(opening[1]) & 0xff;
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== null && BUSY.has(code);
}

/** The driver's error as a StoreError; any other error as it is. */
export function storeFault(error: unknown): unknown {
  const code = resultCode(error);
  if (code === null) return error;
  if (BUSY.has(code)) return busyFault();
  const fault = FAULTS[code];
  if (fault !== undefined) return new StoreError('store', `${fault.message} (${fault.name})`, { hint: fault.hint });
  return new StoreError('store', `events.db refused a statement: ${messageOf(error)}`, {
    hint: 'Update gmail-events; if it stays, report it with this message.',
  });
}

export function busyFault(): StoreError {
  return new StoreError('retry_later', 'events.db has been locked by another process for 15 s', {
    hint: 'Run the command again in a moment.',
  });
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}
