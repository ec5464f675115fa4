import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Loopback, listenForRedirect } from '../../../src/core/oauth/loopback.js';

const open: Loopback[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((loopback) => loopback.close()));
});

async function listening(path = '/', port = 0): Promise<{ loopback: Loopback; url: string }> {
  const loopback = await listenForRedirect({ host: '127.0.0.1', port, path }, 'the-state');
  open.push(loopback);
  return { loopback, url: `http://127.0.0.1:${loopback.port}` };
}

describe('the loopback listener', () => {
  it('answers the right redirect with a page once it is told how it ended, and then listens no more', async () => {
    const { loopback, url } = await listening();
    const answer = fetch(`${url}/?code=c&state=the-state`);
    expect(await loopback.redirect).toEqual({ kind: 'code', code: 'c' });
    await loopback.finish('Access was <granted>', 'Close "this" & that.');
    const page = await answer;
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('connection')).toBe('close');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toContain('Access was &#60;granted&#62;');
    expect(html).not.toMatch(/(src|href)=/);
    await expect(fetch(url)).rejects.toThrow();
  });

  it.each([
    ['a wrong state', '/?code=c&state=other', 'GET'],
    ['no state', '/?code=c', 'GET'],
    ['no code', '/?state=the-state', 'GET'],
    ['a denial with a wrong state', '/?error=access_denied&state=other', 'GET'],
    ['another path', '/favicon.ico', 'GET'],
    ['the right query on another path', '/other?code=c&state=the-state', 'GET'],
    ['another method', '/?code=c&state=the-state', 'POST'],
  ])('answers %s with 400 and waits on', async (_, path, method) => {
    const { loopback, url } = await listening();
    const stray = await fetch(url + path, { method });
    expect(stray.status).toBe(400);
    expect(await stray.text()).toContain('waited for');
    const right = fetch(`${url}/?code=c&state=the-state`);
    expect(await loopback.redirect).toMatchObject({ kind: 'code' });
    await loopback.finish('t', 's');
    expect((await right).status).toBe(200);
  });

  it('survives a request line that is no URL', async () => {
    const { loopback, url } = await listening();
    const status = await new Promise((answered, failed) => {
      request({ port: new URL(url).port, host: '127.0.0.1', path: '//[:80/%%%?x' }, (answer) =>
        answered(answer.statusCode),
      )
        .on('error', failed)
        .end();
    });
    expect(status).toBe(400);
    await loopback.close();
  });

  it('takes the first redirect only', async () => {
    const { loopback, url } = await listening();
    const first = fetch(`${url}/?code=first&state=the-state`);
    await loopback.redirect;
    expect((await fetch(`${url}/?code=second&state=the-state`)).status).toBe(400);
    expect(await loopback.redirect).toEqual({ kind: 'code', code: 'first' });
    await loopback.finish('t', 's');
    await first;
  });

  it('names a port that is in use', async () => {
    const { loopback } = await listening();
    await expect(listenForRedirect({ host: 'localhost', port: loopback.port, path: '/' }, 's')).rejects.toMatchObject({
      code: 'failed',
      message: `port ${loopback.port} of localhost cannot be listened on: another program uses it`,
      hint: expect.stringContaining('--manual'),
    });
  });
});
