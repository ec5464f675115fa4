/** Longest wait we believe: a day with the hour of a clock change. Google's own limits all end sooner. */
export const LONGEST_WAIT_MS = 25 * 3_600_000;

/** The parts of an answer that speak of time. */
export interface TimedAnswer {
  /** Google's message: normally the only place that names a time, `... Retry after 2026-08-29T05:56:52Z`. */
  message: string;
  retryAfter: string | null;
  date: string | null;
}

/**
 * Milliseconds to wait, or null when the answer names no time. Times are measured by the answer's own Date header, so
 * that a local clock that is wrong makes no wait wrong. Text and header both: the longer one.
 */
export function retryAfterMs(answer: TimedAnswer, now: number): number | null {
  const said = answer.date === null ? Number.NaN : Date.parse(answer.date);
  const answered = Number.isNaN(said) ? now : said;
  const waits = [textTime(answer.message) - answered, headerMs(answer.retryAfter, answered)].filter(
    (wait) => !Number.isNaN(wait),
  );
  return waits.length === 0 ? null : Math.min(Math.max(...waits, 0), LONGEST_WAIT_MS);
}

function textTime(message: string): number {
  const named = /retry after\s+(\d{4}-\d\d-\d\dT[\d:.]+\d)(Z|[+-]\d\d:?\d\d)?/i.exec(message);
  return named === null ? Number.NaN : Date.parse(`${named[1]}${named[2] ?? 'Z'}`);
}

function headerMs(value: string | null, answered: number): number {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  return Date.parse(text) - answered;
}

/** The next midnight in Google's own time zone: when a daily limit starts afresh. */
export function nextPacificMidnight(now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const at = (time: number) =>
    Object.fromEntries(parts.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const start = at(now);
  const sinceMidnight = ((start['hour'] ?? 0) * 60 + (start['minute'] ?? 0)) * 60 + (start['second'] ?? 0);
  const guess = (Math.floor(now / 1000) - sinceMidnight + 86_400) * 1000;
  // A day with a clock change has 23 or 25 hours: the guess is then 1 h off to one side.
  const off = at(guess)['hour'] ?? 0;
  return off === 0 ? guess : guess + (off === 23 ? 3_600_000 : -3_600_000);
}
