import type { Note } from './reading.js';
import type { RecordedMailbox } from './recorded-mailbox.js';
import type { Collection } from './scene.js';
import type { ToldEvent } from './told.js';

/**
 * Plays what was told of a list on its first snapshot: each event has to fit what came before, and all together have to end
 * in what the mailbox lists at the end. `told` are the events of the last events.db, in the order in which they were stored.
 */
export function replayCollection(
  name: Collection,
  notes: readonly Note[],
  told: readonly ToldEvent[],
  mail: RecordedMailbox,
): string[] {
  const faults: string[] = [];
  const present = firstSnapshot(notes);
  for (const { eventType, objectId, id } of told) {
    if (present.has(objectId) === (eventType === 'CREATED'))
      faults.push(`${eventType} ${objectId} (${id}) does not fit`);
    if (eventType === 'DELETED') present.delete(objectId);
    else present.add(objectId);
  }
  const listed = new Set(list(name, mail));
  for (const id of listed) if (!present.has(id)) faults.push(`${id} was never told`);
  for (const id of present) if (!listed.has(id)) faults.push(`that ${id} is gone was never told`);
  return faults;
}

function firstSnapshot(notes: readonly Note[]): Set<string> {
  const begun = notes.findLastIndex(({ kind }) => kind === 'lost') + 1;
  for (const note of notes.slice(begun)) {
    if (note.kind === 'part' && note.part.snapshot !== undefined) {
      return new Set(note.part.snapshot.upsert.map(({ key }) => key));
    }
  }
  return new Set();
}

/** Gmail lists neither spam nor trash unless it is asked to. */
function list(name: Collection, { mailbox }: RecordedMailbox): string[] {
  const shown = new Set(
    [...mailbox.messages.all()]
      .filter(({ labelIds }) => !labelIds.includes('SPAM') && !labelIds.includes('TRASH'))
      .map(({ id }) => id),
  );
  switch (name) {
    case 'labels':
      return mailbox.labels.list().map(({ id }) => id);
    case 'drafts':
      return [...mailbox.drafts].filter(([, messageId]) => shown.has(messageId)).map(([id]) => id);
    case 'messages':
      return [...shown];
  }
}
