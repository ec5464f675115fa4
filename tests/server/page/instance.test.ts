import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createInstance } from '../../../src/core/instances/index.js';
import { systemClock } from '../../../src/core/open.js';
import { startServer, type TestServer } from '../../support/server.js';
import { type Seen, Visitor, words } from './visitor.js';

let ahead: number;
let server: TestServer;
let person: Visitor;
beforeEach(async () => {
  ahead = 0;
  server = await startServer({ clock: { ...systemClock, now: () => Date.now() + ahead } });
  person = new Visitor(server.url);
  await person.logIn(server);
});
afterEach(() => server.close());

/** Presses a button of the page that is open. */
async function press(path: string): Promise<string> {
  if (!person.page.text.includes(`action="${path.replaceAll('=', '&#61;')}"`))
    throw new Error(`there is no button for ${path}`);
  return words(await person.submit(path));
}

const notificationId = ({ text }: Seen) => /notifications\/([^"/]+)"/.exec(text)?.[1] ?? '';

describe('the list', () => {
  it('leads whoever has no instance to the first one', async () => {
    expect(words(await person.get('/'))).toContain('No instance yet');
    expect(person.page.text).toContain('href="/instances/new"');
  });

  it('shows how each instance stands, and what is wrong with its fix in words', async () => {
    const one = await server.create({ name: 'First' });
    await server.create({ name: 'Second' });
    await person.get('/');
    expect(words(person.page)).toContain('2 instances, none needs you');
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 410 });
    await person.get(`/instances/${one.id}`);
    await press(`/instances/${one.id}/poll`);
    const list = words(await person.get('/'));
    expect(list).toContain('2 instances, 1 needs you');
    expect(list).toContain('Stopped');
    expect(list).toContain('resume the deliveries');
    expect(list).not.toContain('gmail-events instances resume');
    expect(list).toContain('ann@example.com Authorized');
  });

  it('names its own buttons where the core names commands', async () => {
    const { id } = await server.create();
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 503 });
    await person.get(`/instances/${id}`);
    await press(`/instances/${id}/poll`);
    for (let at = 0; at < 4; at++) await press(`/instances/${id}/resend?state=pending`);
    expect(words(await person.get('/'))).toContain('what is pending can be sent at once, by the button on the page');
    expect(words(await person.get(`/instances/${id}`))).toContain('what is pending can be sent at once.');
    ahead += 2 * 3_600_000;
    await person.logIn(server);
    const list = words(await person.get('/'));
    expect(list).toContain('has failed for more than an hour');
    expect(list).toContain('give the notification up, on its own page');
    expect(list).not.toContain('gmail-events events');
  });

  it('is searched, and shown a page at a time', async () => {
    const { id } = await server.create({ name: 'First', tags: ['crm'] });
    const account = { account: 'ann@example.com', allowPrivate: true };
    for (let at = 0; at < 54; at++) {
      await createInstance(server.ctx, { element: { key: 'gmail' }, name: `Other ${at}` }, account);
    }
    const names = () => [...person.page.text.matchAll(/class="name" href="[^"]*">([^<]*)</g)].map((match) => match[1]);
    await person.get('/');
    expect(names()).toHaveLength(50);
    expect(words(person.page)).toContain('Page 1 of 2, 55 in all');
    await person.get('/?page=2');
    expect(names()).toHaveLength(5);
    for (const q of ['CRM', 'first']) {
      await person.get(`/?q=${q}`);
      expect(names()).toEqual(['First']);
    }
    await person.get('/?q=%3Cscript%3E&page=9');
    expect(words(person.page)).toContain('None of 55 instances is so.');
    await person.get('/?show=needing');
    expect(names()).toEqual([]);
    server.sandbox.revoke();
    await person.get(`/instances/${id}`);
    await press(`/instances/${id}/poll`);
    await person.get('/?show=needing');
    expect(names()).toEqual(['First']);
  });

  it('shows an instance whose file is broken beside the others', async () => {
    await server.create({ name: 'Well' });
    const broken = await server.create({ name: 'Broken' });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${server.ctx.home}/instances/${broken.id}.json`, '{"id":');
    const list = words(await person.get('/'));
    expect(list).toContain('Well');
    expect(list).toContain('Unreadable');
  });
});

describe('the buttons of an instance', () => {
  let id: number;
  const at = () => `/instances/${id}`;
  beforeEach(async () => {
    id = (await server.create({ name: 'Inbox' })).id;
    await person.get(at());
  });

  it('poll now', async () => {
    expect(await press(`${at()}/poll`)).toContain('Polled: nothing new.');
    server.sandbox.mailbox().receiveMany(12);
    expect(await press(`${at()}/poll`)).toContain('Polled: 12 events in 2 notifications, 2 delivered.');
    expect(server.receiver.requests).toHaveLength(2);
    expect(words(await person.get(at()))).not.toContain('Polled:');
  });

  it('are counted as the loop is: polls, their price, attempts', async () => {
    const value = async (name: string) => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`gmail_events_${name} `))
          ?.split(' ')[1],
      );
    };
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 503 });
    await press(`${at()}/poll`);
    expect(await value('polls_total{status="ok"}')).toBe(1);
    expect(await value('poll_seconds_count')).toBe(1);
    expect(await value('changes_total')).toBe(1);
    expect(await value('gmail_units_total')).toBe(22);
    expect(await value('delivery_attempts_total{outcome="failed"}')).toBe(1);
    server.receiver.respond({});
    await press(`${at()}/resend?state=pending`);
    expect(await value('delivery_attempts_total{outcome="delivered"}')).toBe(1);
    await press(`${at()}/pause`);
    await press(`${at()}/poll`);
    expect(await value('polls_total{status="ok"}')).toBe(1);
  });

  it('are answered at the end of the server, which begins no further delivery', async () => {
    server.sandbox.mailbox().receiveMany(50);
    server.receiver.respond({ delayMs: 200 });
    const polled = person.post(`${at()}/poll`);
    await server.receiver.waitFor((requests) => requests.length === 1);
    const closed = server.app.close();
    expect(await polled).toMatchObject({ status: 303, location: at() });
    // The fetch would keep its connection for the next request.
    server.app.server.closeIdleConnections();
    await closed;
    expect(server.receiver.requests).toHaveLength(1);
  });

  it('show nothing to a HEAD, which could take what is told once', async () => {
    const cookie = `gmail-events=${person.cookies.get('gmail-events')}`;
    expect((await fetch(server.url + at(), { method: 'HEAD', headers: { cookie } })).status).toBe(404);
  });

  it('poll now, while another process polls', async () => {
    const lease = await server.ctx.store.leases.acquire(`poll:${id}`);
    if (lease === null) throw new Error('the lease is taken');
    expect(await press(`${at()}/poll`)).toContain('being polled right now');
    await server.ctx.store.leases.release(lease);
  });

  it('poll now, when Google refuses', async () => {
    server.sandbox.addFault({ method: 'history.list', kind: 'apiDisabled403' });
    expect(await press(`${at()}/poll`)).toMatch(/Gmail API/);
    expect(person.page.text).toContain('role="alert"');
  });

  it('pause and enable', async () => {
    expect(await press(`${at()}/pause`)).toContain('Paused');
    server.sandbox.mailbox().receive();
    expect(await press(`${at()}/poll`)).toContain('It was not polled: it is paused');
    expect(await press(`${at()}/enable`)).toContain('Enabled');
    expect(await press(`${at()}/poll`)).toContain('1 event');
  });

  it('resume, which sends what waited', async () => {
    server.sandbox.mailbox().receiveMany(11);
    server.receiver.respond({ status: 410 });
    await press(`${at()}/poll`);
    expect(words(person.page)).toContain('stopped');
    expect(await press(`${at()}/resume`)).toContain('It is stopped again: the receiver still fails.');
    server.receiver.respond({});
    expect(await press(`${at()}/resume`)).toContain('Resumed: of 2 notifications 2 delivered, 0 pending.');
    expect(words(person.page)).toContain('Healthy');
  });

  it('send what is pending now', async () => {
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 503 });
    expect(await press(`${at()}/poll`)).toContain('1 pending');
    expect(await press(`${at()}/resend?state=pending`)).toContain('0 of 1 notification delivered: HTTP 503');
    server.receiver.respond({});
    expect(await press(`${at()}/resend?state=pending`)).toContain('1 notification delivered.');
  });

  it('resend what is dead', async () => {
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 503 });
    await press(`${at()}/poll`);
    for (let attempt = 0; attempt < 9; attempt++) {
      ahead += 30 * 3_600_000;
      await person.logIn(server);
      await person.get(at());
      await press(`${at()}/poll`);
    }
    expect(words(person.page)).toContain('Resend 1 dead');
    server.receiver.respond({});
    expect(await press(`${at()}/resend?state=dead`)).toContain('1 notification delivered.');
  });

  it('delete, after a question that names what is lost', async () => {
    server.sandbox.mailbox().receive();
    server.receiver.respond({ status: 503 });
    await press(`${at()}/poll`);
    const question = await person.get(`${at()}/delete`);
    expect(words(question)).toContain('1 notification still pending will never be delivered.');
    expect(await press(`${at()}/delete`)).toContain(
      `The instance ${id} "Inbox" is deleted. 1 pending notification went`,
    );
    expect(await server.ctx.store.instanceFiles.keys()).toEqual([]);
    expect((await person.get(at())).status).toBe(404);
    expect((await person.post(`${at()}/poll`)).status).toBe(404);
  });

  it('say so when another process does not let go', async () => {
    const lease = await server.ctx.store.leases.acquire(`deliver:${id}`);
    if (lease === null) throw new Error('the lease is taken');
    // The wait for a lease is counted in sleeps, which pass at once here.
    server.ctx.clock.sleep = async () => {};
    expect(await press(`${at()}/pause`)).toMatch(/Another gmail-events process .* Try again in a moment/);
    await server.ctx.store.leases.release(lease);
  });
});

describe('a notification', () => {
  let id: number;
  let path: string;
  beforeEach(async () => {
    id = (await server.create()).id;
    server.sandbox.mailbox().receive({ subject: 'Quarterly figures', from: 'Ada <ada@example.org>' });
    server.receiver.respond({ status: 503, body: 'come back later' });
    await person.get(`/instances/${id}`);
    path = `/instances/${id}/notifications/${notificationId(await person.submit(`/instances/${id}/poll`))}`;
    await person.get(path);
  });

  it('is shown with its events, its attempts and its body', async () => {
    const seen = words(person.page);
    for (const part of ['pending', '1 event', 'CREATED', 'Quarterly figures', 'Ada <ada@example.org>']) {
      expect(seen).toContain(part);
    }
    expect(seen).toMatch(/503 \d+ ms HTTP 503 come back later/);
    expect(seen).toContain('"objectType": "changed-messages"');
  });

  it('is sent again, with the same bytes', async () => {
    expect(await press(`${path}/resend`)).toContain('0 of 1 notification delivered: HTTP 503');
    server.receiver.respond({});
    expect(await press(`${path}/resend`)).toContain('1 notification delivered.');
    const bodies = new Set(server.receiver.requests.map(({ body }) => body.toString()));
    expect(server.receiver.requests).toHaveLength(3);
    expect(bodies.size).toBe(1);
  });

  it('is given up', async () => {
    expect(await press(`${path}/discard`)).toContain('Given up');
    expect(words(await person.get(path))).toContain('dead');
  });

  it('of a paused instance is not sent, and that is said', async () => {
    await person.get(`/instances/${id}`);
    await press(`/instances/${id}/pause`);
    await person.get(path);
    expect(await press(`${path}/resend`)).toContain('Nothing was sent: the instance is disabled.');
  });

  it.each([
    ['with a long body is shown in part', 400_000, 'CREATED'],
    ['with a very long body is not even parsed', 1_200_000, 'The body is too long to be read here.'],
  ])('%s', async (_, size, said) => {
    server.receiver.respond({});
    const configuration = {
      'event.poller.configuration': { 'changed-messages': { url: 'changed-messages?format=full', idField: 'id' } },
    };
    const whole = await server.create({ configuration });
    server.sandbox.mailbox().receive({ size });
    await person.get(`/instances/${whole.id}`);
    const nid = notificationId(await person.submit(`/instances/${whole.id}/poll`));
    const seen = await person.get(`/instances/${whole.id}/notifications/${nid}`);
    expect(words(seen)).toMatch(/The beginning of [\d,]{7,9} bytes/);
    expect(words(seen)).toContain(said);
    expect(seen.text.length).toBeLessThan(700_000);
  });
});

describe('the plots of an instance', () => {
  it('have a name, a description and a table that say the same', async () => {
    const { id } = await server.create();
    server.sandbox.mailbox().receiveMany(3);
    await person.get(`/instances/${id}`);
    const seen = await person.submit(`/instances/${id}/poll`);
    expect(seen.text.match(/<svg [^>]*role="img" aria-labelledby="\w+-name \w+-description"/g)).toHaveLength(4);
    const said = words(seen);
    expect(said).toContain('3 events in 24 hours, 3 in the busiest one.');
    expect(said).toContain('1 attempt succeeded in 24 hours, 0 failed.');
    expect(said).toMatch(/\d\d:00 to \d\d:00 3 1 0 \d+ ms \d+ ms 0/);
  });
});

describe('the notifications of an instance', () => {
  it('are shown by state, a page at a time, the newest first', async () => {
    const { id } = await server.create();
    await person.get(`/instances/${id}`);
    for (let at = 0; at < 22; at++) {
      server.sandbox.mailbox().receive();
      await press(`/instances/${id}/poll`);
    }
    const ids = (text: string) => [...text.matchAll(/notifications\/([^"/]+)"/g)].map((match) => match[1]);
    const first = ids(person.page.text);
    expect(first).toHaveLength(20);
    const older = /href="([^"]*before[^"]*)"/
      .exec(person.page.text)?.[1]
      ?.replaceAll('&#61;', '=')
      .replace('&#38;', '&');
    const rest = ids((await person.get(older ?? '')).text);
    expect(rest).toHaveLength(2);
    expect(new Set([...first, ...rest]).size).toBe(22);
    const stored = (await server.ctx.store.outbox.list({ instanceId: id })).map((row) => row.id);
    expect([...first, ...rest]).toEqual(stored.reverse());
    expect(ids((await person.get(`/instances/${id}?state=dead`)).text)).toEqual([]);
    expect(words(person.page)).toContain('None is dead.');
  });
});
