import type { ReportedError } from '../../core/errors.js';
import { type Html, html } from './html.js';
import { sentence } from './words.js';

/** What helps, in the words of the page: the core's hints name commands, and some of them are buttons here. */
export function pageHint({ code, hint }: ReportedError): string | null {
  if (code === 'auth') return 'Authenticate the mailbox again: the button is on the page of its instance.';
  if (code === 'retry_later') return 'Try again in a moment.';
  return hint === null ? null : sentence(hint);
}

/** An error of an instance with its fix; commands stand out. */
export function troubleText(error: ReportedError): Html {
  const hint = pageHint(error);
  return html`<strong>${sentence(error.message)}</strong>${hint === null ? null : html` ${withCommands(hint)}`}`;
}

/** Commands of a hint as code. */
function withCommands(hint: string): Html {
  const parts = hint.split(/(gmail-events [a-z][\w -]*(?:[\w-]))/);
  return html`${parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
