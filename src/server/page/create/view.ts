import { SUPPORTED_PATHS } from '../../../core/resources/url.js';
import { formToken } from '../form-token.js';
import { plain } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import type { KnownClient } from '../oauth/client.js';
import { CALLBACK_PATH } from '../oauth/paths.js';
import type { Session } from '../security/sessions.js';
import type { FormFault } from './faults.js';
import { checkbox, type Field, field, named } from './field.js';
import type { InstanceForm } from './form.js';
import { RESOURCE_WORDS } from './resource-words.js';

export interface FormInput {
  session: Session;
  form: InstanceForm;
  faults: FormFault[];
  /** Names of the accounts that are authorized. */
  accounts: string[];
  /** The OAuth client that is used unless another is given; null: none is known. */
  client: KnownClient | null;
  origin: string;
}

/** The steps of the old service's console, on one page. */
export function formView(input: FormInput): Html {
  const { session, form, faults } = input;
  return html`<h1>New instance</h1>
${faults.length > 0 && faultSummary(faults)}
<form method="post" action="/instances" class="steps" novalidate>
${formToken(session)}
<button class="unseen" tabindex="-1" aria-hidden="true">Create Instance</button>
${mailboxStep(input)}
<fieldset class="card fields">
<legend>2. Events</legend>
${checkbox({ name: 'enabled', label: 'Events on', checked: form.enabled, help: 'Off: the instance is stored and not polled until they are turned on.' })}
${text(input, {
  name: 'callback-url',
  label: 'Callback URL',
  value: form.callbackUrl,
  type: 'url',
  help: 'Where notifications are POSTed, http or https. Without one they are kept here, to be sent once there is one.',
})}
${checkbox({ name: 'signed', label: 'Sign what is sent', checked: form.signed, help: 'With a new secret by Standard Webhooks, shown once after the creation.' })}
${interval(input)}
</fieldset>
<fieldset class="card fields" id="resources"${described('resources', faults)} tabindex="-1">
<legend>3. Resources to poll</legend>
${faultOf('resources', faults)}
<div class="choices">
${SUPPORTED_PATHS.map((path) =>
  checkbox({
    name: 'resource',
    value: path,
    label: path,
    checked: form.resources.includes(path),
    help: RESOURCE_WORDS[path] ?? '',
  }),
)}
</div>
</fieldset>
<fieldset class="card fields">
<legend>4. Name and tags</legend>
${text(input, { name: 'name', label: 'Name', value: form.name, required: true })}
${text(input, { name: 'tags', label: 'Tags', value: form.tags, help: 'Separated by commas. Without any, the name is the tag.' })}
</fieldset>
<div class="buttons">
<button class="main" data-busy="Creating …">Create Instance</button>
<a class="button quiet" href="/">Cancel</a>
</div>
</form>`;
}

function mailboxStep(input: FormInput): Html {
  const { accounts, form, faults, client, origin } = input;
  const asks = accounts.length === 0;
  return html`<fieldset class="card fields" id="account"${described('account', faults)} tabindex="-1">
<legend>1. Mailbox</legend>
${faultOf('account', faults)}
${
  asks
    ? html`<p>Google asks you which mailbox may be read. Nothing is changed in it.</p>`
    : html`<div class="choices">${accounts.map(
        (
          name,
        ) => html`<div class="choice"><input type="radio" id="${named('account', name)}" name="account" value="${name}"${form.account === name && html` checked`}>
<label for="${named('account', name)}">${plain(name)}</label></div>`,
      )}</div>`
}
<details${(client === null || form.clientId !== '') && html` open`}>
<summary>${client === null ? 'The OAuth client to authenticate with' : 'Another OAuth client, or another scope'}</summary>
<div class="fields">
<p class="help">${client === null ? html`Google lets a program read a mailbox through an OAuth client of your own.` : html`Without one, <code>${client.clientId}</code> is used.`}
It has to know the redirect URI <code>${origin}${CALLBACK_PATH}</code>.</p>
${text(input, { name: 'client-id', label: 'Client ID', value: form.clientId })}
${text(input, { name: 'client-secret', label: 'Client secret', value: '', type: 'password', help: 'Kept with the grant, and not shown again.' })}
<div class="field"><label for="scope">Scope</label>
<select id="scope" name="scope">
<option value="readonly"${form.scope === 'readonly' && html` selected`}>readonly: messages whole</option>
<option value="metadata"${form.scope === 'metadata' && html` selected`}>metadata: headers and labels alone</option>
</select></div>
</div>
</details>
<div class="buttons"><button formaction="/oauth/start" class="${asks ? 'main' : ''}" data-busy="To Google …">${asks ? 'Authenticate with Google' : 'Authenticate another mailbox with Google'}</button></div>
</fieldset>`;
}

function interval(input: FormInput): Html {
  const { form } = input;
  return html`<div class="slider">
${text(input, { name: 'interval', label: 'Minutes between polls', value: form.interval, type: 'number', help: 'From 1 minute on. A poll that finds nothing is one request.' })}
<input type="range" min="1" max="60" step="1" data-for="interval" aria-label="Minutes between polls, by a slider" hidden>
</div>`;
}

/** All faults at once, each a link to its field; it takes the focus. */
function faultSummary(faults: FormFault[]): Html {
  return html`<div class="flash failed of-form" role="alert" tabindex="-1" autofocus aria-labelledby="fault-title">
<h2 id="fault-title">The instance is not created yet</h2>
<ul>${faults.map(({ field: name, text: said }) => html`<li>${name === null ? said : html`<a href="#${name}">${said}</a>`}</li>`)}</ul>
</div>`;
}

function text({ faults }: FormInput, of: Omit<Field, 'faults'>): Html {
  return field({ ...of, faults: textsOf(of.name, faults) });
}

function faultOf(name: string, faults: FormFault[]): Html | null {
  const own = textsOf(name, faults);
  return own.length === 0 ? null : html`<p class="fault" id="${name}-fault">${own.join(' ')}</p>`;
}

function described(name: string, faults: FormFault[]): Html | null {
  return textsOf(name, faults).length === 0 ? null : html` aria-describedby="${name}-fault"`;
}

function textsOf(name: string, faults: FormFault[]): string[] {
  return faults.filter((fault) => fault.field === name).map((fault) => fault.text);
}
