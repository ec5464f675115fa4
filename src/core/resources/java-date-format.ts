import { isUtc, offsetMinutes, offsetText } from './timezone.js';

/** One run of a format: text as it stands, or a letter of Java's SimpleDateFormat and how often it is repeated. */
type Piece = { literal: string } | { letter: string; count: number };

const LETTERS = 'yMdHmsSZXE';
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const PIECE = /'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+|'/g;

/** What is wrong with a format, as a phrase; null when it can be used. */
export function dateFormatFault(format: string): string | null {
  if (format === '') return 'a date format is missing';
  for (const [piece, , letter] of format.matchAll(PIECE)) {
    if (piece === "'") return `the date format ${format} has an unclosed quote`;
    if (letter !== undefined && letter !== 'T' && !LETTERS.includes(letter)) {
      return `the date format ${format} has the letter ${letter}; accepted: ${[...LETTERS].join(' ')} and quoted text`;
    }
    if (letter === 'X' && piece.length > 3) return `the date format ${format} has more than three X`;
  }
  return null;
}

/** A moment (milliseconds) in a format of Java's SimpleDateFormat; null is UTC. */
export function formatJavaDate(format: string, ms: number, timezone: string | null): string {
  const offset = offsetMinutes(ms, timezone);
  const local = new Date(ms + offset * 60_000);
  // A bare T is no letter of Java's: the shell has eaten the quotes of 'T', and of 'Z' with them.
  const quotesLost = !format.includes("'") && format.includes('T');
  return pieces(format)
    .map((piece) => {
      if ('literal' in piece) return piece.literal;
      if (piece.letter === 'Z' && quotesLost && isUtc(timezone)) return 'Z';
      return field(piece.letter, piece.count, local, offset);
    })
    .join('');
}

function pieces(format: string): Piece[] {
  return [...format.matchAll(PIECE)].map(([piece, quoted, letter]) => {
    if (quoted !== undefined) return { literal: quoted === '' ? "'" : quoted.replaceAll("''", "'") };
    if (letter === undefined || letter === 'T') return { literal: piece };
    return { letter, count: piece.length };
  });
}

function field(letter: string, count: number, local: Date, offset: number): string {
  const padded = (value: number) => String(value).padStart(count, '0');
  switch (letter) {
    case 'y':
      return count === 2 ? String(local.getUTCFullYear() % 100).padStart(2, '0') : padded(local.getUTCFullYear());
    case 'M':
      return count < 3 ? padded(local.getUTCMonth() + 1) : named(MONTHS, local.getUTCMonth(), count);
    case 'd':
      return padded(local.getUTCDate());
    case 'H':
      return padded(local.getUTCHours());
    case 'm':
      return padded(local.getUTCMinutes());
    case 's':
      return padded(local.getUTCSeconds());
    case 'S':
      return padded(local.getUTCMilliseconds());
    case 'E':
      return named(DAYS, local.getUTCDay(), count);
    case 'Z':
      return offsetText(offset, '');
    default:
      return isoOffset(offset, count);
  }
}

function named(names: string[], at: number, count: number): string {
  const name = names[at] ?? '';
  return count < 4 ? name.slice(0, 3) : name;
}

/** X: -08, XX: -0800, XXX: -08:00; Z at UTC. */
function isoOffset(offset: number, count: number): string {
  if (offset === 0) return 'Z';
  if (count === 1) return offsetText(offset, '').slice(0, 3);
  return offsetText(offset, count === 2 ? '' : ':');
}
