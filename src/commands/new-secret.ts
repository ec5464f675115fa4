import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret of Standard Webhooks. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Writes the secret where its owner alone can read it, for the receiver to be given; returns the file. */
export async function keepForReceiver(home: string, instanceId: number, secret: string): Promise<string> {
  const file = join(home, `signing-secret-${instanceId}.txt`);
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}
