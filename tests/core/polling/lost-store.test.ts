import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../../src/core/context.js';
import { createInstance } from '../../../src/core/instances/index.js';
import { pollCandidates, pollInstance } from '../../../src/core/polling/index.js';
import { EMAIL, startWorld, told, type World } from './world.js';

const BY_HAND = { deliver: true, scheduled: false };

describe('a new events.db beside existing instances', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** As if the file had been deleted while nothing ran. */
  async function loseStore(): Promise<Context> {
    await world.ctx.store.close();
    for (const name of ['events.db', 'events.db-wal', 'events.db-shm']) rmSync(join(world.home, name), { force: true });
    return world.open();
  }

  function gaps(): Record<string, unknown>[] {
    return world.receiver.requests.flatMap((request) => {
      const { raw } = (request.json() as { message: { raw: Record<string, unknown> } }).message;
      return raw['objectType'] === 'mailbox' ? (raw['mailbox'] as Record<string, unknown>[]) : [];
    });
  }

  it('is a gap: what came since the instance was made is recovered, under the ids it has always had', async () => {
    const id = await world.create();
    const first = world.sandbox.mailbox().receive();
    await pollInstance(world.ctx, id, BY_HAND);
    const second = world.sandbox.mailbox().receive();
    const uuid = (await world.ctx.store.instances.get(id))?.uuid;
    const ctx = await loseStore();

    const summary = await pollInstance(ctx, id, BY_HAND);
    expect(summary).toMatchObject({ status: 'ok', events: 2 });
    expect((await ctx.store.instances.get(id))?.uuid).toBe(uuid);
    expect(gaps()).toEqual([
      { id: EMAIL, resource: 'changed-messages', from: null, to: expect.any(String), recovered: 2 },
    ]);
    expect(new Set(told(world.receiver))).toEqual(new Set([`CREATED ${first}`, `CREATED ${second}`, `GAP ${EMAIL}`]));
    const ids = world.receiver.requests
      .flatMap((each) => (each.json() as { message: { events: { id: string; objectId: string }[] } }).message.events)
      .filter(({ objectId }) => objectId === first)
      .map((event) => event.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);

    const third = world.sandbox.mailbox().receive();
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect(told(world.receiver).at(-1)).toBe(`CREATED ${third}`);
    expect(gaps()).toHaveLength(1);
  });

  it('leaves no time of this machine’s clock in the marker, by which a later gap would begin', async () => {
    const id = await world.create();
    const ctx = await loseStore();
    world.clock.offset = 50 * 60_000;
    world.sandbox.addFault({ method: 'getProfile', kind: 'badRequest400', times: 1 });
    await pollInstance(ctx, id, BY_HAND);
    expect(await ctx.store.resources.list(id)).toMatchObject([{ cursor: null, firstBaselineAt: null }]);
  });

  it('stays a gap when the first poll after it fails', async () => {
    const id = await world.create();
    const mail = world.sandbox.mailbox().receive();
    const ctx = await loseStore();
    world.sandbox.addFault({ method: 'getProfile', kind: 'badRequest400', times: 1 });
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'failed', events: 0 });
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect(told(world.receiver).sort()).toEqual([`CREATED ${mail}`, `GAP ${EMAIL}`]);
  });

  it('a collection takes a new baseline and is named in a gap', async () => {
    const id = await world.create({ resources: { labels: { url: 'labels', idField: 'id' } } });
    await pollInstance(world.ctx, id, BY_HAND);
    world.sandbox.mailbox().createLabel('unseen');
    const ctx = await loseStore();
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 0 });
    expect(gaps()).toEqual([{ id: EMAIL, resource: 'labels', from: null, to: null, recovered: 0 }]);
    const label = world.sandbox.mailbox().createLabel('seen');
    expect(await pollInstance(ctx, id, BY_HAND)).toMatchObject({ status: 'ok', events: 1 });
    expect(told(world.receiver)).toEqual([`GAP ${EMAIL}`, `CREATED ${label}`]);
  });

  it('a dry run stores nothing of it', async () => {
    const id = await world.create();
    world.sandbox.mailbox().receive();
    const ctx = await loseStore();
    expect(await pollInstance(ctx, id, { ...BY_HAND, dryRun: true })).toMatchObject({ status: 'ok', events: 1 });
    expect(await ctx.store.instances.get(id)).toBeNull();
    expect(await ctx.store.resources.list(id)).toEqual([]);
  });

  it('such an instance is found as due, and a new instance never takes its id', async () => {
    await world.create();
    const id = await world.create();
    const ctx = await loseStore();
    expect(await pollCandidates(ctx, 0)).toEqual([1, id]);
    const body = {
      element: { key: 'gmail' },
      name: 'new',
      configuration: {
        'oauth.api.key': world.sandbox.client.clientId,
        'oauth.api.secret': world.sandbox.client.clientSecret,
        'oauth.user.refresh_token': world.sandbox.grantRefreshToken(),
      },
      externalAuthentication: 'initial',
    };
    const { document } = await createInstance(ctx, body, { allowPrivate: true });
    expect(document.id).toBe(id + 1);
  });
});
