import type { ReportedError } from '../../core/errors.js';
import { plain } from './hostile-text.js';
import { type Html, html } from './html.js';
import { sentence } from './words.js';

const ELSEWHERE = ', by the button on the page of the instance';

/** Hints that name a command for what is a button here. */
const BUTTONS: [hint: RegExp, text: string][] = [
  [/^gmail-events instances resume \d+$/, `Repair the receiver, then resume the deliveries${ELSEWHERE}.`],
  [
    /^Repair the receiver; or give .*: gmail-events events discard \S+$/,
    'Repair the receiver; or give the notification up, on its own page.',
  ],
  [
    /^Repair the receiver; to send at once: gmail-events events resend .*$/,
    `Repair the receiver; what is pending can be sent at once${ELSEWHERE}.`,
  ],
];

/**
 * What helps, in the words of the page: the core's hints name commands, and some of them are buttons here. `here`: the
 * buttons are in sight.
 */
export function pageHint({ code, hint }: ReportedError, here = false): string | null {
  const text =
    code === 'auth'
      ? `Authenticate the mailbox again${ELSEWHERE}.`
      : code === 'retry_later'
        ? 'Try again in a moment.'
        : (BUTTONS.find(([known]) => known.test(hint ?? ''))?.[1] ?? (hint === null ? null : sentence(hint)));
  return here && text !== null ? text.replace(ELSEWHERE, '') : text;
}

/** An error of an instance with its fix; commands stand out. */
export function troubleText(error: ReportedError, here = false): Html {
  const hint = pageHint(error, here);
  return html`<strong>${sentence(plain(error.message))}</strong>${hint === null ? null : html` <span>${withCommands(plain(hint))}</span>`}`;
}

/** Commands of a hint as code. */
function withCommands(hint: string): Html {
  const parts = hint.split(/(gmail-events [a-z][\w -]*\w)/);
  return html`${parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
