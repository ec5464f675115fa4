import type { OAuthClient } from './client.js';
import { readJsonFile, wrongFile } from './json-file.js';

const FLAG = '--client-secret-file';

/**
 * Google's JSON of an OAuth client. Its auth_uri and token_uri are not used: tokens go to our own addresses only.
 * CoreError usage when the file is something else.
 */
export async function readClientSecretFile(path: string): Promise<OAuthClient> {
  const file = await readJsonFile(FLAG, path);
  if (file['type'] === 'service_account') {
    throw wrongFile(
      FLAG,
      `${path} is the key of a service account`,
      'Pass it as --service-account-file, with --subject MAILBOX.',
    );
  }
  for (const type of ['installed', 'web'] as const) {
    const client = file[type];
    if (typeof client === 'object' && client !== null) return read(path, type, client as Record<string, unknown>);
  }
  throw wrongFile(
    FLAG,
    `${path} is not the JSON of an OAuth client: neither "installed" nor "web" is in it`,
    'Create an OAuth client of type "Desktop app" in the Google Cloud console and download its JSON.',
  );
}

function read(path: string, type: 'installed' | 'web', client: Record<string, unknown>): OAuthClient {
  const { client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris } = client;
  if (typeof clientId !== 'string' || clientId === '') throw wrongFile(FLAG, `${path} has no "client_id"`);
  return {
    clientId,
    clientSecret: typeof clientSecret === 'string' && clientSecret !== '' ? clientSecret : null,
    type,
    redirectUris: Array.isArray(redirectUris) ? redirectUris.filter((uri) => typeof uri === 'string') : [],
  };
}
