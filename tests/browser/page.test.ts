import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Chromium, startChromium } from '../support/chromium.js';
import { startServer, type TestServer } from '../support/server.js';

/** One person's way from the login to a delivered event, in one browser: each test goes on where the last one ended. */
let server: TestServer;
let browser: Chromium;
let page: Page;

beforeAll(async () => {
  // The person sees the consent page, and presses its button.
  server = await startServer({ sandbox: { autoConsent: false } });
  server.sandbox.addMailbox('bob@example.com');
  browser = await startChromium({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  page = browser.page;
  await page.context().addInitScript({ path: fileURLToPath(new URL('checks.js', import.meta.url)) });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const HOSTILE = '<script>document.title = "owned"</script><img src=x onerror="document.title=\'owned\'">';

/** Types as on a keyboard into the field that has the focus. */
const type = (text: string) => page.keyboard.insertText(text);

/** Tab, until the element that has the focus is called so. */
async function tabTo(name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>('checks.focused()');
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

describe('a person with a keyboard', () => {
  it('logs in', async () => {
    await page.goto(server.url);
    await page.waitForURL('**/login');
    // The first field has the focus.
    await type(server.key.user);
    await tabTo('Organization secret');
    await type(server.key.organization);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No instance yet' }).waitFor();
  });

  it('skips the navigation', async () => {
    await page.reload();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('checks.focused()')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo('Create the first instance');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/instances/new');
  });

  it('hears of every fault at once, and is led to the field', async () => {
    await tabTo('Name');
    await page.keyboard.press('Enter');
    const summary = page.getByRole('alert');
    await summary.waitFor();
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert');
    await summary.getByRole('link', { name: 'Give the instance a name' }).press('Enter');
    await type('Inbox');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Inbox');
    expect(await page.title()).toMatch(/^Error: /);
  });

  it('authenticates with Google on its own page', async () => {
    await page.getByLabel('Client ID').fill(server.sandbox.client.clientId);
    await page.getByLabel('Client secret').fill(server.sandbox.client.clientSecret);
    await page.getByRole('button', { name: 'Authenticate with Google' }).press('Enter');
    await page.getByRole('heading', { name: 'May this app read the mailbox?' }).waitFor();
    expect(page.url()).toContain(server.sandbox.url);
    await page.getByRole('button', { name: 'Allow' }).press('Enter');
    await page.getByText('The mailbox ann@example.com is authenticated').waitFor();
    expect(page.url()).toBe(`${server.url}/instances/new`);
    expect(await page.getByRole('radio', { name: 'ann@example.com' }).isChecked()).toBe(true);
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Inbox');
  });

  it('fills the form in and creates the instance', async () => {
    await page.getByLabel('Callback URL').focus();
    await type(server.receiver.url);
    const slider = page.getByRole('slider');
    await slider.focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowLeft');
    expect(await page.getByLabel('Minutes between polls', { exact: true }).inputValue()).toBe('10');
    await page.getByRole('checkbox', { name: 'labels', exact: true }).press('Space');
    await page.getByLabel('Tags', { exact: true }).focus();
    await type('first, <b>second</b>');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/instances/1');
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    const document = await server.ctx.store.instanceFiles.read(1);
    expect(document).toMatchObject({ name: 'Inbox', tags: ['first', 'second'] });
    expect(document?.configuration['event.poller.refresh_interval']).toBe('10');
    expect(await page.getByLabel('Instance token', { exact: true }).inputValue()).toBe(document?.token);
  });

  it('copies the token, which is not shown a second time', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the instance token' }).press('Enter');
    await page.getByRole('status').getByText('Copied').waitFor();
    const document = await server.ctx.store.instanceFiles.read(1);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(document?.token);
    await page.goto(`${server.url}/instances/1`);
    expect(await page.content()).not.toContain('Instance token');
  });

  it('polls now, and the event is at the receiver', async () => {
    server.sandbox.mailbox('ann@example.com').receive({ subject: HOSTILE, from: `${HOSTILE} <e@example.com>` });
    await tabTo('Poll now');
    await page.keyboard.press('Enter');
    await page.getByText('Polled: 1 event in 1 notification, 1 delivered.').waitFor();
    await server.receiver.waitFor((requests) => requests.length === 1);
    expect(server.receiver.requests[0]?.json()).toMatchObject({
      message: { instanceName: 'Inbox', events: [{ objectType: 'changed-messages', eventType: 'CREATED' }] },
    });
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('status');
  });

  it('reads the notification, whose subject stays text', async () => {
    await page.locator('a.id').first().press('Enter');
    await page.getByRole('heading', { name: 'Body' }).waitFor();
    expect(await page.getByRole('cell', { name: HOSTILE }).first().isVisible()).toBe(true);
    expect(await page.title()).toMatch(/^Notification /);
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  it('opens the numbers behind the plots', async () => {
    await page.goto(`${server.url}/instances/1`);
    await page.locator('summary').press('Enter');
    await page.getByRole('table', { name: 'Activity hour by hour' }).waitFor();
    expect(await page.getByRole('img', { name: 'Events' }).count()).toBe(1);
  });

  it('is refused another mailbox when authenticating again, and denies', async () => {
    await page.getByRole('button', { name: 'Re-authenticate' }).press('Enter');
    await page.getByLabel('Account').selectOption('bob@example.com');
    await page.getByRole('button', { name: 'Allow' }).press('Enter');
    await page.getByText('That was the mailbox bob@example.com').waitFor();
    await page.getByRole('button', { name: 'Re-authenticate' }).press('Enter');
    await page.getByRole('button', { name: 'Deny' }).press('Enter');
    await page.getByText("Access was denied on Google's page").waitFor();
  });
});

const PATHS = ['/', '/instances/new', '/instances/1', '/instances/1/delete', '/instances/9'];
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) => [360, 1280].map((width) => ({ scheme, width })));

describe.each(LOOKS)('in the $scheme, $width pixels wide', ({ scheme, width }) => {
  beforeAll(async () => {
    const long = 'Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz'.repeat(3);
    if (scheme === 'light' && width === 360) {
      await server.create({
        name: long,
        tags: [long],
        providerData: { code: server.sandbox.grantCode({ redirectUri: 'http://127.0.0.1:9/oauth' }) },
      });
    }
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
  });

  it.each([...PATHS, '/instances/2', 'notification'])('%s fits, is named and can be read', async (path) => {
    await page.goto(`${server.url}${path === 'notification' ? '/instances/1' : path}`);
    if (path === 'notification') await page.locator('a.id').first().click();
    expect(await page.evaluate('checks.sideways()')).toEqual([]);
    expect(await page.evaluate('checks.unnamed()')).toEqual([]);
    expect(await page.evaluate('checks.faint()')).toEqual([]);
    const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const [red = 0] = ground.match(/\d+/g)?.map(Number) ?? [];
    expect(red > 128).toBe(scheme === 'light');
  });
});

it('logs out', async () => {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/login');
  await page.goBack();
  await page.getByLabel('User secret').waitFor();
  expect(await page.evaluate('checks.unnamed()')).toEqual([]);
});

it('works without its script too', async () => {
  const plain = await startChromium({ javaScriptEnabled: false });
  try {
    await plain.page.goto(server.url);
    await plain.page.getByLabel('User secret').fill(server.key.user);
    await plain.page.getByLabel('Organization secret').fill(server.key.organization);
    await plain.page.getByRole('button', { name: 'Log in' }).click();
    await plain.page.getByRole('link', { name: 'Inbox' }).click();
    await plain.page.getByRole('button', { name: 'Poll now' }).click();
    await plain.page.getByText('Polled: nothing new.').waitFor();
    expect(plain.complaints).toEqual([]);
  } finally {
    await plain.close();
  }
});

it('the browser had nothing to complain of', () => {
  // The answers that were asked for with an address that names nothing.
  const expected = /the server responded with a status of (?:404|422)/;
  expect(browser.complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
});
