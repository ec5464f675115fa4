import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startCli } from '../support/cli.js';
import { changedRepeats, events, told } from '../support/notifications.js';
import { type Hooked, type Phase, startProxy } from '../support/proxy.js';
import { startWorld, type World } from '../support/setup.js';

/**
 * The real process is killed (SIGKILL) before, during and after each request to Google and each callback of a poll, points
 * that a first undisturbed poll finds; then polls run until nothing is left. Nothing may be missing, and what comes twice
 * comes under the same id with the same bytes. (A kill proves the death of a process; for that of a machine the store
 * waits for the disk.)
 */
describe('a poll killed anywhere', () => {
  let world: World;
  let google: Hooked;
  let callbacks: Hooked;
  let env: Record<string, string>;

  beforeEach(async () => {
    // Each killed poll forfeits the units it had reserved: at the usual budget the test would mostly wait for the next minute.
    world = await startWorld({ settings: { 'quota.perAccountPerMinute': 1_000_000 } });
    google = await startProxy(world.sandbox.url);
    callbacks = await startProxy(world.receiver.url);
    env = Object.fromEntries(
      Object.entries(world.env).map(([name, value]) => [name, value.replace(world.sandbox.url, google.url)]),
    );
    const callback = `${callbacks.url}${new URL(world.receiver.url).pathname}`;
    await world.create({ configuration: { 'event.notification.callback.url': callback } });
  });
  afterEach(async () => {
    await google.close();
    await callbacks.close();
    await world.close();
  });

  /** What happens to the mailbox before each poll: arrivals in several notifications, a change, a deletion. */
  function change(): string[] {
    const mailbox = world.sandbox.mailbox();
    const ids = mailbox.receiveMany(12);
    mailbox.modifyLabels(ids[0] ?? '', { add: ['STARRED'] });
    return ids;
  }

  async function pollUndisturbed(): Promise<void> {
    const run = await startCli(['poll', '--json'], { env }).result;
    expect([run.code, run.stderr]).toEqual([0, '']);
  }

  /** Kills the poll where `point` says. True when it was killed, false when it had ended before. */
  async function pollKilled(proxy: Hooked, at: number, phase: Phase): Promise<boolean> {
    const run = startCli(['poll'], { env });
    proxy.count = 0;
    proxy.hook = (number, now) => {
      if (number === at && now === phase) run.child.kill('SIGKILL');
    };
    const { signal } = await run.result;
    proxy.hook = () => {};
    return signal === 'SIGKILL';
  }

  it.each<[string, Phase]>([
    ['before it is sent on', 'before'],
    ['while it is unanswered', 'unanswered'],
    ['after its answer', 'answered'],
  ])(
    'at every request and callback, %s, loses nothing',
    async (_name, phase) => {
      const expected: string[] = change();
      await pollUndisturbed();
      const points = [
        ...range(google).map((at) => [google, at] as const),
        ...range(callbacks).map((at) => [callbacks, at] as const),
      ];
      expect(points.length).toBeGreaterThan(10);

      let killed = 0;
      for (const [proxy, at] of points) {
        expected.push(...change());
        if (await pollKilled(proxy, at, phase)) killed++;
      }
      await pollUndisturbed();

      // After its last answer a poll may end before it is killed; before that it may not.
      expect(killed).toBeGreaterThanOrEqual(phase === 'answered' ? points.length - 4 : points.length);
      const created = told(world.receiver.requests).filter((line) => line.startsWith('CREATED'));
      expect(new Set(created)).toEqual(new Set(expected.map((id) => `CREATED ${id}`)));
      expect(inOrderOfFirstArrival(created)).toEqual(expected.map((id) => `CREATED ${id}`));
      expect(changedRepeats(world.receiver.requests)).toEqual([]);
      // A message is created once: whatever was repeated carries the same event id.
      const ids = new Map(events(world.receiver.requests).map((event) => [event.id, event]));
      expect([...ids.values()].filter((event) => event.eventType === 'CREATED')).toHaveLength(expected.length);
    },
    120_000,
  );

  function range(proxy: Hooked): number[] {
    return Array.from({ length: proxy.count }, (_, at) => at + 1);
  }

  function inOrderOfFirstArrival(lines: string[]): string[] {
    return [...new Set(lines)];
  }
});
