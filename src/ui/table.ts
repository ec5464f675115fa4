const GAP = '  ';
const NARROWEST = 8;

/**
 * The lines of a table, head first; columns padded to their widest cell. With a terminal's `width` the widest columns are
 * cut (…) until a line fits, but never the first: it is the name that other commands take. Without one (a pipe) nothing is cut.
 */
export function formatTable(columns: string[], rows: string[][], width?: number): string[] {
  const lines = [columns.map((name) => name.toUpperCase()), ...rows.map((row) => row.map(oneLine))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  if (width !== undefined) narrow(widths, width - GAP.length * (columns.length - 1));
  return lines.map((line) =>
    line
      .map((cell, at) => cut(cell, widths[at] ?? cell.length).padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function narrow(widths: number[], room: number): void {
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths.slice(1)), 1);
    if ((widths[widest] ?? 0) <= NARROWEST) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function cut(cell: string, width: number): string {
  return cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
}

/** A name or subject may hold anything; a control character must not move a person's cursor. */
function oneLine(cell: string): string {
  return cell.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
