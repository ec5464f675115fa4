import { cut, onOneLine, widthOf } from './width.js';

/** A cell, and how it is coloured once it has been measured. */
export type Cell = string | { text: string; paint: (text: string) => string };

export interface TableStyle {
  paintHead?: (text: string) => string;
  /** Columns that a narrow terminal does without, the most dispensable first. */
  optional?: string[];
}

const GAP = '  ';
/** The longest of relative times has room: "14 min ago". */
const NARROWEST = 10;

/**
 * The lines of a table, head first; columns padded to their widest cell. With a terminal's `width` the widest columns are
 * cut (…) until a line fits, never below their names, and never the first: it is the name that other commands take. Where that is not enough the
 * `optional` columns go, one after the other, and in the end each row becomes lines of `NAME  cell` under each other. Without
 * a width (a pipe) everything is there, and whole.
 */
export function formatTable(
  columns: string[],
  rows: Cell[][],
  width?: number,
  { paintHead = (text) => text, optional = [] }: TableStyle = {},
): string[] {
  const head: Cell[] = columns.map((name) => ({ text: name.toUpperCase(), paint: paintHead }));
  const lines = [head, ...rows].map((row) => row.map(measuredCell));
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.width ?? 0)));
  const least = (lines[0] ?? []).map((cell) => Math.max(cell.width, NARROWEST));
  if (width !== undefined && !narrow(widths, least, width - GAP.length * (columns.length - 1))) {
    const [dispensable, ...others] = optional;
    const at = columns.indexOf(dispensable ?? '');
    if (at < 0) return stacked(lines, width);
    const rest = rows.map((row) => row.toSpliced(at, 1));
    return formatTable(columns.toSpliced(at, 1), rest, width, { paintHead, optional: others });
  }
  return lines.map((line) => {
    const last = line.findLastIndex((cell) => cell.width > 0);
    return line
      .slice(0, last + 1)
      .map((cell, at) => fitted(cell, widths[at] ?? 0, at < last))
      .join(GAP);
  });
}

interface MeasuredCell {
  text: string;
  width: number;
  paint: (text: string) => string;
}

function measuredCell(cell: Cell): MeasuredCell {
  const { text, paint } = typeof cell === 'string' ? { text: cell, paint: (plain: string) => plain } : cell;
  const shown = onOneLine(text);
  return { text: shown, width: widthOf(shown), paint };
}

function fitted({ text, width, paint }: MeasuredCell, room: number, padded: boolean): string {
  const shown = width > room ? cut(text, room) : text;
  return paint(shown) + (padded ? ' '.repeat(Math.max(room - widthOf(shown), 0)) : '');
}

/** Whether the columns fit, once those that are too wide have become narrower: each keeps its name whole. */
function narrow(widths: number[], least: readonly number[], room: number): boolean {
  // A table of one column has nothing to give, and does not read better under each other.
  if (widths.length < 2) return true;
  const spare = (at: number) => (widths[at] ?? 0) > (least[at] ?? 0);
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = Math.max(...widths.filter((_, at) => at > 0 && spare(at)));
    const at = widths.findIndex((width, index) => index > 0 && width === widest && spare(index));
    if (at < 0) return false;
    widths[at] = widest - 1;
  }
  return true;
}

/** Rows as blocks of lines, a blank line between them. The first cell stays whole here too. */
function stacked([head = [], ...rows]: MeasuredCell[][], width: number): string[] {
  const names = Math.max(...head.map((cell) => cell.width));
  const room = Math.max(width - names - GAP.length, NARROWEST);
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.map((cell, at) => {
      const name = head[at] ?? measuredCell('');
      return `${fitted(name, names, true)}${GAP}${fitted(cell, at === 0 ? Math.max(room, cell.width) : room, false)}`;
    }),
  ]);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
