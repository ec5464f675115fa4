import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runPolls } from '../../../src/core/polling/index.js';
import { startWorld, type World } from './world.js';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

it('polls of one mailbox wait for its turn without their leases: a command may change those instances', async () => {
  const ids: number[] = [];
  for (let count = 0; count < 7; count += 1) ids.push(await world.create());
  world.sandbox.addFault({ method: 'history.list', kind: 'hang', times: ids.length });
  const stop = new AbortController();
  const polls = runPolls(world.ctx, ids, { deliver: false, scheduled: false, force: stop.signal });
  while (asked('history.list') < 4) await new Promise((turn) => setTimeout(turn, 5));
  const other = await world.open();
  const taken = await Promise.all(ids.map((id) => other.store.leases.acquire(`poll:${id}`)));
  expect(taken.filter((lease) => lease === null)).toHaveLength(4);
  stop.abort();
  await polls;
});

it('of messages with their bodies few are fetched at a time, so that a fleet does not fill the memory', async () => {
  const ids: number[] = [];
  const resources = { 'changed-messages': { url: 'changed-messages?format=full', idField: 'id' } };
  for (let count = 0; count < 10; count += 1) {
    const email = `ann${count}@example.com`;
    world.sandbox.addMailbox(email);
    ids.push(await world.create({ email, resources }));
    world.sandbox.mailbox(email).receive();
  }
  world.sandbox.addFault({ method: 'messages.get', kind: 'hang', times: ids.length });
  const [stop, force] = [new AbortController(), new AbortController()];
  const options = { deliver: false, scheduled: false, signal: stop.signal, force: force.signal };
  const polls = runPolls(world.ctx, ids, options);
  while (asked('history.list') < 10 || asked('messages.get') < 8) await new Promise((turn) => setTimeout(turn, 5));
  stop.abort();
  force.abort();
  // Whoever still waited for its turn asks for nothing more.
  await polls;
  expect(asked('messages.get')).toBe(8);
});

function asked(method: string): number {
  return world.sandbox.requests.filter((request) => request.method === method).length;
}
