import { type Html, html } from './html.js';

const UNITS: [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** "3 min ago", with the full time in its title; a dash for never. Times are milliseconds. */
export function when(at: number | null, now: number): Html {
  if (at === null) return html`<span class="none" aria-label="never">–</span>`;
  return html`<time datetime="${iso(at)}" title="${fullTime(at)}">${relative(at, now)}</time>`;
}

export function relative(at: number, now: number): string {
  const away = Math.abs(at - now);
  const unit = UNITS.find(([, ms]) => away >= ms);
  if (unit === undefined) return 'now';
  const text = `${Math.floor(away / unit[1])} ${unit[0]}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

/** 2026-11-24 02:50:22 UTC */
export function fullTime(at: number): string {
  return `${iso(at).slice(0, 19).replace('T', ' ')} UTC`;
}

/** 02:50 */
export function clockTime(at: number): string {
  return iso(at).slice(11, 16);
}

/** 45 ms, 1.3 s, 2 min */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
