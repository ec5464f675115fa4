import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import { CoreError } from '../../src/core/errors.js';
import { GmailError } from '../../src/gmail/errors.js';
import { StoreError } from '../../src/store/errors.js';
import { errorLines, errorObject } from '../../src/ui/error.js';
import { EXIT_CODES } from '../../src/ui/exit-codes.js';

const plain = new Chalk({ level: 0 });

describe('errorObject', () => {
  it.each([
    [new CoreError('usage', 'no', { hint: 'do' }), { code: 'usage', exitCode: 2, hint: 'do' }],
    [new CoreError('partial', 'no'), { code: 'partial', exitCode: 3, hint: null }],
    [
      new GmailError('no', { class: 'reauthorize', code: 'auth', hint: 'auth' }),
      { code: 'auth', exitCode: 4, hint: 'auth' },
    ],
    [new StoreError('store', 'no'), { code: 'store', exitCode: 5, hint: null }],
    [new StoreError('retry_later', 'no'), { code: 'retry_later', exitCode: 75, hint: null }],
    [new Error('no'), { code: 'failed', exitCode: 1, hint: null }],
    // Node's own errors have a code too: it is none of ours.
    [Object.assign(new Error('no'), { code: 'ENOENT' }), { code: 'failed', exitCode: 1, hint: null }],
    [Object.assign(new Error('no'), { code: 'toString', hint: null }), { code: 'failed', exitCode: 1, hint: null }],
  ])('%s has its code', (error, expected) => {
    expect(errorObject(error)).toEqual({ ...expected, message: 'no', faults: [] });
  });

  it('of a question that was left by Ctrl-C exits as the signal does', () => {
    const left = Object.assign(new Error('User force closed the prompt with SIGINT'), { name: 'ExitPromptError' });
    expect(errorObject(left)).toMatchObject({ code: 'failed', exitCode: 130, message: 'cancelled' });
  });

  it('takes what was thrown without being an error', () => {
    expect(errorObject('no')).toMatchObject({ code: 'failed', message: 'no' });
    expect(errorObject(undefined)).toMatchObject({ code: 'failed', message: 'undefined' });
  });
});

describe('errorLines', () => {
  it('ends with the fix', () => {
    const error = errorObject(new CoreError('failed', 'It broke.', { hint: 'Mend it.' }));
    expect(errorLines(error, plain)).toBe('error: It broke.\nfix: Mend it.');
  });

  it('gives each of several faults a line', () => {
    const faults = [
      { path: 'name', message: 'is missing' },
      { path: 'tags', message: 'must be texts' },
    ];
    const lines = errorLines(errorObject(new CoreError('usage', 'Two faults.\nname, tags', { faults })), plain);
    expect(lines.split('\n')).toEqual(['error: Two faults.', '  name: is missing', '  tags: must be texts']);
  });
});

it('no two exits share a code', () => {
  const codes = Object.values(EXIT_CODES).map(({ code }) => code);
  expect(codes).toEqual([0, 1, 2, 3, 4, 5, 75]);
});
