/** When the next poll's time was set: one that lies in the future tells that the clock was set back since. */
export const plannedAt = 'ALTER TABLE instance ADD COLUMN planned_at INTEGER;';
