import { discardEvents, type OutboxRow, resendEvents } from '../../../core/delivery/index.js';
import { stateBadge } from '../badge.js';
import { button } from '../form-token.js';
import { plain, plainLines } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { resentFlash } from '../instance/resent.js';
import type { Pages } from '../pages.js';
import type { Session } from '../security/sessions.js';
import { duration, when } from '../time.js';
import type { Page, Visit } from '../visit.js';
import { counted } from '../words.js';
import { eventsTable } from './events-table.js';
import { readBody, readNotification, type ShownBody } from './read.js';

type Attempt = Awaited<ReturnType<Visit['ctx']['store']['outbox']['attempts']>>[number];

const pathOf = ({ params }: Visit): string =>
  `/instances/${params['id']}/notifications/${encodeURIComponent(params['nid'] ?? '')}`;

export function registerNotification(pages: Pages): void {
  pages.view('/instances/:id/notifications/:nid', show);
  pages.action(
    '/instances/:id/notifications/:nid/resend',
    async (visit) => {
      const { row } = await readNotification(visit);
      const done = await visit.work.run((options) => resendEvents(visit.ctx, { ids: [row.id] }, options));
      visit.session.flash =
        done === null ? { kind: 'done', text: 'The receiver is slow: the attempt goes on.' } : resentFlash(done.value);
      return pathOf(visit);
    },
    pathOf,
  );
  pages.action(
    '/instances/:id/notifications/:nid/discard',
    async (visit) => {
      const { row } = await readNotification(visit);
      const [discarded] = await discardEvents(visit.ctx, { ids: [row.id] });
      const text =
        discarded === undefined ? 'It is delivered or given up already.' : 'Given up: it is not sent any more.';
      visit.session.flash = { kind: 'done', text };
      return pathOf(visit);
    },
    pathOf,
  );
}

async function show(visit: Visit): Promise<Page> {
  const { instance, row } = await readNotification(visit);
  const { ctx, now, session } = visit;
  const [body, log] = await Promise.all([readBody(visit, row.id), ctx.store.outbox.attempts(row.id)]);
  return {
    title: `Notification ${row.id}`,
    current: 'instances',
    body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="/">Instances</a> <span aria-hidden="true">/</span> <a href="/instances/${instance.id}">${plain(instance.name)}</a></nav>
<div class="headline"><div><h1>Notification ${stateBadge(row.state)}</h1>
<p class="sub breaks"><code>${row.id}</code></p></div></div>
${buttons(visit, row, session)}
<dl class="card facts">
<div><dt>Resource</dt><dd>${plain(row.resource)}</dd></div>
<div><dt>Made</dt><dd>${when(row.createdAt, now)}</dd></div>
<div><dt>Delivered</dt><dd>${when(row.deliveredAt, now)}</dd></div>
${row.state === 'pending' && html`<div><dt>Next attempt</dt><dd>${when(row.nextAttemptAt, now)}</dd></div>`}
</dl>
<section aria-labelledby="events"><h2 id="events">${counted(row.eventCount, 'event')}</h2>${eventsTable(body.parsed, now)}</section>
<section aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>${attempts(log, now)}</section>
<section aria-labelledby="body"><h2 id="body">Body</h2>${bodyText(row, body)}</section>`,
  };
}

function buttons(visit: Visit, row: OutboxRow, session: Session): Html {
  const at = pathOf(visit);
  const resend = row.state === 'stored' ? 'Send' : row.state === 'pending' ? 'Send now' : 'Resend';
  return html`<div class="buttons" role="group" aria-label="Actions">
${button(session, { action: `${at}/resend`, text: resend, busy: 'Sending …', kind: row.state === 'delivered' ? undefined : 'main' })}
${(row.state === 'pending' || row.state === 'stored') && button(session, { action: `${at}/discard`, text: 'Give up', busy: 'Giving up …', kind: 'danger' })}
</div>`;
}

function attempts(log: readonly Attempt[], now: number): Html {
  if (log.length === 0) return html`<p class="card blank">None yet.</p>`;
  return html`<div class="card flush"><table class="stack" role="table">
<caption class="unseen">Attempts to deliver it, the first one first</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time</th><th role="columnheader" scope="col" class="number">Status</th><th role="columnheader" scope="col" class="number">Took</th><th role="columnheader" scope="col">Outcome</th><th role="columnheader" scope="col">Answer</th></tr></thead>
<tbody role="rowgroup">${log.map(
    ({ at, status, durationMs, error, answer }) => html`<tr role="row">
<th role="rowheader" scope="row">${when(at, now)}</th>
<td role="cell" data-label="Status" class="number">${status ?? html`<span class="none">–</span>`}</td>
<td role="cell" data-label="Took" class="number">${duration(durationMs)}</td>
<td role="cell" data-label="Outcome" class="breaks">${error === null ? html`<span class="good">delivered</span>` : html`<span class="bad">${plain(error)}</span>`}</td>
<td role="cell" data-label="Answer" class="breaks">${answer === null || answer === '' ? html`<span class="none">–</span>` : html`<code dir="ltr">${plain(answer)}</code>`}</td></tr>`,
  )}</tbody></table></div>`;
}

/** Written from left to right whatever the mail says. */
function bodyText({ id }: OutboxRow, { text, cut, size }: ShownBody): Html {
  return html`${cut && html`<p class="help">The beginning of ${counted(size, 'byte')}; <code>gmail-events events show ${id}</code> prints all.</p>`}
<pre class="card" dir="ltr" tabindex="0" aria-label="Body as JSON"><code>${plainLines(text)}</code></pre>`;
}
