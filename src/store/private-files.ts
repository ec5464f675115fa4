import { chmodSync, closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Makes the folder (and those above it) when missing; for nobody but its owner, whatever the umask. One that exists keeps
 * its owner's rights: it may have been made read-only on purpose.
 */
export function privateFolder(path: string): void {
  if (makeFolders(path)) {
    chmodSync(path, FOLDER_MODE);
    return;
  }
  const { mode, uid } = statSync(path);
  const ours = process.getuid === undefined || process.getuid() === uid;
  // A sticky folder is one that many share, such as /tmp: closing it would break others.
  if (ours && (mode & 0o1000) === 0 && (mode & 0o077) !== 0) chmodSync(path, mode & FOLDER_MODE);
}

/** Whether it was made, and not there already. mkdirSync's own recursion goes round for ever in a folder that takes none (/proc). */
function makeFolders(path: string): boolean {
  try {
    return makeFolder(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error;
    makeFolders(dirname(path));
    return makeFolder(path);
  }
}

function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: FOLDER_MODE });
    return true;
  } catch (error) {
    // Another process may have been quicker; a folder that exists may also be told of as read-only.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw error;
  }
}

/** Makes an empty file when there is none; for nobody but its owner, whatever the umask. */
export function privateFile(path: string): void {
  try {
    const file = openSync(path, 'wx', FILE_MODE);
    fchmodSync(file, FILE_MODE);
    closeSync(file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    closeToOthers(path);
  }
}

/** Takes the rights of group and others from a file that exists; a missing one is no matter. */
export function closeToOthers(path: string): void {
  try {
    const found = statSync(path);
    if (found.isFile() && (found.mode & 0o077) !== 0) chmodSync(path, found.mode & FILE_MODE);
  } catch (error) {
    // Of another owner, or on a file system without modes: whether it can be used shows when it is opened.
    if (!isErrno(error, 'ENOENT', 'EPERM', 'EROFS', 'ENOTSUP')) throw error;
  }
}

/** Makes a rename or removal in the folder outlast a power cut. Windows opens no folder, and needs none of it. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export function isErrno(error: unknown, ...codes: string[]): boolean {
  return codes.includes(errnoOf(error) ?? '');
}

/** `ENOENT`, `EACCES` ... of an error of the system; null for any other. Read structurally, as all errors are printed. */
export function errnoOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('errno' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
