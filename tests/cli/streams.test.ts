import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../support/setup.js';

describe('streams', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    world.receiver.respond({ status: 410 });
    await world.create();
    world.sandbox.mailbox().receive();
  });
  afterAll(() => world.close());

  it('every exit that is not 0 has its one error object with --json, that of status and resend too', async () => {
    const lines: [number | null, unknown][] = [];
    for (const args of [
      ['poll'],
      ['status'],
      ['events', 'resend', '--state', 'pending'],
      ['auth', 'list', '--manual'],
    ]) {
      const { code, stderr } = await world.cli([...args, '--json']);
      lines.push([code, JSON.parse(stderr)]);
    }
    expect(lines).toEqual([
      [
        3,
        { error: expect.objectContaining({ code: 'partial', exitCode: 3, message: expect.stringMatching(/stopped/) }) },
      ],
      [3, { error: expect.objectContaining({ code: 'partial', exitCode: 3, message: 'instance 1 needs a person' }) }],
      [
        3,
        { error: expect.objectContaining({ code: 'partial', exitCode: 3, message: expect.stringMatching(/1 of 1/) }) },
      ],
      [
        2,
        {
          error: {
            code: 'usage',
            exitCode: 2,
            message: "unknown option '--manual'",
            hint: 'Run gmail-events auth list --help for what there is.',
            faults: [{ path: '--manual', message: "unknown option '--manual'" }],
          },
        },
      ],
    ]);
  }, 30_000);

  it('a reader who leaves is no fault: of stdout it ends the run, of stderr it changes nothing', async () => {
    const unread = world.start(['poll', '--verbose']);
    unread.child.stderr?.destroy();
    expect((await unread.result).code).toBe(3);
    const closed = world.start(['events', 'list', '--json']);
    closed.child.stdout?.destroy();
    expect(await closed.result).toMatchObject({ code: 0, stderr: '' });
  }, 30_000);
});
