import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../dist/sandbox/index.js';

/**
 * Writes V8's code of the bundle beside it, for a Node that keeps none itself: of all that a poll has run, here once against
 * the double of Google. See bin/load.js, which reads it. It is for speed alone: a machine where it cannot be made goes without.
 */
const { load } = createRequire(import.meta.url)('../bin/load.js');
const { main, script, cache } = load();
if (script === undefined) process.exit();

const folder = mkdtempSync(join(tmpdir(), 'gmail-events-build-'));
try {
  const sandbox = await startSandbox({ email: 'build@example.com', messages: 0, autoConsent: true });
  Object.assign(process.env, sandbox.env, { GMAIL_EVENTS_HOME: join(folder, 'home') });
  const body = join(folder, 'body.json');
  writeFileSync(body, JSON.stringify(bodyOf(sandbox)));
  for (const args of [['create-instance', '--body', body], ['poll'], ['status']]) {
    const code = await main([...args, '--quiet', '--no-input']);
    if (code !== 0) throw new Error(`gmail-events ${args[0]} ended with ${code}`);
  }
  // Whole or not at all.
  writeFileSync(`${cache}.new`, script.createCachedData());
  renameSync(`${cache}.new`, cache);
} catch (error) {
  console.error(`no code cache: ${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

function bodyOf(sandbox) {
  return {
    element: { key: 'gmail' },
    externalAuthentication: 'initial',
    name: 'build',
    configuration: {
      'oauth.api.key': sandbox.client.clientId,
      'oauth.api.secret': sandbox.client.clientSecret,
      'oauth.user.refresh_token': sandbox.grantRefreshToken(),
      'event.notification.enabled': true,
    },
  };
}
