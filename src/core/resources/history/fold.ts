import type { HistoryMessage, HistoryRecord } from '../../../gmail/api.js';
import type { EventType, HistoryId, HistoryType } from '../../types.js';
import { apply, type LabelStep, statesBefore, undo } from './label-steps.js';

export type ChangeType = 'messageAdded' | 'messageDeleted' | 'labelsAdded' | 'labelsRemoved';

/** One entry of a record's `changes`. */
export interface Change {
  type: ChangeType;
  labelIds?: string[];
}

/** What a part of history did to one message: one event. */
export interface FoldedMessage {
  id: string;
  threadId: string | undefined;
  eventType: EventType;
  /** Every change, in the order of history. */
  changes: Change[];
  /** Labels at the end of the part; null when history told none. */
  labels: string[] | null;
  /** What its labels may have been when it was added; empty when it was not added, or history told none. */
  arrivals: string[][];
  /** Its labels before and after each change; empty when history told none. */
  states: string[][];
  /** Index, in the part, of the record that added it; of the last one folded in when it is no CREATED. */
  recordIndex: number;
  /** Id of the last record folded in. */
  lastRecordId: HistoryId;
}

interface Position {
  recordIndex: number;
  /** Number of the change within the part. */
  place: number;
}

interface Track {
  id: string;
  threadId: string | undefined;
  changes: Change[];
  labels: string[] | null;
  arrival: string[] | null;
  told: string[][];
  steps: LabelStep[];
  lastRelabelling: string;
  added: (Position & { stepsBefore: number }) | null;
  deleted: boolean;
  last: Position;
  lastRecordId: HistoryId;
}

const ASKED_FOR: Record<HistoryType, ChangeType> = {
  messageAdded: 'messageAdded',
  messageDeleted: 'messageDeleted',
  labelAdded: 'labelsAdded',
  labelRemoved: 'labelsRemoved',
};

/**
 * Folds records of history into one event a message: DELETED if it ended deleted, else CREATED if it was added, else
 * UPDATED. Built up record by record, so that whoever cuts a page into parts can look between them.
 */
export class Fold {
  private readonly tracks = new Map<string, Track>();
  private readonly kinds: Set<ChangeType>;
  /** Then the same labels put on twice with nothing between are a repeated record (Gmail repeats some, under a new id). */
  private readonly seesAllLabels: boolean;
  private recordIndex = -1;
  private place = 0;

  /** `historyTypes` empty is all four; `emitted` are messages whose CREATED is known as emitted: they are not added again. */
  constructor(
    historyTypes: readonly HistoryType[],
    private readonly emitted: ReadonlySet<string> = new Set(),
  ) {
    this.kinds = new Set(historyTypes.length === 0 ? Object.values(ASKED_FOR) : historyTypes.map((t) => ASKED_FOR[t]));
    this.seesAllLabels = this.kinds.has('labelsAdded') && this.kinds.has('labelsRemoved');
  }

  /** Returns the ids of the messages that the record speaks of: none when it has no typed field. */
  add(record: HistoryRecord): Set<string> {
    this.recordIndex += 1;
    const added = this.kinds.has('messageAdded') ? (record.messagesAdded ?? []) : [];
    const deleted = this.kinds.has('messageDeleted') ? (record.messagesDeleted ?? []) : [];
    const relabelled = labelChanges(record, this.kinds);
    // Gmail tells no order within a record; a message is added before all else, and nothing follows its deletion.
    for (const { message } of added) this.addMessage(this.track(message), message.labelIds ?? null, record.id);
    for (const [message, changes] of relabelled.values())
      this.relabel(this.track(message), message, changes, record.id);
    for (const { message } of deleted) this.deleteMessage(this.track(message), message.labelIds ?? null, record.id);
    return new Set([...added.map((a) => a.message.id), ...relabelled.keys(), ...deleted.map((d) => d.message.id)]);
  }

  /** null when nothing happened to the message. */
  message(id: string): FoldedMessage | null {
    const track = this.tracks.get(id);
    return track === undefined || track.changes.length === 0 ? null : folded(track);
  }

  /**
   * In order: a CREATED stands where its message was added, every other event at the last record folded in (the one its id
   * is derived from). So new mail keeps the order of its arrival, and no event precedes what it tells of.
   */
  messages(): FoldedMessage[] {
    return [...this.tracks.values()]
      .filter((track) => track.changes.length > 0)
      .sort((one, other) => position(one).place - position(other).place)
      .map(folded);
  }

  private addMessage(track: Track, labels: string[] | null, recordId: HistoryId): void {
    // A repeated record counts as no change.
    if (track.added !== null || this.emitted.has(track.id)) {
      track.labels ??= labels;
      return;
    }
    track.added = { recordIndex: this.recordIndex, place: this.place, stepsBefore: track.steps.length };
    track.arrival = labels;
    track.labels = labels ?? track.labels;
    this.put(track, { type: 'messageAdded' }, recordId);
  }

  private deleteMessage(track: Track, labels: string[] | null, recordId: HistoryId): void {
    if (track.deleted) return;
    track.deleted = true;
    track.labels = labels ?? track.labels;
    this.put(track, { type: 'messageDeleted' }, recordId);
  }

  private relabel(track: Track, message: HistoryMessage, changes: Change[], recordId: HistoryId): void {
    const relabelling = JSON.stringify(changes);
    if (this.seesAllLabels && relabelling === track.lastRelabelling) return;
    track.lastRelabelling = relabelling;
    const step = { added: labelsOf(changes, 'labelsAdded'), removed: labelsOf(changes, 'labelsRemoved') };
    // Some read a record's message.labelIds as those after its change, others as those of the moment of asking. The
    // change itself says which of its labels were there before and after, so both readings give the same here.
    const base = message.labelIds ?? track.labels;
    if (base !== null) {
      track.labels = apply(base, step);
      track.told.push(undo(base, step), track.labels);
    }
    track.steps.push(step);
    for (const change of changes) this.put(track, change, recordId);
  }

  private put(track: Track, change: Change, recordId: HistoryId): void {
    track.changes.push(change);
    track.last = { recordIndex: this.recordIndex, place: this.place };
    track.lastRecordId = recordId;
    this.place += 1;
  }

  private track({ id, threadId }: HistoryMessage): Track {
    const found = this.tracks.get(id);
    if (found !== undefined) {
      found.threadId ??= threadId;
      return found;
    }
    const track: Track = {
      id,
      threadId,
      changes: [],
      labels: null,
      arrival: null,
      told: [],
      steps: [],
      lastRelabelling: '',
      added: null,
      deleted: false,
      last: { recordIndex: this.recordIndex, place: this.place },
      lastRecordId: '',
    };
    this.tracks.set(id, track);
    return track;
  }
}

/** All of a part at once. */
export function fold(
  records: readonly HistoryRecord[],
  historyTypes: readonly HistoryType[],
  emitted: ReadonlySet<string> = new Set(),
): FoldedMessage[] {
  const part = new Fold(historyTypes, emitted);
  for (const record of records) part.add(record);
  return part.messages();
}

/** A record's label changes, message by message: moving to TRASH is one step, TRASH added and INBOX removed. */
function labelChanges(record: HistoryRecord, kinds: Set<ChangeType>): Map<string, [HistoryMessage, Change[]]> {
  const found = new Map<string, [HistoryMessage, Change[]]>();
  for (const type of ['labelsAdded', 'labelsRemoved'] as const) {
    if (!kinds.has(type)) continue;
    for (const { message, labelIds } of record[type] ?? []) {
      const [known, changes] = found.get(message.id) ?? [message, []];
      found.set(message.id, [{ ...message, ...known }, [...changes, { type, labelIds: labelIds ?? [] }]]);
    }
  }
  return found;
}

function labelsOf(changes: Change[], type: ChangeType): string[] {
  return changes.filter((change) => change.type === type).flatMap((change) => change.labelIds ?? []);
}

function typeOf(track: Track): EventType {
  if (track.deleted) return 'DELETED';
  return track.added === null ? 'UPDATED' : 'CREATED';
}

function position(track: Track): Position {
  return typeOf(track) === 'CREATED' && track.added !== null ? track.added : track.last;
}

function folded(track: Track): FoldedMessage {
  const { id, threadId, changes, labels, arrival, added, lastRecordId } = track;
  const reckoned = labels === null ? [] : statesBefore(labels, track.steps);
  const atArrival = added === null ? undefined : reckoned[added.stepsBefore];
  const arrivals = added === null ? [] : [arrival, atArrival].filter((state) => state !== null && state !== undefined);
  const states = [...arrivals, ...track.told, ...reckoned];
  const { recordIndex } = position(track);
  return { id, threadId, eventType: typeOf(track), changes, labels, arrivals, states, recordIndex, lastRecordId };
}
