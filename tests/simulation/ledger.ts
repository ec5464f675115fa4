import type { NewNotification } from '../../src/store/ports/outbox.js';
import type { PartCommit } from '../../src/store/ports/resources.js';
import type { Note } from './reading.js';
import type { Rules } from './scene.js';

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
  /** null: nothing that a cursor has to do with. */
  note: Note | null;
  notifications: readonly NewNotification[];
  epoch: number;
}

/** Everything that was committed, in order; what a loss of power takes back is struck out. */
export class Ledger {
  readonly #entries: Entry[] = [];
  #durable = 0;
  epoch = 0;

  commit(part: PartCommit, at: number): void {
    const { instanceId, resource, notifications } = part;
    this.#entries.push({ instanceId, resource, note: { kind: 'part', part, at }, notifications, epoch: this.epoch });
  }

  store(notifications: readonly NewNotification[]): void {
    this.#entries.push({ instanceId: 0, resource: '', note: null, notifications, epoch: this.epoch });
  }

  /** The url of a resource was changed. */
  change(instanceId: number, rules: Rules): void {
    const note = { kind: 'rules' as const, rules };
    this.#entries.push({ instanceId, resource: rules.name, note, notifications: [], epoch: this.epoch });
  }

  fsynced(): void {
    this.#durable = this.#entries.length;
  }

  losePower(): void {
    const lost = this.#entries.splice(this.#durable);
    // What is in an instance's file is safe.
    this.#entries.push(...lost.filter(({ note }) => note?.kind === 'rules'));
  }

  /** events.db is gone: each of these resources begins anew. */
  lose(at: number, resources: readonly { instanceId: number; resource: string }[]): void {
    for (const one of resources) {
      this.#entries.push({ ...one, note: { kind: 'lost', at }, notifications: [], epoch: this.epoch });
    }
    this.epoch += 1;
    this.fsynced();
  }

  notesOf(instanceId: number, resource: string): Note[] {
    return this.#entries
      .filter((entry) => entry.instanceId === instanceId && entry.resource === resource)
      .flatMap(({ note }) => note ?? []);
  }

  /** By id, in the order of the queue. A CREATED that is recovered anew may be stored under the same id in a later events.db. */
  stored(): Map<string, Stored[]> {
    const stored = new Map<string, Stored[]>();
    for (const { notifications, epoch } of this.#entries) {
      for (const { id, body, contentType, instanceId, queue } of notifications) {
        const known = stored.get(id) ?? [];
        // A notification whose id is known is a repeat of it and stays as it was.
        if (known.at(-1)?.epoch !== epoch) known.push({ body, contentType, instanceId, queue, epoch });
        stored.set(id, known);
      }
    }
    return stored;
  }
}
