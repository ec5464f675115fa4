const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar for each number, the highest for the largest of them; the lowest is nothing at all. */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(...numbers, 1);
  return numbers.map((each) => BARS[Math.ceil((each / most) * (BARS.length - 1))] ?? '').join('');
}
