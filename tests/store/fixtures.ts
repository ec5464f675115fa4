import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { AccountDocument, InstanceDocument } from '../../src/store/ports/documents.js';
import type { NewNotification } from '../../src/store/ports/outbox.js';
import type { NewResource } from '../../src/store/ports/resources.js';

export const NOW = Date.UTC(2026, 10, 24, 3);

/** A clock that stands still until it is set; sleeping moves it on, once what is asked of the store by then is done. */
export class TestClock {
  time = NOW;
  slept = 0;
  /** Called at every sleep: what happens meanwhile. */
  meanwhile: () => void = () => {};

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.time += ms;
    this.slept += ms;
    this.meanwhile();
    await new Promise((turn) => setImmediate(turn));
  }
}

/** What a test has opened and made, closed and removed again by `clean`. */
export class Workplace {
  clock = new TestClock();
  readonly #folders: string[] = [];
  readonly #open: { close(): unknown }[] = [];

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'gmail-events-store-'));
    this.#folders.push(folder);
    return folder;
  }

  async store(home: string = this.folder(), encryptionKey?: string): Promise<Store> {
    return this.closing(await openStore({ home, clock: this.clock, encryptionKey }));
  }

  closing<T extends { close(): unknown }>(opened: T): T {
    this.#open.push(opened);
    return opened;
  }

  async clean(): Promise<void> {
    this.clock = new TestClock();
    for (const opened of this.#open.splice(0)) await opened.close();
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

export const HISTORY: NewResource = { name: 'changed-messages', kind: 'history', cursor: '1000', at: NOW };

export async function newInstance(store: Store, resources: NewResource[] = [HISTORY]): Promise<number> {
  const id = await store.instances.create({
    uuid: 'a-uuid',
    createdAt: NOW,
    nextPollAt: NOW,
    resources,
    largestFile: 0,
  });
  if (id === null) throw new Error('no id');
  return id;
}

export function notification(
  instanceId: number,
  id: string,
  other: Partial<Omit<NewNotification, 'id' | 'instanceId'>> = {},
): NewNotification {
  return {
    id,
    instanceId,
    resource: 'changed-messages',
    queue: 'events',
    body: new TextEncoder().encode(`{"id":"${id}"}`),
    contentType: 'application/json',
    eventCount: 1,
    state: 'pending',
    ...other,
  };
}

export function instanceDocument(id: number): InstanceDocument {
  return {
    id,
    uuid: 'a-uuid',
    token: 'instance-token-of-the-test',
    name: 'Inbox',
    tags: ['Inbox'],
    elementKey: 'gmail',
    createdDate: '2026-11-24T03:00:00Z',
    account: 'a@example.com~client',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.signature.key': 'signature-key-of-the-test',
    },
  };
}

export function accountDocument(key: string): AccountDocument {
  return {
    key,
    email: 'a@example.com',
    clientId: 'client',
    clientSecret: null,
    serviceAccount: null,
    refreshToken: 'refresh-token-of-the-test',
    accessToken: null,
    accessTokenExpiresAt: null,
    scopes: ['https://www.googleapis.com/auth/gmail.readonly'],
    grantExpiresAt: null,
    createdDate: '2026-11-24T03:00:00Z',
  };
}
