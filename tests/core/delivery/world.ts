import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../src/core/context.js';
import { withInstance, withLease } from '../../../src/core/lease.js';
import type { Clock } from '../../../src/core/ports.js';
import type { InstanceDocument } from '../../../src/core/types.js';
import { openStore } from '../../../src/store/open.js';
import type { SettingsDocument } from '../../../src/store/ports/documents.js';
import type { NewNotification, OutboxRow } from '../../../src/store/ports/outbox.js';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../support/receiver.js';

export const START = Date.UTC(2026, 10, 24, 3);
export const EMAIL = 'ann@example.com';
const ACCOUNT = 'ann@example.com~client';

/** Stands still until it is set; a sleep moves it on and lets others work meanwhile, longer ones for longer. */
export class TestClock implements Clock {
  time = START;
  /** Called at every sleep: what happens meanwhile. */
  meanwhile: () => Promise<unknown> | unknown = () => {};
  now = (): number => this.time;
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.meanwhile();
    await new Promise((resolve) => setTimeout(resolve, Math.min(ms / 20, 20)));
  }
}

/** A real store in a folder of its own, real receivers, and a clock and chance that the test sets. */
export class World {
  readonly clock = new TestClock();
  readonly ctx: Context;
  readonly home: string;
  /** Chance of the jitter, in [0, 1). */
  chance = 0;
  #made = 0;
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(home: string, store: Context['store'], clock: TestClock | Clock) {
    this.home = home;
    const random = { unit: () => this.chance, bytes: (n: number) => new Uint8Array(n), uuid: () => 'uuid' };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const google = { gmail: '', auth: '', token: '', revoke: '' };
    this.ctx = { home, env: {}, google, store, clock, random, log };
    if (clock instanceof TestClock) this.clock = clock;
  }

  /** With `clock`: that one instead of a clock that the test sets. */
  static async open(clock: TestClock | Clock = new TestClock()): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'gmail-events-delivery-'));
    const world = new World(home, await openStore({ home, clock }), clock);
    const lease = await world.ctx.store.leases.acquire(`account:${ACCOUNT}`);
    if (lease === null) throw new Error('no lease');
    await world.ctx.store.accountFiles.write(lease, ACCOUNT, {
      key: ACCOUNT,
      email: EMAIL,
      clientId: 'client',
      clientSecret: null,
      serviceAccount: null,
      refreshToken: 'r',
      accessToken: null,
      accessTokenExpiresAt: null,
      scopes: [],
      grantExpiresAt: null,
      createdDate: '2026-11-24T03:00:00Z',
    });
    await world.ctx.store.leases.release(lease);
    return world;
  }

  /** A second process, as far as the store can tell: its own connection to the same folder. */
  async other(): Promise<Context> {
    const store = await openStore({ home: this.home, clock: this.ctx.clock });
    this.#closing.push(() => store.close());
    return { ...this.ctx, store };
  }

  async receiver(options: ReceiverOptions = {}): Promise<Receiver> {
    const receiver = await startReceiver(options);
    this.#closing.push(() => receiver.close());
    return receiver;
  }

  /** An enabled instance; `url` undefined: without a callback. */
  async instance(
    url: string | undefined,
    configuration: Record<string, string> = {},
    document: Partial<InstanceDocument> = {},
  ): Promise<number> {
    const { store, clock } = this.ctx;
    const id = await store.instances.create({
      uuid: `uuid-${url}`,
      createdAt: clock.now(),
      nextPollAt: null,
      resources: [{ name: 'changed-messages', kind: 'history', cursor: '1', at: clock.now() }],
      largestFile: 0,
    });
    if (id === null) throw new Error('no id');
    await withInstance(this.ctx, id, (lease) =>
      store.instanceFiles.write(lease, id, {
        id,
        uuid: `uuid-${id}`,
        token: 'instance-token',
        name: `instance ${id}`,
        tags: ['test'],
        elementKey: 'gmail',
        createdDate: '2026-11-24T03:00:00Z',
        account: ACCOUNT,
        disabled: false,
        externalAuthentication: 'none',
        allowPrivate: true,
        ...document,
        configuration: {
          'event.notification.enabled': 'true',
          ...(url === undefined ? {} : { 'event.notification.callback.url': url }),
          ...configuration,
        },
      }),
    );
    return id;
  }

  async change(id: number, change: (document: InstanceDocument) => InstanceDocument): Promise<void> {
    const document = await this.ctx.store.instanceFiles.read(id);
    if (document === null) throw new Error('no file');
    await withInstance(this.ctx, id, (lease) => this.ctx.store.instanceFiles.write(lease, id, change(document)));
  }

  /** Puts so many notifications at the end of the instance's queue. Returns their ids. */
  async put(id: number, count = 1, other: Partial<NewNotification> = {}): Promise<string[]> {
    const made = Array.from({ length: count }, (): NewNotification => {
      this.#made += 1;
      const name = `n${this.#made}`;
      return {
        id: name,
        instanceId: id,
        resource: 'changed-messages',
        queue: 'events',
        body: new TextEncoder().encode(JSON.stringify({ id: name, message: { eventId: name } })),
        contentType: 'application/json',
        eventCount: 1,
        state: 'pending',
        ...other,
      };
    });
    const stored = await withLease(this.ctx, `poll:${id}`, (lease) =>
      this.ctx.store.resources.commitPart(lease, {
        instanceId: id,
        resource: 'changed-messages',
        patch: {},
        notifications: made,
        emitted: [],
        now: this.ctx.clock.now(),
      }),
    );
    if (stored === null) throw new Error('the poll lease is held');
    return made.map((each) => each.id);
  }

  settings<K extends keyof SettingsDocument>(values: { [P in K]: SettingsDocument[P] }): Promise<void> {
    return this.ctx.store.settings.set(values);
  }

  async row(id: string): Promise<OutboxRow> {
    const row = await this.ctx.store.outbox.get(id);
    if (row === null) throw new Error(`no row ${id}`);
    return row;
  }

  async stop(id: number): Promise<string | null> {
    return (await this.ctx.store.instances.get(id))?.stop?.reason ?? null;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
    await this.ctx.store.close();
    await rm(this.home, { recursive: true, force: true });
  }
}
