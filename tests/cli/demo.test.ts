import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runCli, temporaryFolder } from '../support/cli.js';

it('demo shows each event with its eventType, ends by itself within 15 s, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const [home, temporary] = [join(folder.path, 'home'), join(folder.path, 'tmp')];
  mkdirSync(home);
  mkdirSync(temporary);
  const started = Date.now();
  const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), TMPDIR: temporary };
  const demo = await runCli(['demo'], { env });
  const seconds = (Date.now() - started) / 1000;
  expect([demo.code, demo.signal]).toEqual([0, null]);
  const types = demo.stdout.match(/\b(CREATED|UPDATED|DELETED)\b/g);
  expect(types).toEqual(['CREATED', 'CREATED', 'UPDATED', 'DELETED']);
  expect(demo.stdout).not.toContain('\u001b[');
  expect(seconds).toBeLessThan(15);
  expect([readdirSync(home), readdirSync(temporary)]).toEqual([[], []]);
  folder.remove();
});
