import { fieldFaults } from '../core/instances/index.js';

/** What is wrong with an answer, or null: what the core would refuse must not come out after the last question. */
export function nameAnswer(answer: string): string | null {
  return answer.trim() === '' ? 'A name is needed.' : fault({ name: answer });
}

/** An address, nothing, or `listen`. */
export function callbackAnswer(answer: string): string | null {
  const url = answer.trim();
  if (/^(listen)?$/i.test(url)) return null;
  if (!/^https?:\/\/./i.test(url)) return 'An http or https URL, listen, or nothing.';
  return fault({ configuration: { 'event.notification.callback.url': url } });
}

export function minutesAnswer(answer: string): string | null {
  const wrong = fault({ configuration: { 'event.poller.refresh_interval': answer.trim() } });
  return wrong === null ? null : 'A number of 1 or more.';
}

export function tagsAnswer(answer: string): string | null {
  return fault({ tags: tagsOf(answer) });
}

export function tagsOf(answer: string): string[] {
  return answer.split(',').map((tag) => tag.trim());
}

function fault(fields: Parameters<typeof fieldFaults>[0]): string | null {
  const [first] = fieldFaults(fields, { allowPrivate: true });
  return first === undefined ? null : `It ${first.message}.`;
}
