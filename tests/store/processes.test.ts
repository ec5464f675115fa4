import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { Lease } from '../../src/store/ports/leases.js';
import { type Child, CompiledStore } from './compiled.js';
import { HISTORY, instanceDocument, newInstance, Workplace } from './fixtures.js';

const workplace = new Workplace();
let compiled: CompiledStore;
beforeAll(() => {
  compiled = new CompiledStore();
});
afterAll(() => compiled.clean());
afterEach(() => workplace.clean());

/** Real time, as in the children; `ahead` by so many milliseconds, where a lease has to have run out. */
function clockOf(ahead: number) {
  return {
    now: () => Date.now() + ahead,
    sleep: (ms: number) => new Promise<void>((next) => setTimeout(next, ms)),
  };
}
const LEASE = 30_001;

async function home(): Promise<string> {
  const folder = workplace.folder();
  const store = await openStore({ home: folder, clock: clockOf(0) });
  await newInstance(store, [{ ...HISTORY, cursor: '0' }]);
  await store.close();
  return folder;
}

async function open(folder: string, ahead = 0): Promise<Store> {
  return workplace.closing(await openStore({ home: folder, clock: clockOf(ahead) }));
}

describe('several processes', () => {
  it('may open a new home at the same moment: one makes it, all use it', async () => {
    const folder = join(workplace.folder(), 'new');
    const children = [1, 2, 3, 4].map(() => compiled.run('open', folder));
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.tell();
    const ids = await Promise.all(children.map((child) => child.line<number>()));
    expect(ids.sort()).toEqual([1, 2, 3, 4]);
  });

  it('never spend more than one budget', async () => {
    const folder = await home();
    const children = [1, 2, 3].map(() => compiled.run('reserve', folder));
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.tell();
    const sums = await Promise.all(children.map((child) => child.line<number>()));
    expect(sums.reduce((total, sum) => total + sum, 0)).toBe(1000);
  });
});

describe('a process that holds a lease', () => {
  async function holding(folder: string): Promise<Child> {
    const child = compiled.run('hold', folder);
    expect(await child.line()).toEqual({ name: 'poll:1', fence: 1 });
    return child;
  }

  it('keeps others out while it lives, and is taken over at once when it was killed', async () => {
    const folder = await home();
    const store = await open(folder);
    const child = await holding(folder);
    expect(await store.leases.acquire('poll:1')).toBeNull();
    await child.kill();
    const lease = await store.leases.acquire('poll:1');
    // Without /proc a killed holder is told from a living one by time alone.
    expect(lease).toEqual(process.platform === 'linux' ? { name: 'poll:1', fence: 2 } : null);
  });

  it('and was paused for too long stores nothing when it wakes', async () => {
    const folder = await home();
    const child = await holding(folder);
    child.signal('SIGSTOP');
    const store = await open(folder, LEASE);
    const lease = await store.leases.acquire('poll:1');
    expect(lease).toEqual({ name: 'poll:1', fence: 2 });
    child.signal('SIGCONT');
    child.tell();
    for (const _work of ['commitPart', 'write', 'check']) {
      expect(await child.line()).toMatchObject({ name: 'LeaseLostError', code: 'retry_later' });
    }
    expect(await store.outbox.list({})).toEqual([]);
    expect(await store.instanceFiles.keys()).toEqual([]);
    await store.leases.check(lease as Lease);
  });
});

describe('a process that is killed', () => {
  it('in the middle of its commits leaves whole ones only, and every one it told of', async () => {
    const folder = await home();
    let told = 0;
    for (const [round, wanted] of [1, 3, 4, 9].entries()) {
      const child = compiled.run('commit', folder, { ahead: round * LEASE });
      const until = told + wanted;
      while (told < until) told = await child.line<number>();
      await child.kill();
    }
    const store = await open(folder);
    const marker = await store.resources.get(1, 'changed-messages');
    const last = Number(marker?.cursor);
    expect(last).toBeGreaterThanOrEqual(told);
    const expected = Array.from({ length: last }, (_, n) => [0, 1, 2].map((part) => `${n + 1}-${part}`)).flat();
    expect((await store.outbox.list({})).map((row) => row.id)).toEqual(expected);
    for (const id of expected) {
      const body = new TextDecoder().decode((await store.outbox.body(id)) ?? undefined);
      expect(JSON.parse(body)).toEqual({ number: Number(id.split('-')[0]) });
    }
    const messages = Array.from({ length: last + 1 }, (_, n) => `message-${n + 1}`);
    expect((await store.resources.emittedAmong(1, 'changed-messages', messages)).size).toBe(last);
    expect(await store.resources.snapshot(1, 'changed-messages')).toEqual(new Map([['number', String(last)]]));
  });

  it('while it writes a file leaves a whole one, and nothing beside it once it was written again', async () => {
    const folder = await home();
    for (const [round, wanted] of [0, 2, 5].entries()) {
      const child = compiled.run('write', folder, { ahead: round * LEASE });
      while ((await child.line<number>()) < wanted);
      await child.kill();
      const store = await open(folder);
      expect(await store.instanceFiles.read(1)).toMatchObject({ id: 1, name: expect.stringMatching(/^number \d+$/) });
    }
    const store = await open(folder, 3 * LEASE);
    const lease = await store.leases.acquire('poll:1');
    await store.instanceFiles.write(lease as Lease, 1, instanceDocument(1));
    expect(readdirSync(join(folder, 'instances'))).toEqual(['1.json']);
  });
});

describe('a process that has written a file', () => {
  it('hears a signal once: a first Ctrl-C is not taken for the second', async () => {
    expect(await compiled.run('signals', await home()).line()).toBe(1);
  });
});

describe('a full disk', () => {
  it('refuses what does not fit, keeps the old file and the old rows, and goes on with what fits', async () => {
    const folder = await home();
    // A process that may write files of 2 MiB at most; the unit of sh is 512 bytes, of bash in its own mode 1024.
    const child = compiled.run('full', folder, { limit: '-f 2048' });
    expect(await child.line()).toBe('stored');
    expect(await child.line()).toEqual({
      name: 'StoreError',
      code: 'store',
      message: 'instances/1.json could not be written (EFBIG)',
    });
    expect(await child.line()).toBe('short');
    expect(await child.line()).toMatchObject({
      name: 'StoreError',
      code: 'store',
      message: expect.stringMatching(/full|could not be/),
    });
    expect(await child.line()).toBe('stored');
    expect(await child.line()).toEqual(['6-0', '6-1', '6-2']);
    expect(readdirSync(join(folder, 'instances'))).toEqual(['1.json']);
  });
});
