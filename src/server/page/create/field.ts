import { type Html, html } from '../html.js';

export interface Field {
  name: string;
  label: string;
  value: string;
  type?: 'text' | 'url' | 'number' | 'password';
  help?: string;
  required?: boolean;
  faults: string[];
}

/** A text field with its label, what helps to fill it in, and what was wrong with it. */
export function field({ name, label, value, type = 'text', help, required, faults }: Field): Html {
  const described = [
    ...(help === undefined ? [] : [`${name}-help`]),
    ...(faults.length === 0 ? [] : [`${name}-fault`]),
  ];
  return html`<div class="field">
<label for="${name}">${label}</label>
${help !== undefined && html`<p class="help" id="${name}-help">${help}</p>`}
${faults.length > 0 && html`<p class="fault" id="${name}-fault">${faults.join(' ')}</p>`}
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="off" spellcheck="false"${kind(type)}${required && html` required`}${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}${faults.length > 0 && html` aria-invalid="true"`}>
</div>`;
}

function kind(type: string): Html | null {
  if (type === 'number') return html` min="1" step="any" inputmode="decimal"`;
  return type === 'password' ? null : html` dir="auto"`;
}

export function checkbox(of: { name: string; value?: string; label: string; checked: boolean; help: string }): Html {
  const id = of.value === undefined ? of.name : named(of.name, of.value);
  return html`<div class="choice">
<input type="checkbox" id="${id}" name="${of.name}" value="${of.value ?? 'on'}"${of.checked && html` checked`} aria-describedby="${id}-help">
<label for="${id}">${of.label}</label><p class="help" id="${id}-help">${of.help}</p>
</div>`;
}

/** An id without blanks, one for each value. */
export function named(name: string, value: string): string {
  return `${name}-${Buffer.from(value).toString('base64url')}`;
}
