import { type Html, html } from './html.js';
import type { Session } from './security/sessions.js';

/** The field that every form carries: no other site can know it. */
export const FORM_TOKEN = 'form-token';

export function formToken(session: Session): Html {
  return html`<input type="hidden" name="${FORM_TOKEN}" value="${session.formToken}">`;
}

/** A button that is a form of its own. */
export function button(
  session: Session,
  options: { action: string; text: string; busy: string; kind?: 'main' | 'danger' | undefined },
): Html {
  const { action, text, busy, kind } = options;
  return html`<form method="post" action="${action}">${formToken(session)}<button${kind && html` class="${kind}"`} data-busy="${busy}">${text}</button></form>`;
}
