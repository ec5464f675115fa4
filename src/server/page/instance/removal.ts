import { deleteInstance } from '../../../core/instances/index.js';
import { formToken } from '../form-token.js';
import { plain } from '../hostile-text.js';
import { html } from '../html.js';
import type { Pages } from '../pages.js';
import type { Page, Visit } from '../visit.js';
import { counted } from '../words.js';
import { readInstance } from './read.js';

/** Deleting asks first, on a page of its own. */
export function registerRemoval(pages: Pages): void {
  pages.view('/instances/:id/delete', confirm);
  pages.action('/instances/:id/delete', remove, ({ params }) => `/instances/${params['id']}`);
}

async function confirm(visit: Visit): Promise<Page> {
  const { ctx, session } = visit;
  const { id, name } = await readInstance(visit);
  const [counts] = await ctx.store.outbox.counts(id);
  const pending = counts?.pending ?? 0;
  return {
    title: `Delete ${plain(name)}`,
    current: 'instances',
    body: html`<div class="narrow">
<nav class="crumbs" aria-label="Breadcrumb"><a href="/instances/${id}">${plain(name)}</a></nav>
<h1>Delete this instance?</h1>
<div class="card fields">
<p><strong>${plain(name)}</strong> (instance ${id}) goes with its cursor and all its notifications. ${pending > 0 && html`<strong>${counted(pending, 'notification')} still pending will never be delivered.</strong>`}</p>
<p>The mailbox stays authorized. This cannot be undone.</p>
<form method="post" action="/instances/${id}/delete" class="buttons">${formToken(session)}
<button class="danger" data-busy="Deleting …">Delete</button>
<a class="button quiet" href="/instances/${id}">Keep it</a></form>
</div></div>`,
  };
}

async function remove(visit: Visit): Promise<string> {
  const { id, name } = await readInstance(visit);
  const { droppedPending } = await deleteInstance(visit.ctx, id);
  const dropped = droppedPending === 0 ? '' : ` ${counted(droppedPending, 'pending notification')} went with it.`;
  visit.session.flash = { kind: 'done', text: `The instance ${id} "${plain(name)}" is deleted.${dropped}` };
  return '/';
}
