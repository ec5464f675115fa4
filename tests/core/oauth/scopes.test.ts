import { describe, expect, it } from '@jest/globals';
import {
  coversLess,
  isMetadataOnly,
  missingScopes,
  readsMail,
  scopeFor,
  scopeNames,
} from '../../../src/core/oauth/scopes.js';

const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const METADATA = 'https://www.googleapis.com/auth/gmail.metadata';
const FULL = 'https://mail.google.com/';
const BASIC = 'https://www.googleapis.com/auth/gmail.settings.basic';

describe('scopes', () => {
  it.each([
    ['readonly', READONLY],
    ['metadata', METADATA],
    [FULL, FULL],
    [`${FULL}  ${BASIC}`, `${FULL} ${BASIC}`],
  ])('%s', (name, scope) => {
    expect(scopeFor(name)).toBe(scope);
  });

  it.each(['', 'everything', 'http://mail.google.com/', BASIC, 'https://www.googleapis.com/auth/gmail.send'])(
    'refuses %j',
    (name) => {
      expect(() => scopeFor(name)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  it('knows what is missing and what reads mail', () => {
    expect(missingScopes([FULL, BASIC], [BASIC])).toEqual([FULL]);
    expect(missingScopes([FULL], [FULL, BASIC])).toEqual([]);
    expect([[READONLY], [METADATA], [FULL], [BASIC], []].map(readsMail)).toEqual([true, true, true, false, false]);
  });

  it('lets the metadata scope restrict a wider one beside it, as Gmail does', () => {
    expect(isMetadataOnly([METADATA])).toBe(true);
    expect(isMetadataOnly([READONLY, METADATA])).toBe(true);
    expect(isMetadataOnly([READONLY])).toBe(false);
    expect(coversLess([METADATA], [READONLY])).toBe(true);
    expect(coversLess([READONLY], [METADATA])).toBe(false);
    expect(coversLess([READONLY], [FULL])).toBe(false);
  });

  it('has short names for people', () => {
    expect(scopeNames([READONLY, FULL])).toBe('readonly, https://mail.google.com/');
  });
});
