import { describe, expect, it } from '@jest/globals';
import { sparkline } from '../../src/ui/sparkline.js';

describe('sparkline', () => {
  it.each([
    [[], ''],
    [[0, 0, 0], '▁▁▁'],
    [[0, 1, 0], '▁█▁'],
    [[1, 7, 100], '▂▂█'],
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
  ])('%j', (numbers, bars) => {
    expect(sparkline(numbers)).toBe(bars);
  });
});
