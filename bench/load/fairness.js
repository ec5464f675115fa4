/**
 * How evenly the healthy instances were served. Times are milliseconds from the first arrival; `least`, `most` and Jain's
 * index are of the counts delivered at the moment when half of all had come.
 */
export function fairness(healthy, arrivals, first, each) {
  const timesOf = healthy.map(({ index }) => (arrivals.get(String(index)) ?? []).map(([, at]) => at));
  const all = timesOf.flat().sort((one, other) => one - other);
  const half = all[Math.floor((healthy.length * each) / 2)] ?? first;
  const counts = timesOf.map((times) => times.filter((at) => at < half).length);
  const sum = counts.reduce((total, count) => total + count, 0);
  const squares = counts.reduce((total, count) => total + count ** 2, 0);
  const lastOf = timesOf.map((times) => times.at(-1) ?? Number.POSITIVE_INFINITY);
  return {
    lastFirst: Math.max(...timesOf.map((times) => times[0] ?? Number.POSITIVE_INFINITY)) - first,
    firstLast: Math.min(...lastOf) - first,
    least: Math.min(...counts),
    most: Math.max(...counts),
    jain: squares === 0 ? 0 : sum ** 2 / (counts.length * squares),
  };
}
