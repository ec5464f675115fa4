/** How far the largest may lie above the line of the others: noise is not growth, squares are (1.7 times the line and more). */
const ABOVE = 1.5;

/**
 * A row of a cost at several sizes, `points` of [size, cost]: that of the largest, against what the straight line through the
 * smaller ones (least squares) says of it. A cost that is linear, or hardly grows at all, gives 1.
 */
export function growth(part, name, unit, points, of) {
  const smaller = points.slice(0, -1);
  const [size, cost] = points.at(-1);
  const shown = points.map(([at, value]) => `${at}: ${value < 100 ? value.toFixed(1) : value.toFixed(0)}`).join(', ');
  return {
    part,
    name: `${name} at ${size} ${of}`,
    unit,
    value: cost,
    against: `the line of the smaller sizes (${shown})`,
    other: lineThrough(smaller)(size),
    goal: { ratioMost: ABOVE },
  };
}

function lineThrough(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([size]) => size)), mean(points.map(([, cost]) => cost))];
  const slope =
    points.reduce((sum, [size, cost]) => sum + (size - x) * (cost - y), 0) /
    points.reduce((sum, [size]) => sum + (size - x) ** 2, 0);
  return (size) => y + slope * (size - x);
}
