/** When the instance was given up: rows whose file is gone as well are left of a deletion that did not come to its end. */
export const deletedAt = 'ALTER TABLE instance ADD COLUMN deleted_at INTEGER;';
