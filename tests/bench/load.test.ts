import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/cli.js';

interface Report {
  ok: boolean;
  numbers: Record<string, number>;
  checks: { name: string; ok: boolean; found: string }[];
}

/** `npm run load` without the build, which the suite has behind it. */
async function load(...args: string[]): Promise<Report> {
  const child = spawn(process.execPath, [join(ROOT, 'bench/load/load.js'), '--json', ...args], { stdio: 'pipe' });
  const [report, errors] = await Promise.all([json(child.stdout).catch(() => null), text(child.stderr)]);
  if (report === null) throw new Error(errors);
  return report as Report;
}

const failed = ({ checks }: Report) => checks.filter(({ ok }) => !ok);

describe('the load run, small', () => {
  it('drains a backlog while a third of the receivers fail', async () => {
    const report = await load('--instances', '40', '--notifications', '10', '--seconds', '0', '--timeout', '2');
    expect(failed(report)).toEqual([]);
    expect(report.numbers).toMatchObject({ delivered: 270, pending: 130 });
  }, 60_000);

  it('keeps events.db bounded by pruning, in short steps, and touches nothing that is pending', async () => {
    const report = await load('--prune', '--total', '10000');
    expect(failed(report)).toEqual([]);
    expect(report.numbers).toMatchObject({ made: 10_000, pending: 40, removed: 9960 });
  }, 60_000);
});
