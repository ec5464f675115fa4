import { isMetadataOnly, openGmail } from '../../../../src/core/accounts/index.js';
import type { Context } from '../../../../src/core/context.js';
import { openContext } from '../../../../src/core/index.js';
import { createInstance, readSettings } from '../../../../src/core/instances/index.js';
import { buildMailboxNotification } from '../../../../src/core/notification/index.js';
import type { ResourceRun } from '../../../../src/core/polling/resource-run.js';
import type { Clock } from '../../../../src/core/ports.js';
import { pollHistory } from '../../../../src/core/resources/changed-messages.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../src/sandbox/index.js';
import type { ResourceRow } from '../../../../src/store/ports/resources.js';
import { temporaryFolder } from '../../../support/cli.js';
import type { SeenEvent } from './bench.js';

const EMAIL = 'ann@example.com';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Waits pass at once and move the clock, so that Gmail's long backoffs cost a test nothing. */
export class LeapingClock implements Clock {
  offset = 0;
  now(): number {
    return Date.now() + this.offset;
  }
  async sleep(ms: number): Promise<void> {
    this.offset += ms;
  }
}

export interface BenchOptions extends SandboxOptions {
  /** Of the grant. */
  scope?: string;
  /** How far this machine's clock is ahead of Google's. */
  aheadMs?: number;
}

/** The double of Google over HTTP, a real store in a folder of its own, and one instance. */
export class RealBench {
  readonly signal = new AbortController();
  /** What it throws is a crash before or after a commit. */
  crash: (when: 'before' | 'after') => void = () => {};

  private constructor(
    readonly sandbox: Sandbox,
    readonly clock: LeapingClock,
    readonly id: number,
    private ctx: Context,
    private readonly folder: ReturnType<typeof temporaryFolder>,
  ) {}

  static async start(url = 'changed-messages', options: BenchOptions = {}): Promise<RealBench> {
    const clock = new LeapingClock();
    const { scope, aheadMs = 0, ...rest } = options;
    const sandbox = await startSandbox({ email: EMAIL, messages: 0, now: () => clock.now() - aheadMs, ...rest });
    const folder = temporaryFolder();
    const ctx = await openContext({ home: folder.path, env: sandbox.env, log: silent, clock });
    const body = {
      element: { key: 'gmail' },
      externalAuthentication: 'initial',
      name: 'inbox',
      configuration: {
        'oauth.api.key': sandbox.client.clientId,
        'oauth.api.secret': sandbox.client.clientSecret,
        'oauth.user.refresh_token': sandbox.grantRefreshToken({ email: EMAIL, ...(scope !== undefined && { scope }) }),
        'event.notification.enabled': true,
        'event.poller.configuration': { 'changed-messages': { url, idField: 'id' } },
      },
    };
    const { document } = await createInstance(ctx, body, { allowPrivate: true });
    return new RealBench(sandbox, clock, document.id, ctx, folder);
  }

  get mailbox() {
    return this.sandbox.mailbox();
  }

  /** One poll by a process of its own: nothing but the store is carried over. */
  async poll(): Promise<number> {
    await this.restart();
    const { ctx, id } = this;
    const lease = await ctx.store.leases.acquire(`poll:${id}`);
    if (lease === null) throw new Error('the lease is free');
    try {
      return await this.pollUnder(lease);
    } finally {
      await ctx.store.leases.release(lease);
    }
  }

  async row(): Promise<ResourceRow> {
    const row = await this.ctx.store.resources.get(this.id, 'changed-messages');
    if (row === null) throw new Error('the marker exists');
    return row;
  }

  /** Events of all notifications stored so far, in queue order. */
  async events(queue: 'events' | 'mailbox' = 'events'): Promise<SeenEvent[]> {
    const rows = await this.ctx.store.outbox.list({ instanceId: this.id });
    const bodies = await Promise.all(
      rows.filter((row) => row.queue === queue).map((row) => this.ctx.store.outbox.body(row.id)),
    );
    return bodies.flatMap((body) => {
      const { message } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array()));
      const records = message.raw[message.raw.objectType];
      return message.events.map((event: SeenEvent, at: number) => ({ ...event, record: records[at] }));
    });
  }

  async types(): Promise<string[]> {
    return (await this.events()).map(({ eventType, objectId }) => `${eventType} ${objectId}`);
  }

  async set(settings: Parameters<Context['store']['settings']['set']>[0]): Promise<void> {
    await this.ctx.store.settings.set(settings);
  }

  async setCursor(cursor: string): Promise<void> {
    const lease = await this.ctx.store.leases.acquire(`poll:${this.id}`);
    if (lease === null) throw new Error('the lease is free');
    const part = { patch: { cursor }, notifications: [], emitted: [], now: this.clock.now() };
    await this.ctx.store.resources.commitPart(lease, { instanceId: this.id, resource: 'changed-messages', ...part });
    await this.ctx.store.leases.release(lease);
  }

  requests(): string[] {
    return this.sandbox.requests.filter(({ method }) => method !== 'token').map(({ method }) => method);
  }

  async close(): Promise<void> {
    await this.ctx.store.close();
    await this.sandbox.close();
    this.folder.remove();
  }

  private async restart(): Promise<void> {
    await this.ctx.store.close();
    this.ctx = await openContext({ ...this.ctx, log: silent });
  }

  private async pollUnder(lease: ResourceRun['lease']): Promise<number> {
    const { ctx, id } = this;
    const instance = await ctx.store.instanceFiles.read(id);
    const account = instance === null ? null : await ctx.store.accountFiles.read(instance.account);
    if (instance === null || account === null) throw new Error('the instance and its account exist');
    const settings = readSettings(instance);
    const [resource] = settings.resources;
    if (resource?.kind !== 'history') throw new Error('the resource is changed-messages');
    const { signal } = this.signal;
    const pollStart = ctx.clock.now();
    const run: ResourceRun = {
      ctx,
      lease,
      instance,
      settings,
      row: await this.row(),
      gmail: await openGmail(ctx, instance.account, { signal }),
      email: EMAIL,
      metadataOnly: isMetadataOnly(account.scopes),
      pollStart,
      signal,
      commit: async (part) => {
        this.crash('before');
        const now = ctx.clock.now();
        await ctx.store.resources.commitPart(lease, { ...part, instanceId: id, resource: resource.name, now });
        this.crash('after');
      },
      mailboxNotification: (eventType, record) => {
        const key = [String(pollStart), resource.name];
        const made = buildMailboxNotification({
          instance,
          settings,
          email: EMAIL,
          eventType,
          key,
          record,
          at: pollStart,
        });
        return made === null ? [] : [made];
      },
    };
    return (await pollHistory(run, resource)).events;
  }
}
