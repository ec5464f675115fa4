import { isRecord } from '../core/value-form.js';
import type { Paint } from '../ui/colour.js';
import type { FlagFields } from './instance-flags.js';

/** What is about to be made, for a person to look at before it is. */
export function instancePlan({ name, tags, configuration }: FlagFields, account: string, paint: Paint): string {
  const value = (key: string) => configuration[`event.${key}`];
  const on = String(value('notification.enabled')) === 'true';
  const resources = value('poller.configuration');
  const facts: [string, string][] = [
    ['instance', name ?? ''],
    ['mailbox', account],
    ['tags', (tags ?? []).filter((tag) => tag !== '').join(', ') || (name ?? '')],
    ['events', on ? 'on' : 'off: nothing is polled'],
  ];
  if (on) {
    const signed =
      value('notification.signing.secret') !== undefined || value('notification.signature.key') !== undefined;
    facts.push(
      ['sent to', String(value('notification.callback.url') ?? 'nowhere: kept here, see gmail-events events list')],
      ['signed', signed ? 'yes' : 'no'],
      ['polled', `every ${String(value('poller.refresh_interval') ?? 15)} min`],
      ['resources', isRecord(resources) ? Object.keys(resources).join(', ') : 'changed-messages'],
    );
  }
  return facts.map(([what, text]) => `  ${paint.dim(what.padEnd(10))} ${text}`).join('\n');
}
