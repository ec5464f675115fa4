import type { Context } from '../../../src/core/context.js';
import { openContext } from '../../../src/core/index.js';
import { createInstance } from '../../../src/core/instances/index.js';
import type { Clock } from '../../../src/core/ports.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.js';
import { temporaryFolder } from '../../support/cli.js';
import { type Receiver, startReceiver } from '../../support/receiver.js';

export const EMAIL = 'ann@example.com';
export const MINUTE = 60_000;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A clock that runs, and that a test can move. */
export interface MovableClock extends Clock {
  offset: number;
  /** A sleep takes so many times less than asked for. */
  speed: number;
}

export function movableClock(): MovableClock {
  return {
    offset: 0,
    speed: 1,
    now() {
      return Date.now() + this.offset;
    },
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(end, ms / this.speed);
        signal?.addEventListener('abort', end, { once: true });
        function end() {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        }
      });
    },
  };
}

export interface World {
  ctx: Context;
  clock: MovableClock;
  sandbox: Sandbox;
  receiver: Receiver;
  home: string;
  /** Another process's view of the same store. */
  open(): Promise<Context>;
  /** Makes an instance whose events are on; keys given change its configuration, null removes one. */
  create(options?: {
    email?: string;
    name?: string;
    resources?: Record<string, object>;
    configuration?: Record<string, unknown>;
  }): Promise<number>;
  close(): Promise<void>;
}

/** The double of Google, a receiver and a real store in a folder of their own. */
export async function startWorld(options: SandboxOptions = {}): Promise<World> {
  const clock = movableClock();
  const sandbox = await startSandbox({ email: EMAIL, messages: 0, now: () => clock.now(), ...options });
  const receiver = await startReceiver();
  const folder = temporaryFolder();
  const opened: Context[] = [];
  const open = async () => {
    const ctx = await openContext({ home: folder.path, env: { ...sandbox.env }, log: silent, clock });
    opened.push(ctx);
    return ctx;
  };
  const ctx = await open();
  return {
    ctx,
    clock,
    sandbox,
    receiver,
    home: folder.path,
    open,
    async create({ email = EMAIL, name = 'inbox', resources, configuration = {} } = {}) {
      const { document } = await createInstance(
        ctx,
        {
          element: { key: 'gmail' },
          externalAuthentication: 'initial',
          name,
          configuration: {
            'oauth.api.key': sandbox.client.clientId,
            'oauth.api.secret': sandbox.client.clientSecret,
            'oauth.user.refresh_token': sandbox.grantRefreshToken({ email }),
            'event.notification.enabled': true,
            'event.notification.callback.url': receiver.url,
            'event.poller.refresh_interval': '1',
            ...(resources === undefined ? {} : { 'event.poller.configuration': resources }),
            ...configuration,
          },
        },
        { allowPrivate: true },
      );
      return document.id;
    },
    async close() {
      for (const each of opened) await each.store.close();
      await sandbox.close();
      await receiver.close();
      folder.remove();
    },
  };
}

/** Event types and object ids of all notifications that came, in order. */
export function told(receiver: Receiver): string[] {
  return receiver.requests.flatMap((request) => {
    const body = request.json() as { message: { events: { eventType: string; objectId: string }[] } };
    return body.message.events.map(({ eventType, objectId }) => `${eventType} ${objectId}`);
  });
}
