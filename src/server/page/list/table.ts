import type { InstanceStatus } from '../../../core/status.js';
import type { InstanceDocument } from '../../../core/types.js';
import { badge } from '../badge.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { when } from '../time.js';
import { troubleText } from '../trouble.js';
import { grouped } from '../words.js';
import { deliveryWord, type Health } from './health.js';

/** `document` undefined: its file cannot be understood. */
export interface Listed {
  status: InstanceStatus;
  document: InstanceDocument | undefined;
  health: Health;
}

export function instanceTable(rows: readonly Listed[], now: number): Html {
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
${rows.map((each) => row(each, now))}
</tbody>
</table>
</div>`;
}

function row({ status, document, health }: Listed, now: number): Html {
  const { id, error } = status;
  return html`<tr role="row">
<th role="rowheader" scope="row"><a class="name" href="/instances/${id}">${plain(status.name)}</a>
<span class="sub">${plain(status.account)}</span>${tags(document)}</th>
<td role="cell" data-label="State">${badge(health.meaning, health.word)}</td>
<td role="cell" data-label="Last poll">${when(status.lastPollAt, now)}</td>
<td role="cell" data-label="Next poll">${document?.disabled ? html`<span class="none">paused</span>` : when(status.nextPollAt, now)}</td>
<td role="cell" data-label="Cursor">${when(status.cursorAt, now)}</td>
<td role="cell" data-label="Pending" class="number">${count(status.pending, 'wait')}</td>
<td role="cell" data-label="Dead" class="number">${count(status.dead, 'bad')}</td>
<td role="cell" data-label="Deliveries">${deliveryWord(status)}</td>
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
