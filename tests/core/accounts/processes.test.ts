import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../../src/core/context.js';
import type { AccountDocument } from '../../../src/core/types.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.js';
import { type Home, temporaryHome } from './context.js';
import { authorized, tokenCalls } from './sample.js';

const dist = new URL('../../../dist/', import.meta.url).href;

/** Of the built program: reads the profile, and prints how it went. */
const SCRIPT = `
const { openContext } = await import('${dist}core/index.js');
const { openGmail } = await import('${dist}core/accounts/index.js');
const [home, key] = process.argv.slice(1);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const ctx = await openContext({ home, env: process.env, log });
try {
  const gmail = await openGmail(ctx, key);
  await gmail.getProfile();
  console.log(JSON.stringify({ ...gmail.usage, loaded: loaded() }));
} catch ({ code, message }) {
  console.log(JSON.stringify({ code, message }));
} finally {
  await ctx.store.close();
}
function loaded() {
  const names = Object.keys(process.getBuiltinModule('module').Module._cache);
  return ['undici', '@googleapis', 'google-auth-library', 'inquirer'].filter((part) => names.some((name) => name.includes(part)));
}
`;

let home: Home;
let sandbox: Sandbox;
let ctx: Context;
let account: AccountDocument;

beforeEach(async () => {
  home = temporaryHome();
  sandbox = await startSandbox({ email: 'ada@example.com' });
  ctx = await home.open(sandbox.env);
  account = await authorized(ctx, sandbox);
  sandbox.resetRequests();
});
afterEach(async () => {
  await sandbox.close();
  await home.close();
});

async function inProcess(): Promise<unknown> {
  const args = ['--input-type=module', '-e', SCRIPT, home.path, account.key];
  const child = spawn(process.execPath, args, { env: { ...sandbox.env }, stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse((await buffer(child.stdout)).toString());
}

describe('several processes', () => {
  it('share one refresh, also when Google rotates the refresh token', async () => {
    sandbox.rotateRefreshTokens(true);
    sandbox.expireAccessTokens();
    const answers = await Promise.all([1, 2, 3, 4].map(inProcess));
    expect(answers).toHaveLength(4);
    for (const answer of answers) expect(answer).toMatchObject({ requests: expect.any(Number), loaded: ['undici'] });
    expect(tokenCalls(sandbox)).toBe(1);
    const kept = await ctx.store.accountFiles.read(account.key);
    expect(kept?.refreshToken).not.toBe(account.refreshToken);
    expect(await inProcess()).toMatchObject({ requests: 1, units: 1 });
  });

  it('all heed a cooldown that one of them was given', async () => {
    sandbox.addFault({ method: 'getProfile', kind: 'retryAfter403', retryAfterSeconds: 900 });
    expect(await inProcess()).toMatchObject({ code: 'retry_later' });
    const answers = await Promise.all([1, 2].map(inProcess));
    expect(answers).toMatchObject([{ code: 'retry_later' }, { code: 'retry_later' }]);
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['getProfile']);
  });
});
