import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const SAMPLE_EVERY_MS = 100;

/** The receivers' process, once it listens. */
export async function startReceiver() {
  const child = fork(file('receiver.js'));
  const [{ port }] = await once(child, 'message');
  const ask = async (question) => {
    child.send(question);
    return (await once(child, 'message'))[0];
  };
  return {
    url: `http://127.0.0.1:${port}`,
    progress: () => ask('progress'),
    arrivals: () => ask('arrivals'),
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** A process that writes to the store all the while, once it has begun; `worst` ends it and tells its longest wait (ms). */
export async function startNeighbour(home) {
  const child = fork(file('neighbour.js'), [home]);
  await once(child, 'message');
  return {
    async worst() {
      child.send('end');
      return (await once(child, 'message'))[0];
    },
  };
}

/** The real `gmail-events watch`, its memory and file descriptors sampled from /proc. */
export function startWatch(env, profile) {
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, file('../../bin/gmail-events.js'), 'watch', '--quiet'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr = `${stderr}${bytes}`.slice(-2000);
  });
  const ended = once(child, 'exit');
  /** @type {{at: number, rss: number, files: number}[]} */
  const samples = [];
  const sample = () => {
    const now = usage(child.pid);
    if (now !== null) samples.push({ at: Date.now(), ...now });
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    samples,
    cpuSeconds: () => cpuSeconds(child.pid),
    running: () => child.exitCode === null && child.signalCode === null,
    async stop(signal = 'SIGTERM') {
      clearInterval(timer);
      child.kill(signal);
      const [code] = await ended;
      return { code, stderr };
    },
  };
}

/** Bytes and open files; null where there is no /proc, or no such process any more. */
function usage(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rss = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    return { rss, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}

function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}
