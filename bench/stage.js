import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startReceiver } from './load/processes.js';

/** What the parts share: the double of Google and a receiver in processes of their own, and a folder that goes in the end. */
export async function openStage() {
  const folder = mkdtempSync(join(tmpdir(), 'gmail-events-bench-'));
  const google = await startGoogle();
  const receiver = await startReceiver();
  let copies = 0;
  return {
    folder,
    google,
    receiver,
    /** The environment of a process that uses this home. */
    env: (home) => ({ ...google.env, GMAIL_EVENTS_HOME: home }),
    /** A home as it was prepared; what a run changes stays in its own copy. */
    copyOf(home) {
      copies += 1;
      const copy = join(folder, `copy-${copies}`);
      cpSync(home, copy, { recursive: true });
      return copy;
    },
    async close() {
      await google.close();
      await receiver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startGoogle() {
  const child = fork(fileURLToPath(new URL('google.js', import.meta.url)));
  const [{ env, client }] = await once(child, 'message');
  return {
    env,
    client,
    async ask(what, argument) {
      child.send([what, argument]);
      return (await once(child, 'message'))[0];
    },
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
