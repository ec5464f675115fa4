import type { Fault } from '../../../core/errors.js';
import { inPlainWords } from '../../plain-words.js';
import { sentence } from '../words.js';

/** A fault of the core at the field of the form that it is about; null: at none. */
export interface FormFault {
  field: string | null;
  label: string;
  text: string;
}

/** In the order of the form. */
const FIELDS: { path: RegExp; field: string; label: string }[] = [
  { path: /^(?:--account$|providerData)/, field: 'account', label: 'Mailbox' },
  { path: /callback\.url/, field: 'callback-url', label: 'Callback URL' },
  { path: /refresh_interval/, field: 'interval', label: 'Minutes between polls' },
  { path: /poller\.configuration/, field: 'resources', label: 'Resources' },
  { path: /^name$/, field: 'name', label: 'Name' },
  { path: /^tags\b/, field: 'tags', label: 'Tags' },
];

export function formFaults(faults: readonly Fault[]): FormFault[] {
  const read = faults.map((fault) => {
    const known = FIELDS.find(({ path }) => path.test(fault.path));
    if (known === undefined)
      return { field: null, label: fault.path, text: sentence(`${fault.path} ${fault.message}`) };
    return { field: known.field, label: known.label, text: textOf(known, fault) };
  });
  const place = ({ field }: FormFault) => FIELDS.findIndex((known) => known.field === field);
  return read.sort((one, other) => place(one) - place(other));
}

/** The core speaks to whoever writes a body; a few of its sentences need other words for whoever fills a form in. */
function textOf({ field, label }: { field: string; label: string }, { path, message }: Fault): string {
  if (path === 'providerData.code') return 'Choose a mailbox, or authenticate one with Google.';
  if (field === 'name' && message.startsWith('is missing')) return 'Give the instance a name of 1 to 255 characters.';
  if (field === 'resources' && message.startsWith('names no resource')) return 'Choose at least one resource to poll.';
  // Whoever has the page open often runs the server too, with the receiver beside it.
  if (message.endsWith('which this instance may not call')) {
    return `${label} ${message} unless the server is started with --allow-private.`;
  }
  const resource = /\]\["([^"]+)"\]/.exec(path)?.[1];
  return sentence(`${resource === undefined ? label : `The resource ${resource}`} ${inPlainWords(message)}`);
}
