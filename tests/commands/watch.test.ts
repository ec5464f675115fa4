import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/commands/watch.js';
import { MINUTE, startWorld, type World } from '../core/polling/world.js';
import { until } from '../support/cli.js';
import { terminal } from './terminal.js';

/** A process that is sent signals, and says how it was told to exit. */
class Host extends EventEmitter {
  exits: (string | number | null | undefined)[] = [];
  exit(code?: string | number | null): never {
    this.exits.push(code);
    return undefined as never;
  }
}

describe('watch', () => {
  let world: World;
  let host: Host;
  beforeEach(async () => {
    world = await startWorld();
    world.clock.speed = 20;
    host = new Host();
  });
  afterEach(() => world.close());

  function start(flags: { json?: boolean; quiet?: boolean; tty?: boolean }) {
    const out = terminal(flags);
    const done = run({ names: [], process: host as unknown as NodeJS.Process }, world.ctx, out.ui);
    return { out, done };
  }

  it('prints notifications as JSON lines, drains at the first signal and leaves no listener behind', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const { out, done } = start({ json: true });
    await world.receiver.waitFor((requests) => requests.length === 1);
    expect(host.listenerCount('SIGINT') + host.listenerCount('SIGTERM')).toBe(2);
    host.emit('SIGTERM', 'SIGTERM');
    expect(await done).toBe('ok');
    const lines = out.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([{ type: 'notification', instanceId: id, body: world.receiver.requests[0]?.json() }]);
    expect(host.exits).toEqual([]);
    expect(host.listenerCount('SIGINT') + host.listenerCount('SIGTERM')).toBe(0);
  });

  it('says a line an action to a person', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const { out, done } = start({});
    await until('the delivery to be told', () => out.stderr.includes('1 delivered'));
    world.sandbox.revoke();
    world.clock.offset += MINUTE;
    await until('the failure to be told', () => out.stderr.includes('gmail-events auth'));
    host.emit('SIGINT', 'SIGINT');
    await done;
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(out.stdout).toBe('');
    expect(out.stderr).toMatch(new RegExp(`^${time} instance ${id}: 1 event in 1 notification$`, 'm'));
    expect(out.stderr).toMatch(new RegExp(`^${time} instance ${id}: 1 delivered, 0 pending$`, 'm'));
    expect(out.stderr).toMatch(new RegExp(`^${time} instance ${id}: .*gmail-events auth`, 'm'));
  });

  it('has a live view on a terminal, and takes it away', async () => {
    await world.create();
    await world.create();
    const { out, done } = start({ tty: true });
    await until('the view', () => /2 instances, 0 events in the last hour/.test(out.stderr));
    host.emit('SIGINT', 'SIGINT');
    await done;
    const [, last = ''] = out.stderr.split('Once more ends it at once.\n');
    expect(last.endsWith('\u001b[J')).toBe(true);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('a second %s exits with %i at once', async (signal, code) => {
    await world.create();
    world.sandbox.mailbox().receive();
    world.receiver.respond({ hang: true });
    world.clock.offset = MINUTE;
    const { done } = start({ quiet: true });
    await world.receiver.waitFor((requests) => requests.length === 1);
    host.emit(signal, signal);
    expect(host.exits).toEqual([]);
    host.emit(signal, signal);
    expect(host.exits).toEqual([code]);
    await done;
  });

  it('is silent with --quiet when all is well', async () => {
    await world.create();
    world.sandbox.mailbox().receive();
    world.clock.offset = MINUTE;
    const { out, done } = start({ quiet: true });
    await world.receiver.waitFor((requests) => requests.length === 1);
    host.emit('SIGINT', 'SIGINT');
    await done;
    expect([out.stdout, out.stderr]).toEqual(['', '']);
  });
});
