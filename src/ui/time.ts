const UNITS: [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** "3 min ago", "in 2 h", "now"; "-" for null. */
export function relativeTime(at: number | null, now: number): string {
  if (at === null) return '-';
  const away = Math.abs(at - now);
  const unit = UNITS.find(([, ms]) => away >= ms);
  if (unit === undefined) return 'now';
  const text = `${Math.floor(away / unit[1])} ${unit[0]}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

/** ISO 8601 in UTC with seconds; null stays null. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}
