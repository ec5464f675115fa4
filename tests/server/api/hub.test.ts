import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type Answered, type CreatedObject, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let instance: CreatedObject;

beforeEach(async () => {
  server = await startServer();
  instance = await server.create();
});
afterEach(() => server.close());

function hub(path: string, token = instance.token): Promise<Answered> {
  return server.call('GET', `/hubs/general/${path}`, { authorization: server.hub(token) });
}

const ids = ({ json }: Answered) => (json as { id: string }[]).map(({ id }) => id);
const nextOf = ({ headers }: Answered) => headers.get('elements-next-page-token');

async function allPages(path: string): Promise<Answered[]> {
  const pages = [await hub(path)];
  for (let next = nextOf(pages[0] as Answered); next !== null; ) {
    const page = await hub(`${path}${path.includes('?') ? '&' : '?'}nextPage=${next}`);
    pages.push(page);
    next = nextOf(page);
  }
  return pages;
}

const requestsOf = (method: string) => server.sandbox.requests.filter((request) => request.method === method);

describe('ping', () => {
  it('asks Gmail with the grant, whatever hub is named', async () => {
    for (const name of ['general', 'anything']) {
      server.sandbox.resetRequests();
      const answer = await server.call('GET', `/hubs/${name}/ping`, { authorization: server.hub(instance.token) });
      expect([answer.status, answer.json]).toEqual([
        200,
        { dateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), endpoint: 'gmail' },
      ]);
      expect(answer.headers.get('elements-element-instance-id')).toBe(String(instance.id));
      expect(requestsOf('getProfile')).toHaveLength(1);
    }
  });

  it('says what Google said when the grant is lost', async () => {
    server.sandbox.revoke();
    server.sandbox.expireAccessTokens();
    const answer = await hub('ping');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ providerMessage: expect.any(String), requestId: expect.any(String) });
  });
});

describe('changed-messages', () => {
  it('gives what changed since the cursor, as a notification would, and moves nothing', async () => {
    const mail = server.sandbox.mailbox().receiveMany(3);
    const before = await server.ctx.store.resources.list(instance.id);
    const answer = await hub('changed-messages');
    expect(answer.status).toBe(200);
    expect(ids(answer)).toEqual(mail);
    expect(answer.headers.get('elements-element-instance-id')).toBe(String(instance.id));
    expect(answer.headers.get('elements-returned-count')).toBe('3');
    expect(nextOf(answer)).toBeNull();
    expect(await server.ctx.store.resources.list(instance.id)).toEqual(before);
    expect(await server.ctx.store.outbox.list({})).toEqual([]);

    await pollInstance(server.ctx, instance.id, { deliver: true, scheduled: false });
    const told = server.receiver.requests.map((request) => request.json());
    expect(told).toMatchObject([{ message: { raw: { 'changed-messages': answer.json } } }]);
    // What the poll has told is told again to whoever asks from before it.
    const [{ historyId }] = answer.json as [{ historyId: string }];
    expect(ids(await hub(`changed-messages?since=${BigInt(historyId) - 1n}`))).toEqual(mail);
  });

  it('goes on from the header of the last page', async () => {
    const mailbox = server.sandbox.mailbox();
    const mail = mailbox.receiveMany(5);
    const pages = await allPages('changed-messages?pageSize=2');
    expect(pages.length).toBeGreaterThanOrEqual(3);
    expect(pages.flatMap(ids)).toEqual(mail);
    const since = pages.at(-1)?.headers.get('gmail-history-id');
    expect(ids(await hub(`changed-messages?since=${since}`))).toEqual([]);
    const later = mailbox.receive();
    expect(ids(await hub(`changed-messages?since=${since}`))).toEqual([later]);
  });

  it('costs what a poll costs, and counts in the metrics', async () => {
    server.sandbox.mailbox().receiveMany(2);
    server.sandbox.resetRequests();
    await hub('changed-messages');
    expect(requestsOf('history.list')).toHaveLength(1);
    expect(requestsOf('messages.get')).toHaveLength(2);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^gmail_events_gmail_requests_total 3$/m);
    expect(metrics).toMatch(/^gmail_events_gmail_units_total 42$/m);
  });

  it('takes the filters of a changed-messages url, and drops drafts and spam by itself', async () => {
    const mailbox = server.sandbox.mailbox();
    const news = mailbox.receive({ labelIds: ['INBOX', 'CATEGORY_PROMOTIONS'] });
    const mail = mailbox.receive({ labelIds: ['INBOX'] });
    mailbox.receive({ labelIds: ['SPAM'] });
    mailbox.saveDraft();
    expect(ids(await hub('changed-messages'))).toEqual([news, mail]);
    expect(ids(await hub('changed-messages?excludeLabelIds=CATEGORY_PROMOTIONS'))).toEqual([mail]);
    expect(ids(await hub('changed-messages?labelIds=INBOX&labelIds=CATEGORY_PROMOTIONS'))).toEqual([news]);
    const [first] = (await hub('changed-messages?format=ids')).json as Record<string, unknown>[];
    expect(first).not.toHaveProperty('payload');
    const refused = await hub('changed-messages?format=pdf&where=x');
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ message: expect.stringMatching(/where.*format|format.*where/s) });
  });

  it('finds new mail by date, newest first, page by page', async () => {
    const mail = server.sandbox.mailbox().receiveMany(5);
    await pollInstance(server.ctx, instance.id, { deliver: false, scheduled: false });
    const day = new Date(server.ctx.clock.now() - 86_400_000).toISOString().slice(0, 10);
    const pages = await allPages(`changed-messages?since=${day}&pageSize=2`);
    expect(pages.flatMap(ids)).toEqual(mail.toReversed());
    expect(pages[0]?.json).toMatchObject([{ changes: [{ type: 'messageAdded' }], recovered: true }, {}]);
    const ahead = Math.floor(server.ctx.clock.now() / 1000) + 3600;
    expect(ids(await hub(`changed-messages?since=epoch:${ahead}`))).toEqual([]);
  });

  it('is 404 when Gmail keeps no history from there any more', async () => {
    server.sandbox.mailbox().receive();
    server.sandbox.mailbox().expireHistory();
    const answer = await hub('changed-messages?since=1');
    expect([answer.status, answer.json]).toMatchObject([
      404,
      { message: expect.stringContaining('no history from 1') },
    ]);
  });

  it('says what else `since` may be, and needs one where there is no cursor', async () => {
    const answer = await hub('changed-messages?since=yesterday');
    expect([answer.status, answer.json]).toMatchObject([400, { message: expect.stringContaining('epoch:SECONDS') }]);
    expect((await hub('changed-messages?nextPage=Zm9v')).status).toBe(400);
    const labels = { labels: { url: '/hubs/general/labels', idField: 'id' } };
    const other = await server.create({ configuration: { 'event.poller.configuration': labels } });
    const without = await hub('changed-messages', other.token);
    expect([without.status, without.json]).toMatchObject([400, { message: expect.stringContaining('give since') }]);
  });
});

describe('hub calls', () => {
  it('are 403 while the instance is disabled, and 401 with another secret', async () => {
    await server.call('DELETE', `/instances/${instance.id}/enabled`);
    for (const path of ['ping', 'changed-messages']) {
      const answer = await hub(path);
      expect([answer.status, answer.json]).toMatchObject([403, { message: expect.stringContaining('disabled') }]);
      expect(answer.headers.get('elements-element-instance-id')).toBe(String(instance.id));
      expect((await hub(path, 'x')).status).toBe(401);
      expect((await server.call('GET', `/hubs/general/${path}`)).status).toBe(401);
    }
  });

  it('use the mailbox of their own instance', async () => {
    const other = server.sandbox.addMailbox('bob@example.com');
    const code = server.sandbox.grantCode({ redirectUri: 'http://127.0.0.1:9/oauth', email: 'bob@example.com' });
    const bob = await server.create({ providerData: { code } });
    const mail = other.receive();
    expect(ids(await hub('changed-messages', bob.token))).toEqual([mail]);
    expect(ids(await hub('changed-messages'))).toEqual([]);
  });
});
