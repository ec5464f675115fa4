import { discardEvents, resendEvents, type ShownEvent, showEvent } from '../../../core/delivery/index.js';
import type { InstanceDocument } from '../../../core/types.js';
import { stateBadge } from '../badge.js';
import { button } from '../form-token.js';
import { plain, plainLines } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { readInstance } from '../instance/read.js';
import { resentFlash } from '../instance/resent.js';
import type { Pages } from '../pages.js';
import type { Session } from '../security/sessions.js';
import { duration, when } from '../time.js';
import { NotFound, type Page, type Visit } from '../visit.js';
import { counted } from '../words.js';
import { eventsTable } from './events-table.js';

/** A body may hold whole messages: what is longer is cut here, and `events show` prints all of it. */
const MOST_SHOWN = 200_000;

const pathOf = ({ params }: Visit): string =>
  `/instances/${params['id']}/notifications/${encodeURIComponent(params['nid'] ?? '')}`;

export function registerNotification(pages: Pages): void {
  pages.view('/instances/:id/notifications/:nid', show);
  pages.action(
    '/instances/:id/notifications/:nid/resend',
    async (visit) => {
      const { event } = await read(visit);
      const done = await visit.work.run((signal) => resendEvents(visit.ctx, { ids: [event.id] }, { signal }));
      visit.session.flash =
        done === null ? { kind: 'done', text: 'The receiver is slow: the attempt goes on.' } : resentFlash(done.value);
      return pathOf(visit);
    },
    pathOf,
  );
  pages.action(
    '/instances/:id/notifications/:nid/discard',
    async (visit) => {
      const { event } = await read(visit);
      const [discarded] = await discardEvents(visit.ctx, { ids: [event.id] });
      const text =
        discarded === undefined ? 'It is delivered or given up already.' : 'Given up: it is not sent any more.';
      visit.session.flash = { kind: 'done', text };
      return pathOf(visit);
    },
    pathOf,
  );
}

/** NotFound also for a notification of another instance. */
async function read(visit: Visit): Promise<{ instance: InstanceDocument; event: ShownEvent }> {
  const instance = await readInstance(visit);
  const id = visit.params['nid'] ?? '';
  const row = await visit.ctx.store.outbox.get(id);
  if (row?.instanceId !== instance.id) throw new NotFound('There is no such notification, or not any more.');
  return { instance, event: await showEvent(visit.ctx, id) };
}

async function show(visit: Visit): Promise<Page> {
  const { instance, event } = await read(visit);
  const { now, session } = visit;
  return {
    title: `Notification ${event.id}`,
    current: 'instances',
    body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="/">Instances</a> <span aria-hidden="true">/</span> <a href="/instances/${instance.id}">${plain(instance.name)}</a></nav>
<div class="headline"><div><h1>Notification ${stateBadge(event.state)}</h1>
<p class="sub breaks"><code>${event.id}</code></p></div></div>
${buttons(visit, event, session)}
<dl class="card facts">
<div><dt>Resource</dt><dd>${plain(event.resource)}</dd></div>
<div><dt>Made</dt><dd>${when(Date.parse(event.createdAt), now)}</dd></div>
<div><dt>Delivered</dt><dd>${when(timeOf(event.deliveredAt), now)}</dd></div>
${event.state === 'pending' && html`<div><dt>Next attempt</dt><dd>${when(timeOf(event.nextAttemptAt), now)}</dd></div>`}
</dl>
<section aria-labelledby="events"><h2 id="events">${counted(event.eventCount, 'event')}</h2>${eventsTable(event.body, now)}</section>
<section aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>${attempts(event, now)}</section>
<section aria-labelledby="body"><h2 id="body">Body</h2>${body(event)}</section>`,
  };
}

function buttons(visit: Visit, event: ShownEvent, session: Session): Html {
  const at = pathOf(visit);
  const resend = event.state === 'stored' ? 'Send' : event.state === 'pending' ? 'Send now' : 'Resend';
  return html`<div class="buttons" role="group" aria-label="Actions">
${button(session, { action: `${at}/resend`, text: resend, busy: 'Sending …', kind: event.state === 'delivered' ? undefined : 'main' })}
${(event.state === 'pending' || event.state === 'stored') && button(session, { action: `${at}/discard`, text: 'Give up', busy: 'Giving up …', kind: 'danger' })}
</div>`;
}

function attempts({ attemptLog }: ShownEvent, now: number): Html {
  if (attemptLog.length === 0) return html`<p class="card blank">None yet.</p>`;
  return html`<div class="card flush"><table class="stack" role="table">
<caption class="unseen">Attempts to deliver it, the first one first</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time</th><th role="columnheader" scope="col" class="number">Status</th><th role="columnheader" scope="col" class="number">Took</th><th role="columnheader" scope="col">Outcome</th><th role="columnheader" scope="col">Answer</th></tr></thead>
<tbody role="rowgroup">${attemptLog.map(
    ({ at, status, durationMs, error, answer }) => html`<tr role="row">
<th role="rowheader" scope="row">${when(Date.parse(at), now)}</th>
<td role="cell" data-label="Status" class="number">${status ?? html`<span class="none">–</span>`}</td>
<td role="cell" data-label="Took" class="number">${duration(durationMs)}</td>
<td role="cell" data-label="Outcome" class="breaks">${error === null ? html`<span class="good">delivered</span>` : html`<span class="bad">${plain(error)}</span>`}</td>
<td role="cell" data-label="Answer" class="breaks">${answer === null || answer === '' ? html`<span class="none">–</span>` : html`<code dir="ltr">${plain(answer)}</code>`}</td></tr>`,
  )}</tbody></table></div>`;
}

/** Written from left to right whatever the mail says. */
function body({ id, body: parsed }: ShownEvent): Html {
  const text = JSON.stringify(parsed, null, 2);
  const cut = text.length > MOST_SHOWN;
  return html`${cut && html`<p class="help">The first ${counted(MOST_SHOWN, 'character')} of ${text.length.toLocaleString('en-US')}; <code>gmail-events events show ${id}</code> prints all.</p>`}
<pre class="card" dir="ltr" tabindex="0" aria-label="Body as JSON"><code>${plainLines(cut ? text.slice(0, MOST_SHOWN) : text)}</code></pre>`;
}

function timeOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}
