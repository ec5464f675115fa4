import { type OAuthClient, resolveClient } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { openBrowser } from '../core/oauth/open-browser.js';
import { planRedirect } from '../core/oauth/redirect-uri.js';
import type { Ui } from '../ui/output.js';
import type { Prompts } from '../ui/prompts.js';
import { CONSOLE_PAGES } from './console-pages.js';
import { droppedPath } from './dropped-path.js';

/** A client, and the redirect URI to be used with it; undefined: any free port of this machine. */
export interface KnownClient {
  client: OAuthClient;
  callbackUrl: string | undefined;
}

/** The OAuth client of the environment, of config.json or of the accounts there are; null when there is none yet. */
export async function knownClient(ctx: Context): Promise<KnownClient | null> {
  try {
    const client = await resolveClient(ctx, {}, { orUsed: true });
    const kept = (await ctx.store.settings.read())['oauth.callbackUrl'];
    // It may be the address of a server that exchanges codes.
    const usable = kept !== null && redirectFault(client, kept) === null;
    return { client, callbackUrl: usable ? kept : undefined };
  } catch (error) {
    if (error instanceof CoreError && error.code === 'usage') return null;
    throw error;
  }
}

/** Leads through the console if that is wanted, takes the client's JSON file and keeps the client in config.json. */
export async function askClient(ctx: Context, ui: Ui, person: Prompts): Promise<KnownClient> {
  ui.paragraph(
    '\nGoogle lets a program read a mailbox only through an OAuth client: one of your own, made once, for nothing.',
  );
  const has = await person.select('Have you got the JSON file of an OAuth client?', [
    { name: 'No: show me how to make one (5 minutes)', value: false },
    { name: 'Yes', value: true },
  ]);
  if (!has) await showConsole(ui, person);
  let found: OAuthClient | null = null;
  await person.input('Its JSON file (type the path, or drop the file here)', {
    check: async (answer) => {
      const read = await readClient(ctx, answer);
      if (typeof read === 'string') return read;
      found = read;
      return null;
    },
  });
  // The prompt lets no answer through for which no client was read.
  return keep(ctx, ui, found as unknown as OAuthClient);
}

async function showConsole(ui: Ui, person: Prompts): Promise<void> {
  for (const [at, { title, todo, url }] of CONSOLE_PAGES.entries()) {
    ui.paragraph(`\n${ui.livePaint.bold(`${at + 1} of ${CONSOLE_PAGES.length}. ${title}`)}\n${todo}`);
    ui.note(url);
    if (await person.confirm('Open this page in the browser?', true)) await openBrowser(url);
  }
}

/** The client of a file, or what is wrong with the answer. */
async function readClient(ctx: Context, answer: string): Promise<OAuthClient | string> {
  const path = droppedPath(answer);
  if (path === '') return 'A path is needed.';
  try {
    const client = await resolveClient(ctx, { clientSecretFile: path });
    const fault = redirectFault(client, undefined);
    if (fault === null) return client;
    return `${fault}: make one of the type Desktop app (or leave, and use gmail-events auth --manual).`;
  } catch (error) {
    if (error instanceof CoreError) return [error.message, error.hint].filter((part) => part !== null).join('. ');
    throw error;
  }
}

/** Why the consent could not come back to this machine; null when it can. */
function redirectFault(client: OAuthClient, callbackUrl: string | undefined): string | null {
  try {
    planRedirect(client, { callbackUrl, manual: false });
    return null;
  } catch (error) {
    if (error instanceof CoreError) return error.message;
    throw error;
  }
}

async function keep(ctx: Context, ui: Ui, client: OAuthClient): Promise<KnownClient> {
  const callbackUrl =
    client.type === 'web' ? planRedirect(client, { callbackUrl: undefined, manual: false }).redirectUri : undefined;
  await ctx.store.settings.set({
    'oauth.clientId': client.clientId,
    'oauth.clientSecret': client.clientSecret,
    ...(callbackUrl === undefined ? {} : { 'oauth.callbackUrl': callbackUrl }),
  });
  ui.paragraph(`The client is kept in ${ctx.home}: the file is not needed any more.`);
  return { client, callbackUrl };
}
