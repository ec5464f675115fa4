import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../bin/gmail-events.js', import.meta.url));
const PEAK = new URL('peak.js', import.meta.url).href;

export const script = (name) => fileURLToPath(new URL(`rivals/${name}`, import.meta.url));

/** A node process, run to its end. Throws unless its exit code is 0. Returns milliseconds from spawn to exit, and stdout. */
export async function run(args, env = {}) {
  const start = process.hrtime.bigint();
  const child = started(args, env);
  const { stdout, stderr, code } = await child.ended;
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`${args.join(' ').slice(0, 200)} ended with ${code}: ${stderr.slice(0, 2000)}`);
  return { ms, stdout };
}

/** The same with the peak of its memory, bytes. `until`: it is ended by SIGTERM once that resolves. */
export async function runWithPeak(stage, args, env, until) {
  const file = join(stage.folder, 'peak');
  const child = started([`--import=${PEAK}`, ...args], { ...env, BENCH_PEAK: file });
  if (until !== undefined) {
    await Promise.race([until(), child.ended]);
    child.process.kill('SIGTERM');
  }
  const { code, stderr } = await child.ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr.slice(0, 2000)}`);
  return Number(readFileSync(file, 'utf8'));
}

function started(args, env) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(GMAIL_EVENTS_|NODE_OPTIONS$|.*_proxy$)/i.test(name));
  const child = spawn(process.execPath, args, {
    env: { ...Object.fromEntries(kept), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      out[name] += text;
    });
  }
  return { process: child, ended: once(child, 'close').then(([code]) => ({ code, ...out })) };
}

/**
 * Runs each of the named functions `runs` times in turn (A B C A B C ...), after one round that does not count, so that a
 * load that comes and goes strikes all alike. `{name: [value of each run]}`.
 */
export async function interleaved(contestants, runs) {
  const values = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, contest] of Object.entries(contestants)) {
      const value = await contest();
      if (round > 0) values[name].push(value);
    }
  }
  return values;
}

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
