import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Inspection } from '../../store/inspect.js';
import { resolveClient } from '../accounts/index.js';
import type { Context } from '../context.js';
import { reported } from '../errors.js';
import { keptForReceivers } from '../instances/receiver-secret.js';
import { KEY_VARIABLE } from '../settings/index.js';
import { type Check, fault, guarded, well } from './check.js';
import { permissionsCheck } from './permissions.js';
import { secretsCheck } from './secrets.js';

/** Less than this, and a busy mailbox may fill the disk within a day. */
const LEAST_FREE_BYTES = 200 * 1024 ** 2;

/** The home folder and what lies in it. */
export async function storeChecks(ctx: Context, inspection: Inspection): Promise<Check[]> {
  const { home } = ctx;
  if (!existsSync(home)) return [well('store', `there is none yet in ${home}: the first command makes it`)];
  return [
    databaseCheck(home, inspection),
    ...(await guarded('permissions', async () => permissionsCheck(home))),
    ...(await guarded('disk', () => diskCheck(home))),
    ...(await guarded('secrets', async () =>
      secretsCheck(inspection, keptForReceivers(home), !!ctx.env[KEY_VARIABLE]),
    )),
    ...(await guarded('settings', () => settingsCheck(ctx))),
  ];
}

function databaseCheck(home: string, { fault: broken, schema }: Inspection): Check {
  const name = 'store';
  if (broken !== null) return fault(name, broken.code, broken.message, broken.hint);
  const { found, known } = schema;
  if (found === 0) return well(name, `${home} holds no events.db yet: the first command makes it`);
  if (found < known) return well(name, `events.db has schema ${found}: the next command brings it to ${known}`);
  return well(name, `${home} opens, and events.db (schema ${found}) is sound`);
}

async function diskCheck(home: string): Promise<Check> {
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const message = `${Math.floor(free / 1024 ** 2)} MB are free`;
  if (free >= LEAST_FREE_BYTES) return well('disk', message);
  return fault('disk', 'failed', `only ${message}`, `Free some space on the disk of ${home}.`);
}

async function settingsCheck(ctx: Context): Promise<Check> {
  await ctx.store.settings.read();
  const given = await ctx.store.settings.given();
  return well('settings', given.length === 0 ? 'all are the defaults' : `config.json sets ${given.join(', ')}`);
}

/** A grant brings its client along: only a new one needs it named. Settings that cannot be read have a check of their own. */
export async function clientCheck(ctx: Context, accounts: number): Promise<Check[]> {
  const name = 'oauth client';
  try {
    return [well(name, `${(await resolveClient(ctx, {}, { orUsed: true })).clientId} is used by gmail-events auth`)];
  } catch (error) {
    const { code, message, hint } = reported(error);
    if (code === 'store') return [];
    return [accounts > 0 ? well(name, `${message}; every grant brings its own`) : fault(name, 'auth', message, hint)];
  }
}
