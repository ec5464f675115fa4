import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const BIN = join(ROOT, 'bin/gmail-events.js');

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  child: ChildProcess;
  result: Promise<CliResult>;
  /** What came so far. */
  stdout(): string;
  stderr(): string;
}

/** The built binary in a process of its own, without a terminal. Only the given GMAIL_EVENTS_* variables are seen. */
export function startCli(
  args: string[],
  options: { env?: Record<string, string>; stdin?: string | null } = {},
): RunningCli {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...cleanEnvironment(), ...options.env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A process that ends without reading its stdin is no fault of the test.
  child.stdin.on('error', () => {});
  if (options.stdin !== null) child.stdin.end(options.stdin ?? '');
  const result = new Promise<CliResult>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
  return { child, result, stdout: () => stdout, stderr: () => stderr };
}

export function runCli(
  args: string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): Promise<CliResult> {
  return startCli(args, options).result;
}

/** A folder that `remove` deletes. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gmail-events-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Polls the condition until it holds; fails with its name after `timeoutMs`. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${name}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(GMAIL_EVENTS_|NODE_OPTIONS$|JEST_|.*_proxy$)/i.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
