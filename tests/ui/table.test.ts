import { describe, expect, it } from '@jest/globals';
import { formatTable } from '../../src/ui/table.js';

const rows = [
  ['1', 'a mailbox with a long name', 'ok'],
  ['22', 'short', 'failed'],
];

describe('formatTable', () => {
  it('pads each column to its widest cell and leaves no blanks at the end', () => {
    expect(formatTable(['id', 'name', 'state'], rows)).toEqual([
      'ID  NAME                        STATE',
      '1   a mailbox with a long name  ok',
      '22  short                       failed',
    ]);
  });

  it.each([24, 30, 36])('fits a terminal of %d columns by cutting the widest column', (width) => {
    const lines = formatTable(['id', 'name', 'state'], rows, width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[1]).toContain('…');
    expect(lines[2]).toContain('short');
  });

  it('cuts nothing below what can be read', () => {
    expect(formatTable(['id', 'name'], [['1', 'abcdefghijkl']], 3)).toEqual(['ID  NAME', '1   abcdefg…']);
  });

  it('never cuts the first column: it is what another command is given', () => {
    const id = '6e276879307dc8cbeb80deba83c4df3f';
    expect(formatTable(['id', 'name'], [[id, 'abcdefghijkl']], 40)[1]).toBe(`${id}  abcdefg…`);
    expect(formatTable(['id'], [[id]], 10)).toEqual(['ID', id]);
  });

  it('lets no cell move the cursor or colour the screen', () => {
    expect(formatTable(['name'], [['a\u001b[31mb\nc\u202ed']])).toEqual(['NAME', 'a [31mb c d']);
  });
});
