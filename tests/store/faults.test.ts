import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../src/store/errors.js';
import { isBusy, resultCode, storeFault } from '../../src/store/sqlite/faults.js';

function driverError(rawCode: number): Error {
  return Object.assign(new Error('of the driver'), { rawCode });
}

describe('faults of SQLite', () => {
  it.each([
    [3, 'store', 'may not be opened'],
    [5, 'retry_later', 'locked by another process'],
    [261, 'retry_later', 'locked by another process'],
    [6, 'retry_later', 'locked by another process'],
    [15, 'retry_later', 'locked by another process'],
    [8, 'store', 'read-only (SQLITE_READONLY)'],
    [1032, 'store', 'read-only (SQLITE_READONLY)'],
    [10, 'store', 'could not be read or written (SQLITE_IOERR)'],
    [778, 'store', 'could not be read or written (SQLITE_IOERR)'],
    [11, 'store', 'damaged (SQLITE_CORRUPT)'],
    [267, 'store', 'damaged (SQLITE_CORRUPT)'],
    [13, 'store', 'the disk of events.db is full (SQLITE_FULL)'],
    [14, 'store', 'could not be opened (SQLITE_CANTOPEN)'],
    [22, 'store', 'too large for this file system (SQLITE_NOLFS)'],
    [26, 'store', 'not a database (SQLITE_NOTADB)'],
    [1, 'store', 'refused a statement'],
    [1555, 'store', 'refused a statement'],
  ])('result code %i is %s', (code, category, text) => {
    const fault = storeFault(driverError(code));
    expect(fault).toBeInstanceOf(StoreError);
    expect(fault).toMatchObject({ code: category, message: expect.stringContaining(text), hint: expect.any(String) });
  });

  it('reads the code of an opening that failed from its text', () => {
    const error = new Error('ConnectionFailed("Unable to open connection to local database /x/events.db: 14")');
    expect(resultCode(error)).toBe(14);
    expect(storeFault(error)).toMatchObject({ message: 'events.db could not be opened (SQLITE_CANTOPEN)' });
  });

  it('leaves every other error as it is', () => {
    const error = new RangeError('not of the driver');
    expect(storeFault(error)).toBe(error);
    expect(isBusy(error)).toBe(false);
    expect(isBusy('text')).toBe(false);
  });
});
