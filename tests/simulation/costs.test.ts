import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pollInstance } from '../../src/core/polling/index.js';
import { startWorld, type World } from '../core/polling/world.js';

describe('what a poll costs', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function poll(url: string, happen: () => void) {
    const id = await world.create({ resources: { 'changed-messages': { url, idField: 'id' } } });
    happen();
    world.sandbox.resetRequests();
    const summary = await pollInstance(world.ctx, id, { deliver: false, scheduled: false });
    const gmail = world.sandbox.requests.filter(({ path }) => path.startsWith('/gmail/'));
    const fetched = gmail.filter(({ method }) => method === 'messages.get').map(({ path }) => path.split('/').at(-1));
    return { summary, fetched, methods: gmail.map(({ method }) => method) };
  }

  it.each<[string, string]>([
    ['labelIds', 'labelIds=INBOX'],
    ['excludeLabelIds', 'excludeLabelIds=CATEGORY_PROMOTIONS&excludeLabelIds=SENT&excludeLabelIds=Label_1'],
    ['both, and full messages', 'labelIds=UNREAD&excludeLabelIds=CATEGORY_PROMOTIONS&format=full'],
    [
      'several labels, and raw messages',
      'labelIds=INBOX&labelIds=UNREAD&excludeLabelIds=CATEGORY_PROMOTIONS&format=raw',
    ],
  ])('a message that is filtered out by %s is never fetched', async (_name, query) => {
    const mailbox = world.sandbox.mailbox();
    let wanted: string[] = [];
    const { summary, fetched } = await poll(`changed-messages?${query}`, () => {
      const others = query.includes('excludeLabelIds') ? ['CATEGORY_PROMOTIONS'] : [];
      wanted = mailbox.receiveMany(3, { labelIds: ['INBOX', 'UNREAD'] });
      mailbox.receiveMany(5, { labelIds: others.length === 0 ? ['Label_1'] : ['INBOX', 'UNREAD', ...others] });
      mailbox.receiveMany(2, { labelIds: ['INBOX', 'UNREAD', 'SPAM'] });
      mailbox.receive({ labelIds: ['INBOX', 'UNREAD', 'CHAT'] });
      mailbox.saveDraft();
    });
    expect(fetched.toSorted()).toEqual(wanted.toSorted());
    expect(summary).toMatchObject({ status: 'ok', events: 3, requests: 4, units: 2 + 3 * 20 });
  });

  it('nothing is fetched of what was added and deleted between two polls, nor for labels and deletions', async () => {
    const mailbox = world.sandbox.mailbox();
    const old = mailbox.receive();
    const { summary, methods } = await poll(
      'changed-messages?historyTypes=messageDeleted&historyTypes=labelAdded',
      () => {
        mailbox.delete(mailbox.receive());
        mailbox.modifyLabels(old, { add: ['STARRED'] });
        mailbox.receive();
      },
    );
    expect(methods).toEqual(['history.list']);
    expect(summary).toMatchObject({ status: 'ok', events: 2, requests: 1, units: 2 });
  });

  it('with format=ids, 1,203 changes cost their pages of history and nothing else', async () => {
    const { summary, methods } = await poll('changed-messages?format=ids&maxResults=100', () => {
      world.sandbox.mailbox().receiveMany(1203);
    });
    expect(new Set(methods)).toEqual(new Set(['history.list']));
    expect(summary).toMatchObject({ status: 'ok', events: 1203, requests: 13, units: 26 });
    expect(world.sandbox.spent()).toEqual({ requests: 13, units: 26 });
  });
});
