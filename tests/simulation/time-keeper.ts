import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/**
 * Of a process under a time keeper: a clock that stands still while the process works, and the news that it only sleeps.
 * It works while a request is in flight, or anything but a sleep is left to do in this turn of the event loop.
 */
export const KEPT_CLOCK = `
const { subscribe } = await import('node:diagnostics_channel');
let now = Number(process.argv.at(-1));
let inFlight = 0;
const sleepers = new Set();
const look = () => setImmediate(() => setImmediate(() => {
  if (inFlight === 0 && sleepers.size > 0) process.send(Math.min(...[...sleepers].map(({ until }) => until)));
}));
const ended = () => { inFlight -= 1; look(); };
subscribe('undici:request:create', () => { inFlight += 1; });
subscribe('undici:request:trailers', ended);
subscribe('undici:request:error', ended);
process.on('message', (time) => {
  now = time;
  for (const sleeper of sleepers) {
    if (sleeper.until > now) continue;
    sleepers.delete(sleeper);
    sleeper.wake();
  }
  look();
});
const clock = {
  now: () => now,
  sleep: (ms) => new Promise((wake) => { sleepers.add({ until: now + Math.max(1, ms), wake }); look(); }),
};
`;

/** Runs processes by one clock, which moves on only when each of them sleeps, to the first time that one waits for. */
export class TimeKeeper {
  readonly #asleep = new Map<ChildProcess, number | null>();

  constructor(public now: number) {}

  /** Runs a module that may use `clock`; what it printed. Its last argument is the time at its start. */
  async run(script: string, args: string[], env: Record<string, string>): Promise<string> {
    const words = ['--input-type=module', '-e', KEPT_CLOCK + script, ...args, String(this.now)];
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    this.#asleep.set(child, null);
    child.on('message', (until) => {
      this.#asleep.set(child, Number(until));
      this.#moveOn();
    });
    const [printed] = await Promise.all([
      buffer(child.stdout as NonNullable<typeof child.stdout>),
      once(child, 'exit'),
    ]);
    this.#asleep.delete(child);
    this.#moveOn();
    return printed.toString();
  }

  #moveOn(): void {
    const times = [...this.#asleep.values()].filter((until) => until !== null);
    if (times.length === 0 || times.length < this.#asleep.size) return;
    this.now = Math.max(this.now, Math.min(...times));
    for (const child of this.#asleep.keys()) {
      this.#asleep.set(child, null);
      child.send(this.now);
    }
  }
}
