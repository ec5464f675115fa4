import { accountName, authorize, listAccounts, saveGrant, scopeNames } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import type { AccountDocument } from '../core/types.js';
import type { Ui } from '../ui/output.js';
import type { Prompts } from '../ui/prompts.js';
import type { KnownClient } from './ask-client.js';
import { tryAgain } from './try-again.js';

/** A person at another machine's browser needs longer. */
const MANUAL_WAIT_S = 3600;

/** The consent of a person, asked for again while it fails and they want to; the grant is kept at once. */
export async function askConsent(
  ctx: Context,
  ui: Ui,
  person: Prompts,
  { client, callbackUrl }: KnownClient,
): Promise<AccountDocument> {
  ui.paragraph(
    '\nNow your consent, on a page of Google. It asks for read access to the mailbox, and nothing else.\n' +
      'Google may warn that it has not verified the app: it is your own. Advanced, then "Go to ...", goes on.',
  );
  return tryAgain(ui, person, async () => {
    const manual = await person.select('Where is your browser?', [
      { name: 'On this machine', value: false },
      { name: 'Elsewhere: I will paste the address of the page that it ends at', value: true },
    ]);
    try {
      const grant = await authorize(ctx, {
        client,
        callbackUrl,
        manual,
        ...(manual ? { stdin: pasted(person), timeout: MANUAL_WAIT_S } : {}),
        onUrl: (url) => {
          ui.note(`\nOpen this page${manual ? '' : ', if the browser does not'}:\n\n  ${url}\n`);
          if (!manual) ui.live('Waiting for your consent (Ctrl-C leaves) ...');
        },
        onNote: (line) => ui.warn(line),
      });
      ui.live(null);
      const account = await saveGrant(ctx, grant);
      const name = accountName(account, await listAccounts(ctx));
      ui.note(`Authorized ${name} with scope ${scopeNames(account.scopes)}.`);
      return account;
    } finally {
      ui.live(null);
    }
  });
}

/** What the person pastes, line by line: asked for again while it is not the address that is needed. */
async function* pasted(person: Prompts): AsyncGenerator<string> {
  for (;;) yield `${await person.input('Address of the page that did not load')}\n`;
}
