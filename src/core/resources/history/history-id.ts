import type { HistoryId } from '../../types.js';

/** The newer of two historyIds. They outgrow a JavaScript number (21 digits occur), so they are compared as BigInt. */
export function newer(one: HistoryId, other: HistoryId): HistoryId {
  return BigInt(one) >= BigInt(other) ? one : other;
}
