import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = /^signing-secret-\d+\.txt$/;

/** A secret of Standard Webhooks. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Writes the secret where its owner alone can read it, for the receiver to be given; returns the file. */
export async function keepForReceiver(home: string, instanceId: number, secret: string): Promise<string> {
  const file = pathOf(home, instanceId);
  // One of a store that is no more would keep its mode.
  await rm(file, { force: true });
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

/** With its instance the secret goes as well. */
export async function dropForReceiver(home: string, instanceId: number): Promise<void> {
  await rm(pathOf(home, instanceId), { force: true });
}

/** The copies that still lie there, by name. They are never encrypted: whoever sets a receiver up has to read them. */
export function keptForReceivers(home: string): string[] {
  return readdirSync(home).filter((name) => FILE.test(name));
}

function pathOf(home: string, instanceId: number): string {
  return join(home, `signing-secret-${instanceId}.txt`);
}
