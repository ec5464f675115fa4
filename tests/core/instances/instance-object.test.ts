import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { markAccountFailed } from '../../../src/core/accounts/index.js';
import {
  describeInstance,
  describeInstances,
  findInstance,
  pollerRecords,
  UnknownInstanceError,
} from '../../../src/core/instances/index.js';
import { pollInstance } from '../../../src/core/polling/index.js';
import { GmailError } from '../../../src/gmail/errors.js';
import { openWorld, REDIRECT, refused, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('instances as they are shown', () => {
  it('many are described as each alone, every one with its own mailbox and grant', async () => {
    world.sandbox.addMailbox('bob@example.com');
    const code = world.sandbox.grantCode({ email: 'bob@example.com', redirectUri: REDIRECT });
    const made = [
      await world.create({ name: 'one' }),
      await world.create({ name: 'bob', providerData: { code } }),
      await world.create({ name: 'two' }),
    ];
    const revoked = new GmailError('revoked', { class: 'reauthorize', code: 'auth', hint: null });
    await markAccountFailed(world.ctx, made[1]?.account ?? '', revoked);
    const shown = await describeInstances(world.ctx, made, { showToken: true });
    expect(shown.map(({ user, valid, token }) => [user.emailAddress, valid, token])).toEqual([
      ['ann@example.com', true, made[0]?.token],
      ['bob@example.com', false, made[1]?.token],
      ['ann@example.com', true, made[2]?.token],
    ]);
    for (const [at, document] of made.entries()) {
      expect(await describeInstance(world.ctx, document, { showToken: true })).toEqual(shown[at]);
    }
    expect((await describeInstances(world.ctx, made))[0]?.token).toBe('********');
  });

  it('one that is none is an error of its own kind', async () => {
    expect(await refused(findInstance(world.ctx, '7'))).toBeInstanceOf(UnknownInstanceError);
    expect(await refused(world.update(7, { name: 'x' }))).toBeInstanceOf(UnknownInstanceError);
  });
});

describe('what an instance polls', () => {
  it('is its resources, with the time of the last poll that read them whole', async () => {
    const instance = await world.create();
    expect(await pollerRecords(world.ctx, instance)).toEqual([{ name: 'changed-messages', lastReadAt: null }]);
    const before = Date.now();
    await pollInstance(world.ctx, instance.id, { deliver: false, scheduled: false });
    const [record] = await pollerRecords(world.ctx, instance);
    expect(record?.lastReadAt).toBeGreaterThanOrEqual(before - 2000);
    const silent = await world.update(instance.id, { configuration: { 'event.notification.enabled': false } });
    expect(await pollerRecords(world.ctx, silent)).toEqual([]);
  });
});
