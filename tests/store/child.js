/** A process that uses the store: node child.js STORE CASE HOME AHEAD. It writes lines of JSON; see processes.test.ts. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const [, , path, name, home, ahead] = process.argv;
const { openStore } = await import(path);
const clock = { now: () => Date.now() + Number(ahead), sleep: (ms) => pause(ms) };

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function told() {
  return once(process.stdin, 'data');
}

function part(id, number) {
  const body = new TextEncoder().encode(`{"number":${number}}`.padEnd(20_000));
  const common = { instanceId: id, resource: 'changed-messages', queue: 'events', contentType: 'application/json' };
  return {
    instanceId: id,
    resource: 'changed-messages',
    patch: { cursor: String(number) },
    notifications: [0, 1, 2].map((n) => ({
      ...common,
      id: `${number}-${n}`,
      body,
      eventCount: 1,
      state: 'pending',
    })),
    emitted: [`message-${number}`],
    snapshot: { upsert: [{ key: 'number', hash: String(number) }], remove: [] },
    now: Date.now(),
  };
}

function document(id, name) {
  return {
    id,
    uuid: 'u',
    token: 't',
    name,
    tags: [],
    elementKey: 'gmail',
    createdDate: '2026-11-24T03:00:00Z',
    account: 'a',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration: { filler: 'x'.repeat(name === 'long' ? 3_000_000 : 3000) },
  };
}

async function outcome(work) {
  try {
    await work();
    return 'stored';
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message };
  }
}

const cases = {
  /** Opens when told, so that many do so at once. */
  async open() {
    say('ready');
    await told();
    const store = await openStore({ home, clock });
    const row = { uuid: 'u', createdAt: 1, nextPollAt: null, resources: [], largestFile: 0 };
    say(await store.instances.create(row));
    await store.close();
  },

  async hold() {
    const store = await openStore({ home, clock });
    say(await store.leases.acquire('poll:1'));
    await told();
    say(await outcome(() => store.resources.commitPart({ name: 'poll:1', fence: 1 }, part(1, 9))));
    say(await outcome(() => store.instanceFiles.write({ name: 'poll:1', fence: 1 }, 1, document(1, 'late'))));
    say(await outcome(() => store.leases.check({ name: 'poll:1', fence: 1 })));
  },

  /** Commits one part after the other, and tells each once it is committed. */
  async commit() {
    const store = await openStore({ home, clock });
    const lease = await store.leases.acquire('poll:1');
    const { cursor } = await store.resources.get(1, 'changed-messages');
    for (let number = Number(cursor) + 1; ; number += 1) {
      await store.resources.commitPart(lease, part(1, number));
      say(number);
    }
  },

  /** Writes one file over and over. */
  async write() {
    const store = await openStore({ home, clock });
    const lease = await store.leases.acquire('poll:1');
    for (let number = 0; ; number += 1) {
      await store.instanceFiles.write(lease, 1, document(1, `number ${number}`));
      say(number);
    }
  },

  /** On a disk that takes only so much: first what fits, then what does not. */
  async full() {
    const store = await openStore({ home, clock });
    const lease = await store.leases.acquire('poll:1');
    say(await outcome(() => store.instanceFiles.write(lease, 1, document(1, 'short'))));
    say(await outcome(() => store.instanceFiles.write(lease, 1, document(1, 'long'))));
    say((await store.instanceFiles.read(1)).name);
    const large = {
      ...part(1, 5),
      notifications: [{ ...part(1, 5).notifications[0], body: new Uint8Array(3_000_000) }],
    };
    say(await outcome(() => store.resources.commitPart(lease, large)));
    say(await outcome(() => store.resources.commitPart(lease, part(1, 6))));
    say((await store.outbox.list({})).map((row) => row.id));
  },

  async signals() {
    const store = await openStore({ home, clock });
    const lease = await store.leases.acquire('poll:1');
    await store.instanceFiles.write(lease, 1, document(1, 'short'));
    let heard = 0;
    process.on('SIGTERM', () => {
      heard += 1;
    });
    process.kill(process.pid, 'SIGTERM');
    while (heard === 0) await pause(1);
    // A second one that the first brought about comes with the next turn of the loop.
    for (let turn = 0; turn < 20; turn += 1) await pause(1);
    say(heard);
  },

  async reserve() {
    const store = await openStore({ home, clock });
    say('ready');
    await told();
    let sum = 0;
    for (let n = 0; n < 50; n += 1) sum += await store.quota.reserve('a', 1, 7, 1000);
    say(sum);
  },
};

await cases[name]();
process.exit(0);
