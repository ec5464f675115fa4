import { readFileSync, readlinkSync } from 'node:fs';
import { isErrno } from './private-files.js';

/** Which process holds a lease. All but `pid` are null where there is no /proc: there only time ends a lease. */
export interface Holder {
  bootId: string | null;
  pidNamespace: string | null;
  pid: number;
  /** Clock ticks since boot, as text: tells a process from a later one with the same pid. */
  pidStart: string | null;
}

let self: Holder | undefined;

export function currentHolder(): Holder {
  self ??= {
    bootId: optional(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: optional(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    pidStart: processStart(process.pid),
  };
  return self;
}

/** True only when the holder was a process of this boot and pid namespace and surely no longer exists. */
export function isGone(holder: Holder, taker: Holder): boolean {
  if (holder.bootId === null || holder.pidNamespace === null || holder.pidStart === null) return false;
  if (holder.bootId !== taker.bootId || holder.pidNamespace !== taker.pidNamespace) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    if (isErrno(error, 'ESRCH')) return true;
  }
  const start = processStart(holder.pid);
  return start === 'ended' || (start !== null && start !== holder.pidStart);
}

/** `ended` for a process that is dead but not yet collected by its parent; null when /proc does not tell. */
function processStart(pid: number): string | null {
  const stat = optional(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return null;
  // The second field is the program's name in brackets, and may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
  return fields[19] ?? null;
}

function optional(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
