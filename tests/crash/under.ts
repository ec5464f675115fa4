import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { BIN, type CliResult } from '../support/cli.js';
import type { Trial } from './stage.js';

/** The built binary, started by another program that sets limits to it: `prefix` is that program with its arguments. */
export async function runUnder(
  prefix: string[],
  trial: Trial,
  args: string[],
  more: Record<string, string> = {},
): Promise<CliResult> {
  const env = { PATH: process.env['PATH'], ...trial.env, ...more };
  const [program = '', ...own] = [...prefix, process.execPath, BIN, ...args];
  const child = spawn(program, own, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([buffer(child.stdout), buffer(child.stderr), closed]);
  return { code, signal, stdout: stdout.toString(), stderr: stderr.toString() };
}
