import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/cli.js';

const call = promisify(execFile);

describe('docs/quotas.md', () => {
  it('says what a simulated day of the built program costs, and its plot shows it', async () => {
    const check = call(process.execPath, [join(ROOT, 'bench/quotas/quotas.js'), '--check']);
    await expect(check).resolves.toEqual({ stdout: '', stderr: '' });
  }, 120_000);
});
