import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { startScene } from './scene.js';

/** Remakes the pictures of docs/page; scripts/screenshots.js runs it. */
export async function takeScreenshots(folder: string): Promise<void> {
  const scene = await startScene({ server: 8787, receiver: 4000 });
  const browser = await startChromium({
    viewport: { width: 1280, height: 820 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const { page } = browser;
  const shot = async (name: string, whole = false) => {
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
  };
  try {
    await logIn(page, scene);
    await shot('list');
    await page.goto(`${scene.url}/instances/new`);
    await page.getByRole('radio', { name: 'support@acme.example' }).check();
    await page.getByLabel('Callback URL').fill('https://hooks.acme.example/gmail');
    await page.getByLabel('Name', { exact: true }).fill('Support inbox');
    await page.getByLabel('Tags', { exact: true }).fill('support, prod');
    await shot('new', true);
    await page.goto(`${scene.url}/instances/${scene.busy}`);
    await page.setViewportSize({ width: 1280, height: 1290 });
    await shot('instance');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('dark');
    for (const name of (process.env['EXTRA'] ?? '').split(',').filter(Boolean))
      await extra(page, scene.url, name, shot);
  } finally {
    await browser.close();
    await scene.close();
  }
}

async function logIn(page: Page, { url, key }: { url: string; key: { user: string; organization: string } }) {
  await page.goto(url);
  await page.getByLabel('User secret').fill(key.user);
  await page.getByLabel('Organization secret').fill(key.organization);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Instances' }).waitFor();
}

async function extra(page: Page, url: string, name: string, shot: (name: string, whole: boolean) => Promise<void>) {
  const [scheme, width, path = '/'] = name.split(':');
  await page.emulateMedia({ colorScheme: scheme as 'light' | 'dark' });
  await page.setViewportSize({ width: Number(width), height: 800 });
  await page.goto(url + path);
  if (path.endsWith('#n')) {
    await page.locator('a.id').first().click();
  }
  await shot(`x-${name.replace(/\W/g, '-')}`, true);
}
