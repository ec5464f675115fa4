/** Of every plot, in units of its viewBox: they are scaled to the width that there is. */
export const WIDTH = 400;
export const HEIGHT = 148;
export const LEFT = 40;
export const RIGHT = 4;
export const TOP = 12;
export const BOTTOM = 22;

const STEPS = [1, 2, 5, 10];

/** The end of an axis that holds `most`: 1, 2 or 5 with zeros behind, and `least` at least. */
export function axisEnd(most: number, least: number): number {
  if (most <= least) return least;
  const unit = 10 ** Math.floor(Math.log10(most));
  return (STEPS.find((step) => step * unit >= most) ?? 10) * unit;
}

/** Where the lines of an axis are drawn: at its ends, and in the middle where that is a whole number. */
export function ticks(end: number): number[] {
  return Number.isInteger(end / 2) ? [0, end / 2, end] : [0, end];
}

/** Left edge and width of the place of one value among `count`. */
export function placeOf(at: number, count: number): { x: number; width: number } {
  const width = (WIDTH - LEFT - RIGHT) / count;
  return { x: LEFT + at * width, width };
}

export function heightOf(value: number, end: number): number {
  return round((value / end) * (HEIGHT - TOP - BOTTOM));
}

export function yOf(value: number, end: number): number {
  return round(HEIGHT - BOTTOM - heightOf(value, end));
}

/** A tenth of a unit cannot be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
