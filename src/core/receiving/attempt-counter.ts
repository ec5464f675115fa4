/** A receiver that runs for weeks must not remember every id. */
const REMEMBERED = 10_000;

/** Counts how often an id has come: 1 the first time. Forgets ids that have not come for long; '' is never a repeat. */
export function attemptCounter(remembered = REMEMBERED): (id: string) => number {
  const seen = new Map<string, number>();
  return (id) => {
    if (id === '') return 1;
    const attempt = (seen.get(id) ?? 0) + 1;
    // Put in anew, so that the first of the map is the one that has not come for the longest time.
    seen.delete(id);
    seen.set(id, attempt);
    const [oldest] = seen.keys();
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
    return attempt;
  };
}
