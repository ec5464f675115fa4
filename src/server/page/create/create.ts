import { accountName, listAccounts } from '../../../core/accounts/index.js';
import { CoreError } from '../../../core/errors.js';
import { createInstance } from '../../../core/instances/index.js';
import { knownClient } from '../oauth/client.js';
import type { Pages } from '../pages.js';
import type { Page, Visit } from '../visit.js';
import { type FormFault, formFaults } from './faults.js';
import { bodyOf, EMPTY_FORM, type InstanceForm, readForm } from './form.js';
import { formView } from './view.js';

export function registerCreate(pages: Pages): void {
  pages.view('/instances/new', async (visit) => {
    const { session } = visit;
    const form = session.draft ?? EMPTY_FORM;
    session.draft = null;
    return showForm(visit, form, []);
  });
  pages.action('/instances', create, (visit) => {
    visit.session.draft = readForm(visit.form);
    return '/instances/new';
  });
}

/** What is wrong with the form is shown beside its fields, all at once; nothing was stored then. */
async function create(visit: Visit): Promise<Page | string> {
  const { ctx, world, session } = visit;
  const form = readForm(visit.form);
  const { body, signingSecret } = bodyOf(form);
  try {
    const { allowPrivate } = world;
    const account = form.account === '' ? undefined : form.account;
    const { document, email, warnings } = await createInstance(ctx, body, { account, allowPrivate });
    session.draft = null;
    session.secrets = { instanceId: document.id, token: document.token, signingSecret };
    const polled = form.enabled ? 'Mail that arrives from now on is an event.' : 'Its events are off.';
    session.flash = {
      kind: 'done',
      text: `The instance ${document.id} of ${email} is created. ${[polled, ...warnings].join(' ')}`,
    };
    return `/instances/${document.id}`;
  } catch (error) {
    if (!(error instanceof CoreError) || error.faults.length === 0) throw error;
    return { ...(await showForm(visit, form, formFaults(error.faults))), status: 422 };
  }
}

async function showForm(visit: Visit, form: InstanceForm, faults: FormFault[]): Promise<Page> {
  const { ctx, session, origin } = visit;
  const accounts = await listAccounts(ctx);
  const names = accounts.map((account) => accountName(account, accounts));
  const client = await knownClient(ctx);
  const chosen = form.account === '' && names.length === 1 ? (names[0] ?? '') : form.account;
  return {
    title: faults.length === 0 ? 'New instance' : 'Error: New instance',
    current: 'new',
    body: formView({ session, form: { ...form, account: chosen }, faults, accounts: names, client, origin }),
  };
}
