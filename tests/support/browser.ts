import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a person's browser does, for a program that opens pages: every page is noted, a consent page of the sandbox is agreed to. */
const SCRIPT = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const [, script, url] = process.argv;
appendFileSync(script + '.log', url + '\\n');
if (/^http:\\/\\/(127\\.0\\.0\\.1|localhost)[:/]/.test(url)) {
  fetch(url).then(async (page) => {
    const html = await page.text();
    if (!html.includes('<form')) return;
    const scopes = [...html.matchAll(/name="scope" value="([^"]*)"/g)].map((match) => ['scope', match[1].replaceAll('&amp;', '&')]);
    const email = /<option>([^<]*)</.exec(html)[1];
    const body = new URLSearchParams([...scopes, ['email', email], ['decision', 'allow']]);
    await (await fetch(url, { method: 'POST', body })).text();
  });
}
`;

export interface Browser {
  /** BROWSER, which xdg-open asks where there is no desktop. */
  env: Record<string, string>;
  /** Addresses of the pages that were opened. */
  opened(): string[];
}

/** A browser in `folder`. `consents` false: it notes pages and shows them to nobody. */
export function fakeBrowser(folder: string, { consents = true } = {}): Browser {
  const file = join(folder, 'browser');
  writeFileSync(file, consents ? SCRIPT : SCRIPT.replace('if (', 'if (false && '));
  chmodSync(file, 0o700);
  const log = `${file}.log`;
  return {
    env: { BROWSER: file, DISPLAY: '', XDG_CURRENT_DESKTOP: 'X-Generic' },
    opened: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}
