import { type Html, html } from '../html.js';
import type { NewSecrets } from '../security/sessions.js';

/** Shown by the first look at a new instance, and never again. */
export function secretsCallout({ token, signingSecret }: NewSecrets): Html {
  return html`<section class="callout secrets" aria-labelledby="secrets">
<h2 id="secrets">Keep these now: they are shown this once</h2>
${secret('token', 'Instance token', token, 'For calls to the API of this instance, with the User secret.')}
${signingSecret !== null && secret('signing-secret', 'Signing secret', signingSecret, 'For the receiver: it checks by it that a notification is yours.')}
</section>`;
}

function secret(id: string, label: string, value: string, help: string): Html {
  return html`<div class="field">
<label for="${id}">${label}</label><p class="help" id="${id}-help">${help}</p>
<div class="copy"><input id="${id}" value="${value}" readonly spellcheck="false" aria-describedby="${id}-help">
<button type="button" data-copy="${id}" aria-label="Copy the ${label.toLowerCase()}" hidden>Copy</button></div>
</div>`;
}
