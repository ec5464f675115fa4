import { listEvents, type OutboxRow } from '../../../core/delivery/index.js';
import type { InstanceDocument } from '../../../core/types.js';
import { stateBadge } from '../badge.js';
import { button } from '../form-token.js';
import { plain, shortened } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import type { Session } from '../security/sessions.js';
import { when } from '../time.js';
import type { Visit } from '../visit.js';
import { grouped } from '../words.js';

const ROWS = 20;
const STATES = ['pending', 'delivered', 'dead', 'stored'] as const;
type State = (typeof STATES)[number];

/** The newest notifications, of one state or of all, a page of them. */
export async function recentSection({ ctx, session, query, now }: Visit, { id }: InstanceDocument): Promise<Html> {
  const state = STATES.find((known) => known === query.get('state'));
  const before = /^\d{1,15}$/.test(query.get('before') ?? '') ? Number(query.get('before')) : undefined;
  const found = await listEvents(ctx, {
    instanceId: id,
    newestFirst: true,
    limit: ROWS + 1,
    ...(state === undefined ? {} : { state }),
    ...(before === undefined ? {} : { before }),
  });
  const rows = found.slice(0, ROWS);
  const last = found.length > ROWS ? rows.at(-1) : undefined;
  return html`<section aria-labelledby="notifications" id="recent">
<div class="headline small"><h2 id="notifications">Notifications</h2>
<nav aria-label="Notifications by state" class="tabs"><ul>${[undefined, ...STATES].map((each) => tab(id, each, state))}</ul></nav></div>
${rows.length === 0 ? html`<p class="card blank">${state === undefined ? 'None yet. A poll that finds a change makes the first.' : `None is ${state}.`}</p>` : table(id, rows, now, session)}
<p class="pager">
${before !== undefined && html`<a class="button quiet" href="${path(id, state)}">Newest</a>`}
${last !== undefined && html`<a class="button quiet" href="${path(id, state, last.seq)}">Older</a>`}
</p>
</section>`;
}

function tab(id: number, state: State | undefined, chosen: State | undefined): Html {
  return html`<li><a href="${path(id, state)}"${state === chosen && html` aria-current="true"`}>${state ?? 'all'}</a></li>`;
}

function path(id: number, state: State | undefined, before?: number): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(before === undefined ? {} : { before: String(before) }),
  });
  return `/instances/${id}${query.size === 0 ? '' : `?${query}`}#recent`;
}

function table(id: number, rows: readonly OutboxRow[], now: number, session: Session): Html {
  return html`<div class="card flush"><table class="stack brief" role="table">
<caption class="unseen">Notifications, the newest first</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Notification</th>
<th role="columnheader" scope="col">Made</th>
<th role="columnheader" scope="col">Resource</th>
<th role="columnheader" scope="col" class="number">Events</th>
<th role="columnheader" scope="col">State</th>
<th role="columnheader" scope="col" class="number">Attempts</th>
<th role="columnheader" scope="col">Last answer</th>
<th role="columnheader" scope="col"><span class="unseen">Action</span></th>
</tr></thead>
<tbody role="rowgroup">${rows.map((row) => tableRow(id, row, now, session))}</tbody>
</table></div>`;
}

function tableRow(instanceId: number, row: OutboxRow, now: number, session: Session): Html {
  const at = `/instances/${instanceId}/notifications/${encodeURIComponent(row.id)}`;
  return html`<tr role="row">
<th role="rowheader" scope="row"><a class="id" href="${at}">${shortened(row.id, 14)}</a></th>
<td role="cell" data-label="Made" class="plain">${when(row.createdAt, now)}</td>
<td role="cell" data-label="Resource" class="plain">${plain(row.resource)}</td>
<td role="cell" data-label="Events" class="number">${grouped(row.eventCount)}</td>
<td role="cell" data-label="State" class="plain">${stateBadge(row.state)}</td>
<td role="cell" data-label="Attempts" class="number">${grouped(row.attempts)}</td>
<td role="cell" data-label="Last answer" class="breaks">${lastAnswer(row, now)}</td>
<td role="cell" class="act">${row.state !== 'delivered' && button(session, { action: `${at}/resend`, text: row.state === 'stored' ? 'Send' : 'Resend', busy: 'Sending …' })}</td>
</tr>`;
}

function lastAnswer({ lastStatus, lastError, nextAttemptAt, state }: OutboxRow, now: number): Html {
  const said = lastError === null ? lastStatus : shortened(plain(lastError), 80);
  const next = state === 'pending' && nextAttemptAt !== null && nextAttemptAt > now;
  return html`${said ?? html`<span class="none">–</span>`}${next && html`<span class="sub"> again ${when(nextAttemptAt, now)}</span>`}`;
}
