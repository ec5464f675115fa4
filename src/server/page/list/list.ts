import { readInstances } from '../../../core/instances/index.js';
import { type AccountStatus, type InstanceStatus, readStatus } from '../../../core/status.js';
import type { InstanceDocument } from '../../../core/types.js';
import { badge } from '../badge.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import type { Pages } from '../pages.js';
import { relative, when } from '../time.js';
import { troubleText } from '../trouble.js';
import type { Page, Visit } from '../visit.js';
import { counted, grouped } from '../words.js';
import { healthOf } from './health.js';

export function registerList(pages: Pages): void {
  pages.view('/', showList);
  pages.view('/instances', async () => '/');
}

async function showList({ ctx, now }: Visit): Promise<Page> {
  const [{ instances, accounts }, { documents }] = await Promise.all([readStatus(ctx), readInstances(ctx)]);
  const documentOf = new Map(documents.map((document) => [document.id, document]));
  return {
    title: 'Instances',
    current: 'instances',
    body: html`<div class="headline">
<div><h1>Instances</h1>${instances.length > 0 && html`<p class="sub">${summary(instances, documentOf)}</p>`}</div>
${instances.length > 0 && html`<a class="button main" href="/instances/new">New instance</a>`}
</div>
${instances.length === 0 ? empty() : table(instances, documentOf, now)}
${accounts.length > 0 && mailboxes(accounts, now)}`,
  };
}

function summary(instances: InstanceStatus[], documentOf: Map<number, InstanceDocument>): string {
  const needing = instances.filter((each) => healthOf(each, documentOf.get(each.id)).meaning === 'bad').length;
  const all = counted(instances.length, 'instance');
  return needing === 0 ? `${all}, none needs you` : `${all}, ${needing === 1 ? '1 needs' : `${needing} need`} you`;
}

function empty(): Html {
  return html`<div class="card blank">
<h2>No instance yet</h2>
<p>An instance polls one Gmail mailbox and POSTs what changes to your callback URL.</p>
<p><a class="button main" href="/instances/new">Create the first instance</a></p>
</div>`;
}

function table(instances: InstanceStatus[], documentOf: Map<number, InstanceDocument>, now: number): Html {
  return html`<div class="card flush">
<table class="stack instances" role="table">
<caption class="unseen">Instances with their polls, cursors and deliveries</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Instance</th>
<th role="columnheader" scope="col">State</th>
<th role="columnheader" scope="col">Last poll</th>
<th role="columnheader" scope="col">Next poll</th>
<th role="columnheader" scope="col">Cursor</th>
<th role="columnheader" scope="col" class="number">Pending</th>
<th role="columnheader" scope="col" class="number">Dead</th>
<th role="columnheader" scope="col">Deliveries</th>
</tr></thead>
<tbody role="rowgroup">
${instances.map((each) => row(each, documentOf.get(each.id), now))}
</tbody>
</table>
</div>`;
}

function row(status: InstanceStatus, document: InstanceDocument | undefined, now: number): Html {
  const { meaning, word } = healthOf(status, document);
  const { id, error } = status;
  return html`<tr role="row"${error !== null && html` class="with-trouble"`}>
<th role="rowheader" scope="row"><a class="name" href="/instances/${id}">${plain(status.name)}</a>
<span class="sub">${status.account}</span>${tags(document)}</th>
<td role="cell" data-label="State">${badge(meaning, word)}</td>
<td role="cell" data-label="Last poll">${when(status.lastPollAt, now)}</td>
<td role="cell" data-label="Next poll">${document?.disabled ? html`<span class="none">paused</span>` : when(status.nextPollAt, now)}</td>
<td role="cell" data-label="Cursor">${when(status.cursorAt, now)}</td>
<td role="cell" data-label="Pending" class="number">${count(status.pending, 'wait')}</td>
<td role="cell" data-label="Dead" class="number">${count(status.dead, 'bad')}</td>
<td role="cell" data-label="Deliveries">${status.deliveries}</td>
</tr>
${error !== null && html`<tr role="row" class="trouble"><td role="cell" colspan="8"><p class="trouble">${troubleText(error)}</p></td></tr>`}`;
}

/** The name alone is the only tag of an instance that was given none. */
function tags(document: InstanceDocument | undefined): Html | null {
  const shown = document?.tags.filter((tag) => tag !== document.name) ?? [];
  if (shown.length === 0) return null;
  return html`<span class="tags">${shown.slice(0, 6).map((tag) => html`<span class="tag">${plain(tag)}</span>`)}</span>`;
}

function count(value: number, meaning: 'wait' | 'bad'): Html {
  return value === 0 ? html`<span class="none">0</span>` : html`<span class="${meaning}">${grouped(value)}</span>`;
}

function mailboxes(accounts: AccountStatus[], now: number): Html {
  return html`<section aria-labelledby="mailboxes">
<h2 id="mailboxes">Mailboxes</h2>
<ul class="card rows">
${accounts.map((account) => html`<li><span>${account.email}</span> ${accountBadge(account, now)}</li>`)}
</ul>
</section>`;
}

function accountBadge({ state, until }: AccountStatus, now: number): Html {
  switch (state) {
    case 'ok':
      return badge('good', 'Authorized');
    case 'cooling':
      return badge('wait', `Google asked for a pause${until === null ? '' : `, until ${relative(until, now)}`}`);
    case 'expiring':
      return badge('wait', `Google ends the grant ${until === null ? 'soon' : relative(until, now)}`);
    case 'reauthorize':
      return badge('bad', 'Needs authentication');
    default:
      return badge('bad', 'Refused by Google');
  }
}
