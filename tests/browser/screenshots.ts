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
