import { describe, expect, it } from '@jest/globals';
import { formatTable } from '../../src/ui/table.js';
import { widthOf } from '../../src/ui/width.js';

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

  it('puts the cells of a row under each other where columns would become unreadable', () => {
    const many = ['id', 'name', 'account', 'deliveries', 'last error'];
    const row = ['1', 'inbox', 'ann@example.com', 'running', 'HTTP 500 after 15 s of waiting'];
    const lines = formatTable(many, [row, row], 36);
    expect(lines).toEqual([
      'ID          1',
      'NAME        inbox',
      'ACCOUNT     ann@example.com',
      'DELIVERIES  running',
      'LAST ERROR  HTTP 500 after 15 s of …',
      '',
      ...lines.slice(0, 5),
    ]);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(36);
  });

  it('gives up optional columns first, the most dispensable of them first', () => {
    const columns = ['id', 'name', 'account', 'state'];
    const rows = [['1', 'a long enough name', 'ann@example.com', 'ok']];
    const optional = ['account', 'name'];
    expect(formatTable(columns, rows, 50, { optional })[0]).toMatch(/^ID {2}NAME +ACCOUNT +STATE$/);
    expect(formatTable(columns, rows, 26, { optional })[0]).toMatch(/^ID {2}NAME +STATE$/);
    expect(formatTable(columns, rows, 12, { optional })).toEqual(['ID  STATE', '1   ok']);
    expect(formatTable(columns, rows, undefined, { optional })[0]).toContain('ACCOUNT');
  });

  it("keeps each column's name whole, and relative times", () => {
    const columns = ['id', 'name', 'deliveries', 'oldest'];
    const table = (width: number) =>
      formatTable(columns, [['1', 'a long enough name', 'running', '-']], width, { optional: ['oldest'] });
    expect(table(34)).toEqual(['ID  NAME        DELIVERIES  OLDEST', '1   a long en…  running     -']);
    expect(table(32)).toEqual(['ID  NAME              DELIVERIES', '1   a long enough n…  running']);
  });

  it('counts what a terminal shows: wide characters, emoji and combining marks', () => {
    const names = ['日本語のメール', 'e\u0301te\u0301', '👨‍👩‍👧 family', '🇩🇪 📬', 'plain'];
    for (const width of [undefined, 30, 24]) {
      const lines = formatTable(
        ['id', 'name', 'state'],
        names.map((name) => ['1', name, 'ok']),
        width,
      );
      const columns = lines.slice(1).map((line) => widthOf(line.slice(0, line.lastIndexOf('ok'))));
      expect(new Set(columns).size).toBe(1);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width ?? 100);
    }
    expect(formatTable(['id', 'name'], [['1', '日本語のメール']], 14)[1]).toBe('1   日本語の…');
  });

  it('colours a cell once it has been measured, and never its padding', () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
    const lines = formatTable(
      ['state', 'id'],
      [
        [{ text: 'stopped', paint: red }, '1'],
        ['ok', '2'],
      ],
    );
    expect(lines).toEqual(['STATE    ID', `${red('stopped')}  1`, 'ok       2']);
    const [, cell] = formatTable(['id', 'why'], [['1', { text: 'a long sentence', paint: red }]], 14);
    expect(cell).toBe(`1   ${red('a long se…')}`);
  });

  it('never cuts the first column: it is what another command is given', () => {
    const id = '6e276879307dc8cbeb80deba83c4df3f';
    expect(formatTable(['id', 'name'], [[id, 'abcdefghijkl']], 44)[1]).toBe(`${id}  abcdefghi…`);
    expect(formatTable(['id', 'name'], [[id, 'abcdefghijkl']], 30)[0]).toBe(`ID    ${id}`);
    expect(formatTable(['id'], [[id]], 10)).toEqual(['ID', id]);
  });

  it('lets no cell move the cursor or colour the screen', () => {
    expect(formatTable(['name'], [['a\u001b[31mb\nc\u202ed']])).toEqual(['NAME', 'a [31mb c d']);
  });
});
