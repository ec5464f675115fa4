import type { SqlValue } from './database.js';

const columns = new Map<string, string>();

/** `nextPollAt` -> `next_poll_at`. */
function column(field: string): string {
  const known = columns.get(field);
  if (known !== undefined) return known;
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  columns.set(field, name);
  return name;
}

/** The columns of a SELECT, each under the name of its field. */
export function selected(fields: readonly string[]): string {
  return fields.map((field) => `${column(field)} AS ${field}`).join(', ');
}

/** The assignments of an UPDATE for the fields that the patch names; null when it names none. */
export function assigned<F extends string>(
  fields: readonly F[],
  patch: { [P in F]?: SqlValue | undefined },
): { text: string; values: SqlValue[] } | null {
  const named: string[] = [];
  const values: SqlValue[] = [];
  for (const field of fields) {
    const value = patch[field];
    if (value === undefined) continue;
    named.push(`${column(field)} = ?`);
    values.push(value);
  }
  return named.length === 0 ? null : { text: named.join(', '), values };
}
