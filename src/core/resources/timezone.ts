const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?([0-5]\d))?(?::[0-5]\d)?$/i;
const UTC = /^(?:UTC|GMT|Z|Etc\/UTC)$/i;
/** No place on earth is further from UTC than 14 h; Java's offsets end at 18 h. */
const MAX_OFFSET_MINUTES = 18 * 60;

/** An IANA name (Europe/Berlin, PST) or an offset (+01:00, -8:00, GMT+1). */
export function isTimezone(text: string): boolean {
  return isUtc(text) || fixedOffset(text) !== null || zoneFormat(text) !== null;
}

/** Minutes that the zone is ahead of UTC at that moment (milliseconds); null is UTC. */
export function offsetMinutes(ms: number, timezone: string | null): number {
  if (timezone === null || isUtc(timezone)) return 0;
  const fixed = fixedOffset(timezone);
  if (fixed !== null) return fixed;
  const parts = zoneFormat(timezone)?.formatToParts(ms) ?? [];
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return fixedOffset(name) ?? 0;
}

/** "2026-11-24T02:50:22Z"; in a zone, with its offset: "2026-11-24T03:50:22+01:00". `ms` is milliseconds since the epoch. */
export function formatDate(ms: number, timezone: string | null): string {
  const offset = offsetMinutes(ms, timezone);
  const text = new Date(ms + offset * 60_000).toISOString().replace(/\.\d{3}Z$/, '');
  return `${text}${isUtc(timezone) ? 'Z' : offsetText(offset, ':')}`;
}

/** "+01:00", or "+0100" with no separator. */
export function offsetText(minutes: number, separator: '' | ':'): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hours}${separator}${rest}`;
}

/** UTC by any of its names; null is UTC. */
export function isUtc(timezone: string | null): boolean {
  return timezone === null || UTC.test(timezone);
}

function fixedOffset(text: string): number | null {
  const match = OFFSET.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > MAX_OFFSET_MINUTES) return null;
  return match[1] === '-' ? -minutes : minutes;
}

// A DateTimeFormat takes tens of microseconds to make and every event's date needs one.
const formats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timezone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    formats.set(timezone, format);
    return format;
  } catch {
    return null;
  }
}
