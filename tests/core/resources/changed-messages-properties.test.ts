import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../../../src/core/resources/history/fold.js';
import { endOfPart } from '../../../src/core/resources/history/parts.js';
import type { HistoryRecord } from '../../../src/gmail/api.js';
import { Bench, historyResource } from './history/bench.js';
import { FakeGmail, throttled } from './history/fake-gmail.js';

type Step = { kind: 'add' | 'star' | 'unstar' | 'delete' | 'nothing'; which: number };

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('add', 'add', 'add', 'star', 'unstar', 'delete', 'nothing'),
    which: fc.nat(1000),
  }),
  { maxLength: 60 },
);

/** A mailbox whose every change is written down, so that what comes out can be compared with what went in. */
class Story {
  readonly gmail = new FakeGmail();
  /** Changes of each message in order, as its events have to tell them all together. */
  readonly changes = new Map<string, string[]>();
  /** Record that added each message, in the order of arrival. */
  readonly added = new Map<string, string>();
  private readonly living: string[] = [];
  private readonly starred = new Set<string>();

  play(part: Step[]): void {
    for (const { kind, which } of part) this.step(kind, this.living[which % Math.max(this.living.length, 1)]);
  }

  private step(kind: Step['kind'], id: string | undefined): void {
    if (kind === 'nothing') this.gmail.record({});
    else if (kind === 'add') this.add();
    else if (id === undefined) return;
    else if (kind === 'delete') this.delete(id);
    else if ((kind === 'star') !== this.starred.has(id)) this.star(id, kind === 'star');
  }

  private add(): void {
    const id = `m${this.added.size}`;
    this.living.push(id);
    this.changes.set(id, ['messageAdded']);
    this.added.set(id, this.gmail.receive(id));
  }

  private star(id: string, on: boolean): void {
    if (on) this.starred.add(id);
    else this.starred.delete(id);
    this.changes.get(id)?.push(on ? 'labelsAdded' : 'labelsRemoved');
    this.gmail.relabel(id, on ? { add: ['STARRED'] } : { remove: ['STARRED'] });
  }

  private delete(id: string): void {
    this.living.splice(this.living.indexOf(id), 1);
    this.changes.get(id)?.push('messageDeleted');
    this.gmail.delete(id);
  }
}

interface Told {
  eventType: string;
  messageId: string;
  changes: string[];
  /** Record at which the event stands. */
  at: bigint;
}

/** Every change once, each message created once, nothing out of order. */
function expectWhole(story: Story, told: Told[]): void {
  const byMessage = new Map<string, Told[]>();
  for (const event of told) byMessage.set(event.messageId, [...(byMessage.get(event.messageId) ?? []), event]);
  expect(new Map([...byMessage].map(([id, events]) => [id, events.flatMap((event) => event.changes)]))).toEqual(
    story.changes,
  );
  for (const [id, events] of byMessage) {
    const [first, ...later] = events.map((event) => event.eventType);
    const deleted = story.changes.get(id)?.at(-1) === 'messageDeleted';
    expect(later).not.toContain('CREATED');
    expect(first === 'CREATED' || (first === 'DELETED' && deleted)).toBe(true);
    expect([first, ...later].filter((type) => type === 'DELETED')).toHaveLength(deleted ? 1 : 0);
  }
  const places = told.map((event) => event.at);
  expect(places).toEqual(places.toSorted((one, other) => (one < other ? -1 : 1)));
}

function toldBy(bench: Bench, story: Story): Told[] {
  return bench.events.map(({ eventType, record }) => {
    const messageId = String(record['id']);
    const at = eventType === 'CREATED' ? story.added.get(messageId) : String(record['historyId']);
    return { eventType, messageId, changes: record.changes.map(({ type }) => type), at: BigInt(at ?? 0) };
  });
}

describe('any history, cut into any parts', () => {
  it('tells every change once and in order', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(60), { maxLength: 8 }), (part, cuts) => {
        const story = new Story();
        story.play(part);
        const { records } = story.gmail;
        const borders = [0, ...cuts.map((cut) => cut % (records.length + 1)), records.length].toSorted((a, b) => a - b);
        const emitted = new Set<string>();
        const told: Told[] = [];
        for (const [at, start] of borders.slice(0, -1).entries()) {
          for (const message of fold(records.slice(start, borders[at + 1]), [], emitted)) {
            const { eventType, id, changes, lastRecordId } = message;
            const place = eventType === 'CREATED' ? story.added.get(id) : lastRecordId;
            told.push({ eventType, messageId: id, changes: changes.map(({ type }) => type), at: BigInt(place ?? 0) });
            if (eventType === 'CREATED') emitted.add(id);
          }
        }
        expectWhole(story, told);
      }),
      { numRuns: 300 },
    );
  });

  it('parts cover a page without gap or overlap, with at most 100 fetches or a single record each', () => {
    const page = fc.array(fc.nat(130), { maxLength: 12 });
    fc.assert(
      fc.property(page, (sizes) => {
        let next = 0;
        const records: HistoryRecord[] = sizes.map((size, at) => ({
          id: String(at + 1),
          messagesAdded: Array.from({ length: size }, () => ({ message: { id: `m${next++}`, labelIds: ['INBOX'] } })),
        }));
        let start = 0;
        while (start < records.length) {
          const end = endOfPart(records, start, historyResource());
          const fetches = sizes.slice(start, end).reduce((sum, size) => sum + size, 0);
          expect(end).toBeGreaterThan(start);
          expect(fetches <= 100 || end === start + 1).toBe(true);
          // As large as it may be: the next record would not have fitted.
          expect(end === records.length || fetches + (sizes[end] ?? 0) > 100).toBe(true);
          start = end;
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The same luck for the same seed. */
function dice(seed: number): (odds: number) => boolean {
  let state = seed % 2_147_483_647 || 1;
  return (odds) => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 < odds;
  };
}

describe('any polls, killed at any commit', () => {
  const run = fc.record({
    batches: fc.array(steps, { minLength: 1, maxLength: 4 }),
    pageSize: fc.integer({ min: 1, max: 20 }),
    when: fc.constantFrom<'before' | 'after'>('before', 'after'),
    killed: fc.double({ min: 0, max: 0.5, noNaN: true }),
    throttled: fc.double({ min: 0, max: 0.3, noNaN: true }),
    luck: fc.nat(),
    repeats: fc.boolean(),
  });

  it('tell every change once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ batches, pageSize, when, repeats, ...odds }) => {
        const story = new Story();
        const bench = new Bench(story.gmail, historyResource({ pageSize, format: 'metadata' }));
        const happens = dice(odds.luck);
        story.gmail.fault = ({ method }) => {
          if (method === 'messagesGet' && happens(odds.throttled)) throw throttled();
        };
        bench.crash = (at) => {
          if (at === when && happens(odds.killed)) throw new Error('killed');
        };
        for (const batch of batches) {
          story.play(batch);
          await bench.pollUntilDone(1000);
          // Gmail repeats a record under a new id: of a message that is created already, that is nothing.
          const living = [...story.gmail.messages.values()].at(-1);
          if (repeats && living !== undefined) story.gmail.record({ messagesAdded: [{ message: living }] });
        }
        await bench.pollUntilDone(1000);
        expectWhole(story, toldBy(bench, story));
        expect(new Set(bench.events.map(({ id }) => id)).size).toBe(bench.events.length);
        expect(bench.row.cursor).toBe(story.gmail.records.at(-1)?.id ?? bench.row.cursor);
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 3, 5, 7])('1,203 new messages, every %s-th commit killed', async (every) => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail, historyResource({ format: 'ids', pageSize: 50 }));
    const ids = Array.from({ length: 1203 }, (_, at) => `m${at}`);
    for (const id of ids) gmail.receive(id);
    let commits = 0;
    let killed = 0;
    bench.crash = (when) => {
      if (when !== 'before' || ++commits % (every + 1) !== 0) return;
      killed += 1;
      throw new Error('killed');
    };
    await bench.pollUntilDone(100);
    expect(killed).toBeGreaterThan(2);
    expect(bench.types()).toEqual(ids.map((id) => `CREATED ${id}`));
  });
});
