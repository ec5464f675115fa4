import { readFileSync, writeFileSync } from 'node:fs';

/** Loaded before the program (--import): writes its peak memory in bytes to BENCH_PEAK when it ends. */
process.on('exit', () => writeFileSync(process.env.BENCH_PEAK, String(peak())));

/** On Linux a process begins with its parent's peak in `maxRSS`; VmHWM is its own. */
function peak() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
