const LONGEST_SHOWN = 40;

/** A value as a fault names it: what it is, and the value itself when it is short. Not for secrets. */
export function valueForm(value: unknown): string {
  if (typeof value === 'string') {
    if (value === '') return 'an empty text';
    return value.length > LONGEST_SHOWN ? textForm(value) : `the text ${JSON.stringify(value)}`;
  }
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** As `valueForm`, for secrets and for what may hold one: never the value itself. */
export function secretForm(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : textForm(value);
  return typeof value === 'number' ? 'a number' : valueForm(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textForm(text: string): string {
  return `a text of ${text.length} characters`;
}
