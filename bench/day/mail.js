/** Share of a day's mail that comes in each hour: little at night, most of it in working hours. */
const HOURS = [1, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 8, 7, 8, 8, 7, 6, 5, 4, 3, 3, 2, 2, 1];
const HOUR_MS = 3_600_000;

/** Times of arrival (milliseconds from midnight, in order) of so many messages; the same seed gives the same day. */
export function dayOfMail(count, seed) {
  const random = mulberry32(seed);
  const all = HOURS.reduce((sum, share) => sum + share, 0);
  const times = Array.from({ length: count }, () => {
    let left = random() * all;
    const hour = HOURS.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return Math.floor((hour + random()) * HOUR_MS);
  });
  return times.sort((one, other) => one - other);
}

/** In [0, 1). */
export function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
