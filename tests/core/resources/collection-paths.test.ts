import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { grantFromServiceAccount, saveGrant } from '../../../src/core/accounts/index.js';
import { createInstance } from '../../../src/core/instances/index.js';
import { pollInstance } from '../../../src/core/polling/index.js';
import { entryOf } from '../../../src/core/resources/default-entry.js';
import type { Mailbox } from '../../../src/sandbox/index.js';
import { EMAIL, startWorld, type World } from '../polling/world.js';

// What filters, forwarding addresses and the rest are read with; delegates are shown to a delegated account alone.
const SCOPE = 'https://www.googleapis.com/auth/gmail.modify https://www.googleapis.com/auth/gmail.settings.sharing';
const CLIENT_EMAIL = 'poller@project.iam.gserviceaccount.com';

interface Story {
  /** What makes, changes and removes one record; each gives the record's key. `change` is null where nothing of a record can. */
  make(mailbox: Mailbox): string;
  change: ((mailbox: Mailbox, key: string) => void) | null;
  remove(mailbox: Mailbox, key: string): void;
}

function setting<Name extends keyof Mailbox['settings']>(
  name: Name,
  key: string,
  record: Mailbox['settings'][Name][number],
  changed: object,
): Story {
  const find = (mailbox: Mailbox) => mailbox.settings[name] as unknown as Record<string, unknown>[];
  const at = (mailbox: Mailbox, value: string) => find(mailbox).findIndex((each) => each[key] === value);
  return {
    make: (mailbox) => {
      find(mailbox).push({ ...record });
      return String((record as unknown as Record<string, unknown>)[key]);
    },
    change: (mailbox, value) => Object.assign(find(mailbox)[at(mailbox, value)] ?? {}, changed),
    remove: (mailbox, value) => find(mailbox).splice(at(mailbox, value), 1),
  };
}

const STORIES: Record<string, Story> = {
  messages: {
    make: (mailbox) => mailbox.receive(),
    change: null,
    remove: (mailbox, id) => mailbox.delete(id),
  },
  threads: {
    make: (mailbox) => mailbox.receive({ body: 'one' }),
    change: (mailbox, id) => mailbox.receive({ threadId: id, body: 'two' }),
    remove: (mailbox) => {
      for (const id of mailbox.messageIds()) mailbox.delete(id);
    },
  },
  drafts: {
    make: (mailbox) => mailbox.saveDraft().draftId,
    change: (mailbox, draftId) => mailbox.saveDraft({ draftId }),
    remove: (mailbox, draftId) => mailbox.sendDraft(draftId),
  },
  labels: {
    make: (mailbox) => mailbox.createLabel('Travel'),
    change: (mailbox, id) => mailbox.renameLabel(id, 'Journeys'),
    remove: (mailbox, id) => mailbox.deleteLabel(id),
  },
  'settings/filters': setting(
    'filters',
    'id',
    { id: 'f1', criteria: { from: 'boss' } },
    { action: { addLabelIds: ['X'] } },
  ),
  'settings/forwardingAddresses': setting(
    'forwardingAddresses',
    'forwardingEmail',
    { forwardingEmail: 'me@example.net', verificationStatus: 'pending' },
    { verificationStatus: 'accepted' },
  ),
  'settings/sendAs': setting('sendAs', 'sendAsEmail', { sendAsEmail: 'sales@example.com' }, { displayName: 'Sales' }),
  'settings/delegates': setting(
    'delegates',
    'delegateEmail',
    { delegateEmail: 'bob@example.com', verificationStatus: 'pending' },
    { verificationStatus: 'accepted' },
  ),
};

describe('each list of Gmail', () => {
  let world: World;
  beforeEach(async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    world = await startWorld({ serviceAccounts: [{ clientEmail: CLIENT_EMAIL, publicKey, scopes: SCOPE.split(' ') }] });
    const file = join(world.home, 'key.json');
    const key = { type: 'service_account', client_email: CLIENT_EMAIL, client_id: '11223344', private_key: privateKey };
    writeFileSync(file, JSON.stringify(key));
    await saveGrant(world.ctx, await grantFromServiceAccount(world.ctx, { file, subject: EMAIL, scope: SCOPE }));
  });
  afterEach(() => world.close());

  it.each(Object.entries(STORIES))(
    '%s: CREATED, UPDATED where its records can change, DELETED',
    async (path, story) => {
      const [name, entry] = entryOf(path);
      const configuration = { 'event.notification.enabled': true, 'event.poller.configuration': { [name]: entry } };
      const body = { element: { key: 'gmail' }, name: 'lists', configuration };
      const { document } = await createInstance(world.ctx, body, { allowPrivate: true, account: EMAIL });
      const mailbox = world.sandbox.mailbox();
      const poll = () => pollInstance(world.ctx, document.id, { deliver: false, scheduled: false });
      expect(await poll()).toMatchObject({ status: 'ok', events: 0, requests: 1 });

      const key = story.make(mailbox);
      expect(await poll()).toMatchObject({ status: 'ok', events: 1 });
      expect(await poll()).toMatchObject({ status: 'ok', events: 0 });
      story.change?.(mailbox, key);
      expect(await poll()).toMatchObject({ status: 'ok', events: story.change === null ? 0 : 1 });
      story.remove(mailbox, key);
      expect(await poll()).toMatchObject({ status: 'ok', events: 1 });

      const rows = await world.ctx.store.outbox.list({ instanceId: document.id });
      const bodies = await Promise.all(rows.map(({ id }) => world.ctx.store.outbox.body(id)));
      const told = bodies.flatMap((bytes) => {
        const { message } = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
        expect(message.raw.objectType).toBe(name);
        return message.events.map(({ eventType, objectId }: Record<string, string>) => `${eventType} ${objectId}`);
      });
      const types = story.change === null ? ['CREATED', 'DELETED'] : ['CREATED', 'UPDATED', 'DELETED'];
      expect(told).toEqual(types.map((type) => `${type} ${key}`));
    },
  );
});
