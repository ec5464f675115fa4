import { readActivity } from '../../../core/delivery/index.js';
import { describeInstance, type InstanceObject } from '../../../core/instances/index.js';
import { type InstanceStatus, readInstanceStatus } from '../../../core/status.js';
import type { InstanceDocument } from '../../../core/types.js';
import { badge } from '../badge.js';
import { button } from '../form-token.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { healthOf } from '../list/health.js';
import type { Pages } from '../pages.js';
import { activitySection } from '../plots/index.js';
import type { Session } from '../security/sessions.js';
import { troubleText } from '../trouble.js';
import type { Page, Visit } from '../visit.js';
import { registerActions } from './actions.js';
import { factsSection } from './facts.js';
import { readInstance } from './read.js';
import { recentSection } from './recent.js';
import { registerRemoval } from './removal.js';
import { secretsCallout } from './secrets.js';

export function registerInstance(pages: Pages): void {
  pages.view('/instances/:id', show);
  registerActions(pages);
  registerRemoval(pages);
}

async function show(visit: Visit): Promise<Page> {
  const { ctx, session, now } = visit;
  const document = await readInstance(visit);
  const status = await readInstanceStatus(ctx, document);
  const object = await describeInstance(ctx, document);
  const secrets = session.takeSecrets(document.id);
  return {
    title: plain(document.name),
    current: 'instances',
    body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="/">Instances</a></nav>
${headline(document, object, status)}
${secrets !== null && secretsCallout(secrets)}
${status.error !== null && html`<p class="trouble boxed">${troubleText(status.error, true)}</p>`}
${buttons(document, status, session)}
${factsSection(document, object, status, now)}
${activitySection(await readActivity(ctx, document.id))}
${await recentSection(visit, document)}`,
  };
}

function headline(document: InstanceDocument, object: InstanceObject, status: InstanceStatus): Html {
  const { meaning, word } = healthOf(status, document);
  return html`<div class="headline">
<div><h1>${plain(document.name)} ${badge(meaning, word)}</h1>
<p class="sub">Instance ${document.id} of ${object.user.emailAddress}</p></div>
</div>`;
}

function buttons(document: InstanceDocument, status: InstanceStatus, session: Session): Html {
  const at = `/instances/${document.id}`;
  const stopped = status.deliveries === 'stopped';
  const unauthorized = status.error?.code === 'auth';
  const make = (action: string, text: string, busy: string, kind?: 'main') =>
    button(session, { action: `${at}/${action}`, text, busy, kind });
  return html`<div class="buttons" role="group" aria-label="Actions">
${make('poll', 'Poll now', 'Polling …', stopped || unauthorized ? undefined : 'main')}
${stopped && make('resume', 'Resume deliveries', 'Resuming …', 'main')}
${document.disabled ? make('enable', 'Enable', 'Enabling …') : make('pause', 'Pause', 'Pausing …')}
${make('authenticate', 'Re-authenticate', 'To Google …', unauthorized ? 'main' : undefined)}
${status.pending > 0 && !stopped && !document.disabled && make('resend?state=pending', `Send ${status.pending} pending now`, 'Sending …')}
${status.dead > 0 && make('resend?state=dead', `Resend ${status.dead} dead`, 'Sending …')}
<a class="button danger" href="${at}/delete">Delete …</a>
</div>`;
}
