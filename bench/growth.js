/** How far the cost of one more may rise from the first half of the sizes to the last: noise is not growth, squares are. */
const STEEPER = 1.5;

/**
 * A row of a cost at several sizes, `points` of [size, cost]: what one more costs between the largest two sizes, against
 * the line from the smallest to the largest. A cost that is linear gives 1; one that grows with the square, 1.6 and more.
 */
export function growth(part, name, unit, points, of) {
  const [first, last, before] = [points[0], points.at(-1), points.at(-2)];
  const slope = ([x0, y0], [x1, y1]) => (y1 - y0) / (x1 - x0);
  const shown = points.map(([size, cost]) => `${size}: ${cost < 100 ? cost.toFixed(1) : cost.toFixed(0)}`).join(', ');
  return {
    part,
    name: `${name} per 1,000 ${of}`,
    unit,
    value: slope(before, last) * 1000,
    against: `the line through ${points.length} sizes (${shown})`,
    other: slope(first, last) * 1000,
    goal: { ratioMost: STEEPER },
  };
}
