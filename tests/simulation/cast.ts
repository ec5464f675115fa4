import { accountKey } from '../../src/store/documents/names.js';
import type { AccountDocument, InstanceDocument } from '../../src/store/ports/documents.js';
import type { Chance } from './chance.js';
import { CLIENT, EMAIL, type Google } from './google.js';
import type { Home } from './home.js';
import type { InstancePlan } from './scene.js';
import type { Watched } from './verdict.js';

const KEY = accountKey(EMAIL, CLIENT.clientId);

/** The account's file as `auth` leaves it. */
export function accountFile(google: Google, now: number): Record<string, AccountDocument> {
  const { refreshToken, accessToken, accessTokenExpiresAt } = google.authorize(now);
  const account: AccountDocument = {
    key: KEY,
    email: EMAIL,
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    serviceAccount: null,
    refreshToken,
    accessToken,
    accessTokenExpiresAt,
    scopes: [google.scope],
    grantExpiresAt: null,
    createdDate: new Date(now).toISOString(),
  };
  return { [`accounts/${KEY}.json`]: account };
}

/** The instances' files as `create-instance` leaves them. */
export function instanceFiles(
  plans: readonly InstancePlan[],
  chance: Chance,
  now: number,
): Record<string, InstanceDocument> {
  const documents = plans.map(
    ({ configuration }, at): InstanceDocument => ({
      id: at + 1,
      uuid: chance.uuid(),
      token: 'token',
      name: `instance ${at + 1}`,
      tags: ['simulated'],
      elementKey: 'gmail',
      createdDate: `${new Date(now).toISOString().slice(0, 19)}Z`,
      account: KEY,
      disabled: false,
      externalAuthentication: 'none',
      allowPrivate: true,
      configuration,
    }),
  );
  return Object.fromEntries(documents.map((document) => [`instances/${document.id}.json`, document]));
}

/** The instances' rows, with the mailbox's present historyId as the place from which their resources read. */
export async function beginWatching(
  home: Home,
  plans: readonly InstancePlan[],
  google: Google,
  now: number,
): Promise<Watched[]> {
  const cursor = google.mail.mailbox.historyId;
  const watched: Watched[] = [];
  for (const [at, plan] of plans.entries()) {
    const document = await home.store.instanceFiles.read(at + 1);
    if (document === null) throw new Error(`instance ${at + 1} has no file`);
    const { id, uuid } = document;
    const resources = [
      ...plan.resources.map(({ name }) => ({ name, kind: 'history' as const, cursor, at: now })),
      ...plan.collections.map((name) => ({ name, kind: 'collection' as const, cursor: null, at: now })),
    ];
    await home.store.instances.create({ id, uuid, createdAt: now, nextPollAt: now, resources, largestFile: id });
    watched.push({ id, uuid, createdAt: now, plan, asks: [...plan.resources], baseline: cursor });
  }
  return watched;
}
