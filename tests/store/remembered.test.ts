import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { Remembered } from '../../src/store/documents/remembered.js';
import { Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

it('what comes while it is read is not taken for what was there when it is gone again', () => {
  const path = join(workplace.folder(), '1.json');
  const remembered = new Remembered<{ name: string }>();
  const come = () => {
    writeFileSync(path, '{}');
    return { name: 'come' };
  };
  expect(remembered.of(path, come)).toEqual({ name: 'come' });
  rmSync(path);
  expect(remembered.of(path, () => null)).toBeNull();
});

it('that there is no file is remembered, until there is one', () => {
  const path = join(workplace.folder(), '1.json');
  const remembered = new Remembered<{ name: string }>();
  let reads = 0;
  const read = () => {
    reads += 1;
    return null;
  };
  expect([remembered.of(path, read), remembered.of(path, read), reads]).toEqual([null, null, 1]);
  writeFileSync(path, '{}');
  expect(remembered.of(path, () => ({ name: 'new' }))).toEqual({ name: 'new' });
});
