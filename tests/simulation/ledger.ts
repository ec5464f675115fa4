import type { PartCommit } from '../../src/store/ports/resources.js';
import type { Note } from './reading.js';

/** A notification that was stored. */
export interface Stored {
  body: Uint8Array;
  contentType: string;
  instanceId: number;
  queue: 'events' | 'mailbox';
  /** Number of the events.db that holds it: another one each time that it was lost. */
  epoch: number;
}

interface Entry {
  instanceId: number;
  resource: string;
  note: Note;
  epoch: number;
}

/** Every part that was committed, in order; what a loss of power takes back is struck out. */
export class Ledger {
  #entries: Entry[] = [];
  #durable = 0;
  epoch = 0;

  commit(part: PartCommit, at: number): void {
    this.#entries.push({
      instanceId: part.instanceId,
      resource: part.resource,
      note: { kind: 'part', part, at },
      epoch: this.epoch,
    });
  }

  fsynced(): void {
    this.#durable = this.#entries.length;
  }

  losePower(): void {
    this.#entries.length = this.#durable;
  }

  lose(at: number, resources: readonly { instanceId: number; resource: string }[]): void {
    for (const one of resources) this.#entries.push({ ...one, note: { kind: 'lost', at }, epoch: this.epoch });
    this.epoch += 1;
    this.fsynced();
  }

  notesOf(instanceId: number, resource: string): Note[] {
    return this.#entries
      .filter((entry) => entry.instanceId === instanceId && entry.resource === resource)
      .map(({ note }) => note);
  }

  /** By id, in the order of the queue. A CREATED that is recovered anew may be stored under the same id in a later events.db. */
  stored(): Map<string, Stored[]> {
    const stored = new Map<string, Stored[]>();
    for (const { note, epoch } of this.#entries) {
      if (note.kind !== 'part') continue;
      for (const { id, body, contentType, instanceId, queue } of note.part.notifications) {
        const known = stored.get(id) ?? [];
        // A notification whose id is known is a repeat of it and stays as it was.
        if (known.at(-1)?.epoch !== epoch) known.push({ body, contentType, instanceId, queue, epoch });
        stored.set(id, known);
      }
    }
    return stored;
  }
}
