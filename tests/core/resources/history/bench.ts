import type { Context } from '../../../../src/core/context.js';
import { buildMailboxNotification } from '../../../../src/core/notification/index.js';
import type { ResourceRun } from '../../../../src/core/polling/resource-run.js';
import { pollHistory } from '../../../../src/core/resources/changed-messages.js';
import type { HistoryResource } from '../../../../src/core/types.js';
import type { NewNotification } from '../../../../src/store/ports/outbox.js';
import type { ResourceRow } from '../../../../src/store/ports/resources.js';
import { instanceDocument, instanceSettings } from '../../notification/instance.js';
import type { FakeGmail } from './fake-gmail.js';

export const T0 = Date.parse('2026-11-24T03:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export interface SeenEvent {
  id: string;
  eventType: string;
  objectId: string;
  date: string;
  record: Record<string, unknown> & { changes: { type: string; labelIds?: string[] }[] };
}

type Part = Parameters<ResourceRun['commit']>[0];

export function historyResource(changes: Partial<HistoryResource> = {}): HistoryResource {
  const [resource] = instanceSettings().resources;
  if (resource?.kind !== 'history') throw new Error('the first resource is changed-messages');
  return { ...resource, ...changes };
}

/** Polls one resource of one instance over and over; what is committed survives, as in the store. */
export class Bench {
  now = T0;
  row: ResourceRow;
  readonly parts: Part[] = [];
  readonly events: SeenEvent[] = [];
  readonly mailbox: SeenEvent[] = [];
  readonly notificationSizes: number[] = [];
  readonly sleeps: number[] = [];
  emitted = new Map<string, number>();
  metadataOnly = false;
  dryRun = false;
  signal = new AbortController();
  /** Called before and after a part is stored; what it throws is a crash at that point. */
  crash: (when: 'before' | 'after', part: Part) => void = () => {};

  constructor(
    readonly gmail: FakeGmail,
    public resource: HistoryResource = historyResource(),
    row: Partial<ResourceRow> = {},
  ) {
    this.row = {
      instanceId: 12,
      name: resource.name,
      kind: 'history',
      cursor: gmail.historyId.toString(),
      cursorAt: T0 - HOUR,
      head: null,
      headAt: null,
      firstBaselineAt: T0 - HOUR,
      lastEndAt: null,
      gap: null,
      stuck: null,
      fingerprint: null,
      hasSnapshot: false,
      ...row,
    };
  }

  async poll(): Promise<number> {
    const { events } = await pollHistory(this.run(), this.resource);
    return events;
  }

  /** Polls until a poll ends without an error; at most `times`. */
  async pollUntilDone(times: number): Promise<void> {
    for (let left = times; ; left -= 1) {
      try {
        await this.poll();
        return;
      } catch (error) {
        if (left === 1) throw error;
      }
    }
  }

  types(): string[] {
    return this.events.map(({ eventType, objectId }) => `${eventType} ${objectId}`);
  }

  private run(): ResourceRun {
    const instance = instanceDocument({ createdDate: new Date(T0 - 30 * 24 * HOUR).toISOString() });
    const settings = instanceSettings({ resources: [this.resource] });
    const email = 'ann@example.com';
    const pollStart = this.now;
    return {
      ctx: this.context(),
      lease: { name: 'poll:12', fence: 1 },
      instance,
      settings,
      row: this.row,
      gmail: this.gmail,
      email,
      metadataOnly: this.metadataOnly,
      pollStart,
      signal: this.signal.signal,
      commit: (part) => this.commit(part),
      mailboxNotification: (eventType, record) => {
        const key = [String(pollStart), this.resource.name];
        const made = buildMailboxNotification({ instance, settings, email, eventType, key, record, at: pollStart });
        return made === null ? [] : [made];
      },
    };
  }

  private async commit(part: Part): Promise<void> {
    this.crash('before', part);
    if (!this.dryRun) {
      this.row = { ...this.row, ...structuredClone(part.patch) };
      for (const id of part.emitted) this.emitted.set(id, part.emittedAt ?? this.now);
      for (const [id, at] of this.emitted) if (at < (part.forgetEmittedBefore ?? 0)) this.emitted.delete(id);
    }
    this.parts.push(part);
    for (const notification of part.notifications) this.read(notification);
    this.crash('after', part);
  }

  private read(notification: NewNotification): void {
    const { message } = JSON.parse(new TextDecoder().decode(notification.body));
    const records = message.raw[message.raw.objectType];
    const seen = message.events.map((event: SeenEvent, at: number) => ({ ...event, record: records[at] }));
    if (notification.queue === 'mailbox') this.mailbox.push(...seen);
    else {
      this.events.push(...seen);
      this.notificationSizes.push(seen.length);
    }
  }

  /** What the feed uses of the context: the clock, and which messages are known as emitted. */
  private context(): Context {
    const clock = {
      now: () => this.now,
      sleep: async (ms: number) => {
        this.sleeps.push(ms);
        this.now += ms;
      },
    };
    const emittedAmong = async (_id: number, _name: string, ids: string[]) =>
      new Set(ids.filter((id) => this.emitted.has(id)));
    return { clock, store: { resources: { emittedAmong } } } as unknown as Context;
  }
}
