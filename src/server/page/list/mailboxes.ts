import type { AccountStatus } from '../../../core/status.js';
import { badge } from '../badge.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { relative } from '../time.js';

/** The accounts with how their grants stand. */
export function mailboxes(accounts: readonly AccountStatus[], now: number): Html {
  return html`<section aria-labelledby="mailboxes">
<h2 id="mailboxes">Mailboxes</h2>
<ul class="card rows">
${accounts.map((account) => html`<li><span>${plain(account.email)}</span> ${accountBadge(account, now)}</li>`)}
</ul>
</section>`;
}

function accountBadge({ state, until }: AccountStatus, now: number): Html {
  switch (state) {
    case 'ok':
      return badge('good', 'Authorized');
    case 'cooling':
      return badge(
        'wait',
        until === null ? 'Google asked for a pause' : `Google asked for a pause, over ${relative(until, now)}`,
      );
    case 'expiring':
      return badge('wait', `Google ends the grant ${until === null ? 'soon' : relative(until, now)}`);
    case 'reauthorize':
      return badge('bad', 'Needs authentication');
    default:
      return badge('bad', 'Refused by Google');
  }
}
