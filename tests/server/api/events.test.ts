import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { discardEvents } from '../../../src/core/delivery/index.js';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type Answered, startServer, type TestServer } from '../../support/server.js';

interface Event {
  id: string;
  eventDate: string;
  status: string;
  providerData: string;
  notifiedData: { message: { eventId: string } }[];
}

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const eventsOf = ({ json }: Answered) => json as Event[];
const poll = (id: number, deliver = true) => pollInstance(server.ctx, id, { deliver, scheduled: false });

describe('the events of an instance', () => {
  it('are its notifications: what Gmail gave, and what the callback URL was told', async () => {
    const { id, token } = await server.create();
    const mail = server.sandbox.mailbox().receiveMany(2);
    await poll(id);
    const answer = await server.call('GET', '/instances/events', { authorization: server.hub(token) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('elements-returned-count')).toBe('1');
    const [event, ...others] = eventsOf(answer) as [Event];
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      id: server.receiver.requests[0]?.id,
      eventDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      status: 'NOTIFIED',
      notifiedData: [server.receiver.requests[0]?.json()],
    });
    expect((JSON.parse(event.providerData) as { id: string }[]).map((record) => record.id)).toEqual(mail);
    for (const path of [`/instances/${id}/events`, `/elements/gmail/instances/${id}/events`]) {
      expect(eventsOf(await server.call('GET', path))).toEqual([event]);
    }
    expect((await server.call('GET', `/instances/${id}/events/${event.id}`)).json).toEqual(event);
    const own = { authorization: server.hub(token) };
    expect((await server.call('GET', `/instances/events/${event.id}`, own)).json).toEqual(event);
  });

  it('tell how far they have come', async () => {
    const { id } = await server.create();
    const statuses = async () =>
      eventsOf(await server.call('GET', `/instances/${id}/events`)).map(({ status, notifiedData }) => [
        status,
        notifiedData.length,
      ]);
    server.sandbox.mailbox().receive();
    await poll(id, false);
    expect(await statuses()).toEqual([['NEW', 0]]);
    server.receiver.respond({ status: 500 });
    await poll(id);
    expect(await statuses()).toEqual([['DISPATCHED', 0]]);

    const lonely = await server.create({ configuration: { 'event.notification.callback.url': null } });
    server.sandbox.mailbox().receive();
    await poll(lonely.id);
    await poll(id, false);
    const stored = eventsOf(await server.call('GET', `/instances/${lonely.id}/events`));
    expect(stored.map(({ status }) => status)).toEqual(['RECEIVED']);
    const [newest] = eventsOf(await server.call('GET', `/instances/${id}/events`)) as [Event];
    await discardEvents(server.ctx, { ids: [newest.id] });
    expect(await statuses()).toEqual([
      ['RECEIVED', 0],
      ['DISPATCHED', 0],
    ]);
  });

  it('come newest first, page by page', async () => {
    const { id } = await server.create();
    server.sandbox.mailbox().receiveMany(35);
    await poll(id);
    const sent = server.receiver.requests.map((request) => request.id);
    expect(sent).toHaveLength(4);
    const pages: string[][] = [];
    for (let next: string | null = ''; next !== null; ) {
      const answer: Answered = await server.call('GET', `/instances/${id}/events?pageSize=3&nextPage=${next}`);
      pages.push(eventsOf(answer).map((event) => event.id));
      next = answer.headers.get('elements-next-page-token');
    }
    expect(pages).toEqual([sent.toReversed().slice(0, 3), sent.slice(0, 1)]);
  });

  it('of large mail fill no page beyond what fits into memory', async () => {
    const resources = { all: { url: '/hubs/general/changed-messages?format=raw', idField: 'id' } };
    const { id } = await server.create({ configuration: { 'event.poller.configuration': resources } });
    server.sandbox.mailbox().receiveMany(2, { size: 7_000_000 });
    await poll(id);
    server.sandbox.mailbox().receive();
    await poll(id);
    server.sandbox.mailbox().receiveMany(2, { size: 7_000_000 });
    await poll(id);
    const sizes: number[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const answer: Answered = await server.call('GET', `/instances/${id}/events?nextPage=${next}`);
      sizes.push(eventsOf(answer).length);
      next = answer.headers.get('elements-next-page-token');
    }
    // Each of the large ones is a notification of its own.
    expect(sizes).toEqual([1, 1, 2, 1]);
  });

  it('of CloudEvents are the same', async () => {
    const { id } = await server.create({ configuration: { 'event.notification.format': 'cloudevents' } });
    const mail = server.sandbox.mailbox().receive();
    await poll(id);
    const [event] = eventsOf(await server.call('GET', `/instances/${id}/events`)) as [Event];
    expect(JSON.parse(event.providerData)).toMatchObject([{ id: mail, changes: [{ type: 'messageAdded' }] }]);
    expect(event.notifiedData).toEqual([server.receiver.requests[0]?.json()]);
  });

  it('are nobody else’s', async () => {
    const [one, other] = [await server.create(), await server.create()];
    server.sandbox.mailbox().receive();
    await poll(one.id);
    const id = server.receiver.requests[0]?.id;
    const others = { authorization: server.hub(other.token) };
    const get = async (path: string, call = {}) => (await server.call('GET', path, call)).status;
    expect(await get(`/instances/${one.id}/events`, others)).toBe(403);
    expect(await get(`/instances/${one.id}/events/${id}`, others)).toBe(403);
    expect(await get(`/instances/events/${id}`, others)).toBe(404);
    expect(await get(`/instances/${other.id}/events/${id}`)).toBe(404);
    expect(await get('/instances/events')).toBe(401);
    expect(await get(`/instances/${one.id}/events`, { authorization: null })).toBe(401);
    expect(await get('/instances/999/events')).toBe(404);
    expect(await get(`/instances/${one.id}/events?pageSize=0`)).toBe(400);
    expect(await get(`/instances/${one.id}/events?nextPage=Zm9v`)).toBe(400);
  });
});
