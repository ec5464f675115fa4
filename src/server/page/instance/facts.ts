import { type InstanceObject, readSettings } from '../../../core/instances/index.js';
import type { InstanceStatus } from '../../../core/status.js';
import type { InstanceDocument, InstanceSettings } from '../../../core/types.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { deliveryWord } from '../list/health.js';
import { when } from '../time.js';
import { counted, grouped } from '../words.js';

/** How the instance stands, and how it is configured. */
export function factsSection(
  document: InstanceDocument,
  object: InstanceObject,
  status: InstanceStatus,
  now: number,
): Html {
  const settings = settingsOf(document);
  return html`<section aria-labelledby="standing"><h2 id="standing" class="unseen">How it stands</h2>
<dl class="tiles">
${tile('Last poll', when(status.lastPollAt, now))}
${tile('Next poll', document.disabled ? html`<span class="none">paused</span>` : when(status.nextPollAt, now))}
${tile('Cursor', when(status.cursorAt, now))}
${tile('Pending', number(status.pending, 'wait'))}
${tile('Dead', number(status.dead, 'bad'))}
${tile('Deliveries', html`${deliveryWord(status)}`)}
</dl>
<dl class="card facts">
${fact('Callback URL', object.eventsNotificationCallbackUrl === null ? html`<span class="none">none: notifications are stored</span>` : html`<span class="breaks">${plain(object.eventsNotificationCallbackUrl)}</span>`)}
${fact('Resources', resources(settings))}
${fact('Interval', settings === null ? html`?` : html`${counted(settings.intervalMinutes, 'minute')}`)}
${fact('Order and format', settings === null ? html`?` : html`${settings.order}, ${settings.format}`)}
${fact('Signed', html`${signed(settings)}`)}
${fact('Tags', html`${document.tags.map((tag) => html`<span class="tag">${plain(tag)}</span> `)}`)}
${fact('Created', when(Date.parse(document.createdDate), now))}
</dl></section>`;
}

/** null: a file changed by hand so that it cannot be read. */
function settingsOf(document: InstanceDocument): InstanceSettings | null {
  try {
    return readSettings(document);
  } catch {
    return null;
  }
}

function resources(settings: InstanceSettings | null): Html {
  if (settings === null) return html`<span class="bad">cannot be read</span>`;
  return html`${settings.resources.map((resource) => html`<span class="tag">${plain(resource.name)}</span> `)}`;
}

function signed(settings: InstanceSettings | null): string {
  const ways = [
    ...((settings?.signingSecrets.length ?? 0) > 0 ? ['Standard Webhooks'] : []),
    ...(settings?.signatureKey == null ? [] : ['signature key']),
  ];
  return ways.length === 0 ? 'no' : ways.join(' and ');
}

function tile(name: string, value: Html): Html {
  return html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`;
}

function fact(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function number(value: number, meaning: 'wait' | 'bad'): Html {
  return value === 0 ? html`0` : html`<span class="${meaning}">${grouped(value)}</span>`;
}
