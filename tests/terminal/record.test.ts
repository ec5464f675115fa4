import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ROOT, temporaryFolder } from '../support/cli.js';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

/** What a reader of the cast has read in the end; how lines were broken depends on the folder it was made in. */
async function words(folder: string): Promise<string> {
  const [head = '', ...events] = readFileSync(join(folder, 'first-run.cast'), 'utf8').trim().split('\n');
  const { version, width, height } = JSON.parse(head) as { version: number; width: number; height: number };
  expect(version).toBe(2);
  const terminal = new Terminal({ cols: width, rows: height, scrollback: 2000, allowProposedApi: true });
  let before = 0;
  for (const line of events) {
    const [at, kind, text] = JSON.parse(line) as [number, string, string];
    expect([kind, at >= before]).toEqual(['o', true]);
    before = at;
    await new Promise<void>((drawn) => terminal.write(text, drawn));
  }
  const { active } = terminal.buffer;
  const rows = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString() ?? '');
  return rows.join('').replace(/\s+/g, '');
}

describe('the recorded session', () => {
  it('is what the program says today (npm run record makes it anew)', async () => {
    const made = temporaryFolder();
    try {
      await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/record.js'), '--out', made.path]);
      const text = await words(made.path);
      expect(text).toContain('instance1:1eventin1notification,1delivered');
      expect(text).toBe(await words(join(ROOT, 'docs/session')));
      const svg = readFileSync(join(made.path, 'first-run.svg'), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
      expect(svg).toContain('1 event in 1 notification, 1 delivered');
      expect(svg).not.toMatch(/whsec_|gmail-events-record-|127\.0\.0\.1/);
      expect(readFileSync(join(made.path, 'first-run.cast'), 'utf8')).not.toMatch(/whsec_|gmail-events-record-/);
    } finally {
      made.remove();
    }
  }, 90_000);
});
