import { createHash } from 'node:crypto';
import { CoreError } from '../../errors.js';
import type { CollectionResource } from '../../types.js';

/** Fields that move although nothing of the object changed. */
const MOVING: ReadonlySet<string> = new Set(['historyId', 'etag']);

/** The record's own key, by the resource's idField (`message.id` reaches into an object). CoreError when there is none. */
export function recordKey(
  record: Record<string, unknown>,
  { name, path, idField }: Pick<CollectionResource, 'name' | 'path' | 'idField'>,
): string {
  let value: unknown = record;
  for (const field of idField.split('.')) {
    value = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  }
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
  throw new CoreError('failed', `a record of ${path} has no "${idField}", the idField of resource "${name}"`, {
    hint: `Set the idField of "${name}" to a field that every record has, with gmail-events instances update.`,
  });
}

/** All that is known of a record that is gone: the field that named it. */
export function recordOfKey(key: string, idField: string): Record<string, unknown> {
  return idField.split('.').reduceRight<unknown>((inner, field) => ({ [field]: inner }), key) as Record<
    string,
    unknown
  >;
}

/** The same for the same content, whatever the order of its fields; 22 characters, 132 bits. */
export function contentHash(record: Record<string, unknown>): string {
  return createHash('sha256')
    .update(JSON.stringify(settled(record)))
    .digest('base64url')
    .slice(0, 22);
}

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (!isObject(value)) return value;
  const fields = Object.keys(value).filter((field) => !MOVING.has(field));
  return fields.sort().map((field) => [field, settled(value[field])]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
