import { afterEach, describe, expect, it } from '@jest/globals';
import { DISCARDED } from '../../src/store/ports/outbox.js';
import { delivering } from './delivering.js';
import { NOW, notification, Workplace } from './fixtures.js';

const workplace = new Workplace();
afterEach(() => workplace.clean());

const dead = (diedAt: number) => ({ state: 'dead', diedAt, nextAttemptAt: null }) as const;

describe('views of the outbox', () => {
  it('counts the notifications of each state, of both queues', async () => {
    const { store, id, put, record } = await delivering(workplace);
    expect(await store.outbox.depths()).toEqual({ pending: 0, delivered: 0, dead: 0, stored: 0 });
    await put(notification(id, 'a'), notification(id, 'b'), notification(id, 'm', { queue: 'mailbox' }));
    await put(notification(id, 's', { state: 'stored' }), notification(id, 'd'));
    await record('a', { state: 'delivered', deliveredAt: NOW, nextAttemptAt: null });
    await record('d', dead(NOW));
    expect(await store.outbox.depths()).toEqual({ pending: 2, delivered: 1, dead: 1, stored: 1 });
  });

  it('lists the newest first, page by page', async () => {
    const { store, id, put } = await delivering(workplace);
    await put(...['a', 'b', 'c', 'd', 'e'].map((each) => notification(id, each)));
    const page = async (before?: number) =>
      store.outbox.list({ instanceId: id, newestFirst: true, limit: 2, ...(before !== undefined && { before }) });
    const [first, second] = [await page(), await page(4)];
    expect([first, second].map((rows) => rows.map((row) => row.id))).toEqual([
      ['e', 'd'],
      ['c', 'b'],
    ]);
    expect((await page(second.at(-1)?.seq)).map((row) => row.id)).toEqual(['a']);
    const behind = await store.outbox.list({ instanceId: id, after: 2, limit: 2 });
    expect(behind.map((row) => row.id)).toEqual(['c', 'd']);
  });

  it('tells what a resume would send anew: what died since the last success, and what is pending', async () => {
    const { store, id, put, record } = await delivering(workplace);
    await put(...['old', 'good', 'died', 'given-up', 'next'].map((each) => notification(id, each)));
    await record('old', dead(NOW));
    const delivered = { state: 'delivered', deliveredAt: NOW + 1, nextAttemptAt: null } as const;
    await record('good', delivered, { instance: { id, lastSuccessAt: NOW + 1 } });
    await record('died', dead(NOW + 2));
    await record('given-up', { ...dead(NOW + 3), lastError: DISCARDED });
    const ids = async (pending: boolean, after = 0, limit = 9) =>
      (await store.outbox.resumable(id, { pending, after, limit })).map((row) => row.id);
    expect(await ids(true)).toEqual(['died', 'next']);
    expect(await ids(false)).toEqual(['died']);
    expect(await ids(true, 0, 1)).toEqual(['died']);
    expect(await ids(true, 3)).toEqual(['next']);
  });
});
