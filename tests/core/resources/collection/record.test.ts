import { describe, expect, it } from '@jest/globals';
import { contentHash, recordKey, recordOfKey } from '../../../../src/core/resources/collection/record.js';

const resource = (idField: string) => ({ name: 'mine', path: 'drafts' as const, idField });

describe('recordKey', () => {
  it.each([
    ['id', { id: 'a1' }, 'a1'],
    ['message.id', { id: 'd', message: { id: 'm1' } }, 'm1'],
    ['number', { number: 7 }, '7'],
  ])('reads %s', (idField, record, key) => {
    expect(recordKey(record, resource(idField))).toBe(key);
  });

  it.each([
    ['id', {}],
    ['id', { id: '' }],
    ['id', { id: null }],
    ['id', { id: { of: 'object' } }],
    ['message.id', { message: 'text' }],
    ['message.id', { message: null }],
    ['constructor', {}],
  ])('names the field and the resource when there is no %s in %j', (idField, record) => {
    expect(() => recordKey(record, resource(idField))).toThrow(
      `a record of drafts has no "${idField}", the idField of resource "mine"`,
    );
  });
});

describe('recordOfKey', () => {
  it.each([
    ['id', { id: 'k' }],
    ['message.id', { message: { id: 'k' } }],
  ])('puts the key where %s reads it', (idField, record) => {
    expect(recordOfKey('k', idField)).toEqual(record);
    expect(recordKey(recordOfKey('k', idField), resource(idField))).toBe('k');
  });
});

describe('contentHash', () => {
  const record = { id: 'L1', name: 'Travel', color: { textColor: '#fff', backgroundColor: '#000' }, list: [1, 2] };

  it('is the same whatever the order of fields, and without the fields that move by themselves', () => {
    const moved = {
      list: [1, 2],
      color: { backgroundColor: '#000', textColor: '#fff', etag: 'x' },
      historyId: '99',
      name: 'Travel',
      id: 'L1',
    };
    expect(contentHash(moved)).toBe(contentHash(record));
  });

  it.each([
    ['a field', { ...record, name: 'Trips' }],
    ['a field within', { ...record, color: { ...record.color, textColor: '#000' } }],
    ['the order of a list', { ...record, list: [2, 1] }],
    ['a new field', { ...record, hidden: true }],
    ['a missing field', { id: 'L1', name: 'Travel' }],
  ])('differs by %s', (_name, other) => {
    expect(contentHash(other)).not.toBe(contentHash(record));
  });
});
