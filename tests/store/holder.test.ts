import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { currentHolder, type Holder, isGone } from '../../src/store/holder.js';

/** Where there is no /proc only time ends a lease, and that is what these tests then see. */
const told = currentHolder().bootId !== null;

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function child(): Promise<{ holder: Holder; end(): Promise<void> }> {
  const process = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(process, 'spawn');
  const pid = process.pid ?? 0;
  return {
    holder: { ...currentHolder(), pid, pidStart: startOf(pid) },
    async end() {
      const exit = once(process, 'exit');
      process.kill('SIGKILL');
      await exit;
    },
  };
}

describe('the holder of a lease', () => {
  it('is this process', () => {
    expect(currentHolder()).toMatchObject({ pid: process.pid, pidStart: startOf(process.pid) });
    expect(isGone(currentHolder(), currentHolder())).toBe(false);
  });

  it('is gone once its process was killed, and not before', async () => {
    const { holder, end } = await child();
    expect(isGone(holder, currentHolder())).toBe(false);
    await end();
    expect(isGone(holder, currentHolder())).toBe(told);
  });

  it('is gone when its pid belongs to a later process', async () => {
    const { holder, end } = await child();
    const earlier = { ...holder, pidStart: holder.pidStart === null ? null : '1' };
    expect(isGone(earlier, currentHolder())).toBe(told);
    await end();
  });

  it.each(['bootId', 'pidNamespace', 'pidStart'] as const)('is never thought gone without its %s', async (field) => {
    const { holder, end } = await child();
    await end();
    expect(isGone({ ...holder, [field]: null }, currentHolder())).toBe(false);
  });

  it.each(['bootId', 'pidNamespace'] as const)('is never thought gone under another %s', async (field) => {
    const { holder, end } = await child();
    await end();
    expect(isGone({ ...holder, [field]: 'another' }, currentHolder())).toBe(false);
  });

  it('is gone when it is dead but not yet collected by its parent', async () => {
    // The shell starts a child, turns into a program that never collects it, and tells the child's pid.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const holder = { ...currentHolder(), pid, pidStart: told ? '1' : null };
    if (told) {
      while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
        await new Promise((next) => setTimeout(next, 10));
    }
    expect(isGone({ ...holder, pidStart: startOf(pid) }, currentHolder())).toBe(told);
    const exit = once(parent, 'exit');
    parent.kill('SIGKILL');
    await exit;
  });
});
