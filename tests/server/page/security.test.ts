import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { Visitor, words } from './visitor.js';

let server: TestServer;
let person: Visitor;
beforeEach(async () => {
  server = await startServer();
  person = new Visitor(server.url);
});
afterEach(() => server.close());

/** Everything that changes something. */
const ACTIONS = [
  '/instances',
  '/oauth/start',
  '/instances/1/poll',
  '/instances/1/resume',
  '/instances/1/resend?state=pending',
  '/instances/1/pause',
  '/instances/1/enable',
  '/instances/1/authenticate',
  '/instances/1/delete',
  '/instances/1/notifications/x/resend',
  '/instances/1/notifications/x/discard',
];

describe('every answer', () => {
  it('has the headers that keep other sites, scripts and caches out', async () => {
    await server.create();
    const before = [await person.get('/login'), await person.get('/'), await person.post('/login', { user: 'x' })];
    await person.logIn(server);
    const paths = ['/', '/instances/new', '/instances/1', '/instances/1/delete', '/instances/99', '/instances/1/x/y'];
    const seen = [...before];
    for (const path of paths) seen.push(await person.get(path));
    for (const path of ACTIONS) seen.push(await person.post(path, { 'form-token': 'wrong' }));
    seen.push(await person.get('/oauth/callback?state=x&code=y'));
    for (const { headers } of seen) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        `form-action 'self' ${server.sandbox.url}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('carries no script and no style in its markup', async () => {
    await server.create();
    await person.logIn(server);
    for (const path of ['/', '/instances/new', '/instances/1', '/instances/1/delete']) {
      const { text } = await person.get(path);
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    }
  });

  it('loads what it needs from the program itself, kept for good under a name that changes with it', async () => {
    const { text } = await person.get('/login');
    const files = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(new Set(files.map((file) => file.split('.').pop()))).toEqual(new Set(['css', 'js', 'svg']));
    for (const file of files) {
      const seen = await person.get(file);
      expect(seen.status).toBe(200);
      expect(seen.headers.get('cache-control')).toContain('immutable');
      expect(seen.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(file).toMatch(/-[0-9a-f]{12}\./);
    }
    expect(text).not.toMatch(/https?:\/\//);
  });
});

describe('a form', () => {
  it.each(ACTIONS)('is refused without its token, with a wrong one, or from elsewhere: %s', async (path) => {
    const { id } = await server.create();
    server.sandbox.mailbox().receive();
    await person.logIn(server);
    const stored = () => Promise.all([server.ctx.store.instanceFiles.read(id), server.ctx.store.instances.list()]);
    const before = await stored();
    const answers = [
      await person.post(path, { 'form-token': null }),
      await person.post(path, { 'form-token': 'wrong' }),
      await person.post(path, { 'form-token': '' }),
    ];
    await person.get('/');
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: server.url.replace(/\d+$/, '1') },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      await person.get('/');
      answers.push(await person.post(path, {}, headers as Record<string, string>));
    }
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(words(answer)).toContain('Not accepted');
    }
    expect(await stored()).toEqual(before);
    expect(server.receiver.requests).toHaveLength(0);
  });

  it('is not taken from another session', async () => {
    const { id } = await server.create();
    const other = new Visitor(server.url);
    await other.logIn(server);
    const token = /name="form-token" value="([^"]*)"/.exec(other.page.text)?.[1] ?? '';
    await person.logIn(server);
    expect((await person.post(`/instances/${id}/pause`, { 'form-token': token })).status).toBe(403);
    expect((await other.post(`/instances/${id}/pause`, { 'form-token': token })).status).toBe(303);
  });

  it('is taken from a browser that says no origin because of the referrer policy', async () => {
    const { id } = await server.create();
    await person.logIn(server);
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' };
    expect((await person.post(`/instances/${id}/pause`, {}, headers)).status).toBe(303);
  });

  it('is no JSON and no plain text', async () => {
    const { id } = await server.create();
    await person.logIn(server);
    const cookie = `gmail-events=${person.cookies.get('gmail-events')}`;
    for (const type of ['application/json', 'text/plain']) {
      const headers = { cookie, 'content-type': type, origin: server.url };
      const init = { method: 'POST', headers, body: '{"form-token":"x"}', redirect: 'manual' } as const;
      expect((await fetch(`${server.url}/instances/${id}/pause`, init)).status).toBe(403);
    }
  });

  it('is refused when it is far too large', async () => {
    await person.logIn(server);
    const seen = await person.post('/instances', { name: 'x'.repeat(100_000) });
    expect(seen.status).toBe(413);
    expect(seen.headers.get('content-type')).toContain('text/html');
  });

  it('changes nothing by a GET', async () => {
    const { id } = await server.create();
    await person.logIn(server);
    for (const path of ACTIONS.filter((each) => /instances\/1\/(?!delete|notifications)/.test(each))) {
      expect((await person.get(path)).status).toBe(404);
    }
    expect((await person.get(`/instances/${id}/delete`)).status).toBe(200);
    expect(await server.ctx.store.instanceFiles.read(id)).toMatchObject({ disabled: false });
  });
});

describe('what strangers write', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></textarea></pre><svg onload=alert(1)>',
    '\u202Egnp.exe\u2066 \u0000\u001b[31m',
    'x'.repeat(500),
    '${constructor} {{7*7}} !${1}',
    'مرحبا عالم',
  ];

  it('is text wherever it is shown', async () => {
    for (const subject of HOSTILE) server.sandbox.mailbox().receive({ subject, from: `${subject} <evil@example.com>` });
    const { id } = await server.create({
      name: '"><b onclick=alert(1)>x & <i>y</i>',
      tags: ['"><img src=y onerror=alert(2)>', '\u202Etag'],
    });
    for (const subject of HOSTILE) server.sandbox.mailbox().receive({ subject, from: `${subject} <evil@example.com>` });
    server.receiver.respond({ status: 500, body: '<script>alert("answer")</script>\u202E' });
    await person.logIn(server);
    await person.submit(`/instances/${id}/poll`);
    const list = await person.open('/');
    const instance = await person.open(`/instances/${id}`);
    const nid = /notifications\/([^"/]+)"/.exec(instance.text)?.[1] ?? '';
    const notification = await person.get(`/instances/${id}/notifications/${nid}`);
    expect(words(notification)).toContain('<script>alert(1)</script>');
    expect(words(notification)).toContain('\\u202egnp.exe\\u2066');
    expect(notification.text).toContain('<bdi>مرحبا عالم</bdi>');
    for (const { text } of [list, instance, notification, await person.get(`/instances/${id}/delete`)]) {
      expect(text).not.toMatch(
        /<script(?![^>]* src="\/assets\/)|<img(?! src="\/assets\/)|<b\b|<i\b(?! class)|onload=|onerror=|onmouseover=|onclick=/,
      );
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/u);
    }
  });

  it('is text in what the core refuses', async () => {
    await person.logIn(server);
    await person.get('/instances/new');
    const value = '"><script>alert(1)</script>';
    const seen = await person.post('/instances', {
      name: value,
      'callback-url': value,
      interval: value,
      tags: value,
      account: value,
      'client-id': value,
    });
    expect(seen.status).toBe(422);
    expect(seen.text).not.toContain('<script>');
    expect(seen.text).toContain('value="&#34;&#62;&#60;script&#62;');
  });

  it('names nothing by an address that was made up', async () => {
    await server.create();
    await person.logIn(server);
    for (const path of [
      '/instances/%3Cscript%3E',
      '/instances/-1',
      '/instances/1e3',
      '/instances/1/notifications/..%2F..%2Fx',
      '/instances/99999999999999999999',
    ]) {
      const seen = await person.get(path);
      expect(seen.status).toBe(404);
      expect(seen.text).not.toContain('<script>');
    }
  });
});

it('a notification is shown under its own instance alone', async () => {
  const one = await server.create();
  const other = await server.create();
  server.sandbox.mailbox().receive();
  await person.logIn(server);
  await person.submit(`/instances/${one.id}/poll`);
  const nid = /notifications\/([^"/]+)"/.exec(person.page.text)?.[1] ?? '';
  expect((await person.get(`/instances/${one.id}/notifications/${nid}`)).status).toBe(200);
  expect((await person.get(`/instances/${other.id}/notifications/${nid}`)).status).toBe(404);
});
