import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

/** A headless browser with a profile of its own. */
export interface Chromium {
  page: Page;
  /** What the console said in anger: errors, and what the Content-Security-Policy kept from happening. */
  complaints: string[];
  close(): Promise<void>;
}

export async function startChromium(options: BrowserContextOptions = {}): Promise<Chromium> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(
      `there is no ${EXECUTABLE}, which drives the page here. On Debian: apt-get update && apt-get install -y chromium`,
    );
  }
  const profile = mkdtempSync(join(tmpdir(), 'gmail-events-chromium-'));
  let context: BrowserContext;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: EXECUTABLE,
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      ...options,
    });
  } catch (error) {
    rmSync(profile, { recursive: true, force: true });
    throw error;
  }
  const [page = await context.newPage()] = context.pages();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    // A navigation that another one takes the place of is no failure.
    const failure = request.failure()?.errorText ?? '';
    if (failure !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${failure}`);
  });
  return {
    page,
    complaints,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
