/** A row's goal: bounds of its figure (`below`, `least`) or of its ratio (`ratioMost`, `ratioLeast`). null: it has none. */
export function isMet({ value, other, goal }) {
  if (goal === undefined) return null;
  const ratio = value / other;
  if (goal.below !== undefined) return value < goal.below;
  if (goal.least !== undefined) return value >= goal.least;
  return goal.ratioMost !== undefined ? ratio <= goal.ratioMost : ratio >= goal.ratioLeast;
}

export function tableText(rows) {
  const cells = rows.map((row) => [
    row.name,
    figure(row.value, row.unit),
    row.against,
    figure(row.other, row.unit),
    `${(row.value / row.other).toFixed(2)}x`,
    goalText(row),
    { true: 'met', false: 'NOT MET', null: '' }[isMet(row)],
  ]);
  const lines = [['what', 'figure', 'compared with', '', 'ratio', 'goal', ''], ...cells];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const right = new Set([1, 3, 4]);
  return lines
    .map((line) =>
      line
        .map((cell, at) => (right.has(at) ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `costs` are areas and their milliseconds. */
export function costsText([part, costs]) {
  const whole = costs.reduce((sum, [, ms]) => sum + ms, 0);
  const lines = costs.map(([area, ms]) => `${String(Math.round((100 * ms) / whole)).padStart(5)} %  ${area}`);
  return [`what a run of ${part} spends its time on (bench/profiles/${part}.cpuprofile)`, ...lines].join('\n');
}

function goalText({ goal, unit }) {
  if (goal === undefined) return '';
  if (goal.below !== undefined) return `under ${figure(goal.below, unit)}`;
  if (goal.least !== undefined) return `at least ${figure(goal.least, unit)}`;
  return goal.ratioMost !== undefined ? `at most ${goal.ratioMost}x` : `at least ${goal.ratioLeast}x`;
}

function figure(value, unit) {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`.trim();
}
